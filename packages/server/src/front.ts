/**
 * The one port. TLS and plain connections are told apart by their first byte, so that a plain request
 * gets an answer instead of a broken handshake. [CON11] Behind a proxy that terminates TLS the port is
 * plain.
 */
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { BlockList, createServer, isIPv6 } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Clock } from './clock.ts'

/** Time until the headers are there, handshake included. */
const HEADERS_MS = 10_000
/** Time for a whole request that carries nothing large. */
export const REQUEST_MS = 30_000
const IDLE_REQUEST_MS = 5_000
const TLS_HANDSHAKE = 0x16

export interface TlsMaterial {
  readonly cert: string
  readonly key: string
}

export interface FrontOptions {
  readonly clock: Clock
  /** Absent: plain HTTP. */
  readonly tls?: TlsMaterial
  readonly request: (request: IncomingMessage, response: ServerResponse) => void
  /** How long a request may take, from its headers to the last byte of the answer. */
  readonly requestMs: (request: IncomingMessage) => number
  /** Requests that came without TLS. */
  readonly plainRequest: (request: IncomingMessage, response: ServerResponse) => void
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
}

/** Node bounds headers and bodies only on servers that listen themselves, which these do not. */
const bounded = { headersTimeout: 0, requestTimeout: 0, keepAliveTimeout: IDLE_REQUEST_MS }

/** A TLS socket and the one below it have the same peer. */
const peerOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`

export class Front implements AsyncDisposable {
  readonly #options: FrontOptions
  readonly #http: ReturnType<typeof createHttpServer>
  readonly #https: HttpsServer | undefined
  readonly #listener = createServer({ noDelay: true }, (socket) => this.#sort(socket))
  /** Connections by peer, with what ends those that take too long. */
  readonly #sockets = new Map<string, { socket: Socket; impatience: Disposable }>()

  constructor(options: FrontOptions) {
    this.#options = options
    this.#http = createHttpServer(bounded, this.#bounded(options.plainRequest))
    this.#http.on('upgrade', (request, socket, head) => this.#upgradePlain(request, socket, head))
    if (!options.tls) return
    const { tls } = options
    const secure = { ...bounded, ...tls, minVersion: 'TLSv1.2' } as const
    this.#https = createHttpsServer(secure, this.#bounded(options.request))
    this.#https.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head))
    this.#https.on('tlsClientError', (_, socket) => socket.destroy())
  }

  /** Connections made after this are served with the new certificate. */
  replaceCertificate(tls: TlsMaterial): void {
    this.#https?.setSecureContext(tls)
  }

  async listen(port: number, host: string): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#listener.once('error', reject)
      this.#listener.listen(port, host, () => {
        this.#listener.off('error', reject)
        resolve()
      })
    })
    // A connection that cannot be accepted, say for want of file descriptors, is not the end.
    this.#listener.on('error', () => {})
    return (this.#listener.address() as AddressInfo).port
  }

  /** Takes no more connections. */
  stopListening(): void {
    if (this.#listener.listening) this.#listener.close()
    this.#http.closeIdleConnections()
    this.#https?.closeIdleConnections()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stopListening()
    for (const { socket } of this.#sockets.values()) socket.destroy()
    this.#http.close()
    this.#https?.close()
  }

  #sort(socket: Socket): void {
    if (socket.remotePort === undefined) {
      socket.destroy()
      return
    }
    const peer = peerOf(socket)
    const impatience = this.#options.clock.after(HEADERS_MS, () => socket.destroy())
    this.#sockets.set(peer, { socket, impatience })
    socket.on('close', () => {
      this.#allow(peer)
      this.#sockets.delete(peer)
    })
    socket.on('error', () => socket.destroy())
    socket.once('data', (first) => {
      socket.pause()
      const isTls = this.#https && first[0] === TLS_HANDSHAKE
      const server = isTls ? this.#https : this.#http
      socket.unshift(first)
      server?.emit('connection', socket)
      process.nextTick(() => socket.resume())
    })
  }

  /** Gives the connection until `ms` from now, or for ever. */
  #allow(peer: string, ms?: number): void {
    const known = this.#sockets.get(peer)
    if (!known) return
    const { clock } = this.#options
    known.impatience[Symbol.dispose]()
    if (ms !== undefined) known.impatience = clock.after(ms, () => known.socket.destroy())
  }

  #bounded(handle: FrontOptions['request']): FrontOptions['request'] {
    return (request, response) => {
      const peer = peerOf(request.socket)
      this.#allow(peer, this.#options.requestMs(request))
      response.once('close', () => this.#allow(peer, HEADERS_MS))
      handle(request, response)
    }
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#allow(peerOf(request.socket))
    this.#options.upgrade(request, socket, head)
  }

  #upgradePlain(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (!this.#https) {
      this.#upgrade(request, socket, head)
      return
    }
    socket.end(
      'HTTP/1.1 426 Upgrade Required\r\nConnection: close\r\nUpgrade: TLS/1.2\r\nContent-Length: 0\r\n\r\n',
    )
  }
}

/** Which peers may speak for others. */
export const trustList = (ranges: readonly string[]): BlockList => {
  const list = new BlockList()
  for (const range of ranges) {
    const [address = '', prefix] = range.split('/')
    const family = isIPv6(address) ? 'ipv6' : 'ipv4'
    list.addSubnet(address, Number(prefix ?? (family === 'ipv6' ? 128 : 32)), family)
  }
  return list
}

const bare = (address: string): string => address.trim().replace(/^::ffff:/, '')

const isTrusted = (list: BlockList, address: string): boolean =>
  list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')

/** The client's address: the nearest one in the chain that is not a trusted proxy's. [CON12] */
export const clientAddress = (request: IncomingMessage, trusted: BlockList): string => {
  const header = request.headers['x-forwarded-for']
  const told = (Array.isArray(header) ? header.join(',') : (header ?? ''))
    .split(',')
    .filter(Boolean)
  let address = bare(request.socket.remoteAddress ?? '')
  while (isTrusted(trusted, address)) {
    const next = told.pop()
    if (next === undefined) break
    address = bare(next)
  }
  return address
}
