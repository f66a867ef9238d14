/** A network that loses answers: it cuts connections with an answer in hand, the request delivered. */
import { connect, createServer, type Server, type Socket } from 'node:net'

/** Chunks with answers that each connection lets through before it is cut, in turn. */
const MERCY = [0, 1, 3, 0, 2, 5]
/** Every so many connections is left alone, so that a run ends. */
const SPARED = 7

export class CuttingProxy implements AsyncDisposable {
  /** Cuts that kept at least one positive answer back. */
  swallowed = 0
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #target: number
  #connections = 0

  private constructor(target: number) {
    this.#target = target
    this.#server = createServer((client) => this.#serve(client))
  }

  static async start(target: number): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(target)
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve))
    return proxy
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #serve(client: Socket): void {
    const server = connect(this.#target, '127.0.0.1')
    const number = this.#connections++
    let mercy = number % SPARED === SPARED - 1 ? Infinity : MERCY[number % MERCY.length]!
    const cut = () => {
      client.destroy()
      server.destroy()
    }
    for (const socket of [client, server]) {
      this.#sockets.add(socket)
      socket.on('error', cut)
      socket.on('close', () => {
        this.#sockets.delete(socket)
        cut()
      })
    }
    client.on('data', (chunk) => server.write(chunk))
    server.on('data', (chunk) => {
      if (!chunk.includes('"reqId"')) client.write(chunk)
      else if (mercy > 0) {
        mercy -= 1
        client.write(chunk)
      } else {
        if (chunk.includes('"code":200')) this.swallowed += 1
        cut()
      }
    })
  }
}
