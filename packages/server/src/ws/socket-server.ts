/**
 * From an upgrade request to a session. Consumers are let in and told by a close code what is wrong
 * with their token, since browsers cannot see more; agents get the HTTP status. [CON1] [CON5]
 */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { CloseCause } from '@ringdown/protocol'
import type { WebSocket } from 'ws'
import { WebSocketServer } from 'ws'
import { Inbox } from '../api/inbox.ts'
import { consumerPresence } from '../api/presence-news.ts'
import type { Services } from '../api/services.ts'
import { Session } from '../api/session.ts'
import { clientProperties, upgradeProperties } from '../dialects/client-properties.ts'
import { dialectFor } from '../dialects/dialects.ts'
import type { Account } from '../domain/account.ts'
import type { Actor } from '../domain/actor.ts'
import type { SocketAddress } from './address.ts'
import { parseAddress, tokenOfHeader } from './address.ts'
import { Connection } from './connection.ts'
import { Heartbeat } from './heartbeat.ts'
import { PoliteWebSocket } from './polite-web-socket.ts'
import { refuseUpgrade } from './refuse-upgrade.ts'

/** Fragments of one message, and parts of one that wait: floods of tiny ones end the connection. */
const MAX_FRAGMENTS = 256

export interface UpgradeRequest {
  readonly request: IncomingMessage
  readonly socket: Duplex
  readonly head: Buffer
  /** The peer's address, behind trusted proxies that of the client. */
  readonly address: string
}

interface Admission {
  readonly address: SocketAddress
  readonly account: Account
  readonly actor?: Actor
  readonly closes?: CloseCause
}

export class SocketServer implements AsyncDisposable {
  readonly #services: Services
  readonly #heartbeat: Heartbeat
  readonly #ws: WebSocketServer
  #isStopping = false
  #onEmpty: () => void = () => {}

  constructor(services: Services) {
    this.#services = services
    this.#heartbeat = new Heartbeat(services)
    this.#ws = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: services.config.limits.frameBytes,
      maxFragments: MAX_FRAGMENTS,
      // Offered subprotocols are not refused, and none is chosen.
      handleProtocols: () => false,
      WebSocket: PoliteWebSocket,
    })
  }

  get size(): number {
    return this.#heartbeat.size
  }

  upgrade(upgrade: UpgradeRequest): void {
    const { socket } = upgrade
    const drop = () => socket.destroy()
    socket.on('error', drop)
    this.#admit(upgrade).then(
      (admission) => {
        socket.off('error', drop)
        if (!admission || socket.destroyed) return
        this.#ws.handleUpgrade(upgrade.request, socket, upgrade.head, (webSocket) =>
          this.#accept(webSocket, upgrade, admission),
        )
      },
      (error: unknown) => {
        this.#services.log.error({ err: error }, 'upgrade failed')
        refuseUpgrade(socket, 503, 'The store is not available')
      },
    )
  }

  /** Tells every client that the server goes away. */
  closeAll(): void {
    this.#isStopping = true
    for (const { connection } of this.#heartbeat.connections) connection.close('shutdown')
  }

  /** Resolves when every client has gone, or after `ms`. */
  drained(ms: number): Promise<void> {
    if (this.#heartbeat.size === 0) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = this.#services.clock.after(ms, resolve)
      this.#onEmpty = () => {
        timer[Symbol.dispose]()
        resolve()
      }
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.closeAll()
    this.#heartbeat[Symbol.dispose]()
    for (const { connection } of this.#heartbeat.connections) connection.terminate()
    this.#ws.close()
  }

  async #admit({ request, socket }: UpgradeRequest): Promise<Admission | undefined> {
    const { accounts } = this.#services
    if (this.#isStopping) return refuseUpgrade(socket, 503, 'Server is shutting down')
    const address = parseAddress(request.url ?? '')
    if ('problem' in address) return refuseUpgrade(socket, address.status, address.problem)
    const account = await accounts.get(address.accountId)
    if (!account) return refuseUpgrade(socket, 404, 'Account not found')
    const { allowedOrigins } = account.settings
    const { origin } = request.headers
    if (origin !== undefined && allowedOrigins.length > 0 && !allowedOrigins.includes(origin))
      return refuseUpgrade(socket, 403, 'Origin not allowed')
    return address.role === 'agent'
      ? this.#admitAgent(socket, { address, account })
      : this.#admitConsumer(request, { address, account })
  }

  async #admitConsumer(request: IncomingMessage, admission: Admission): Promise<Admission> {
    const { token = tokenOfHeader(request.headers.authorization), accountId } = admission.address
    if (token === undefined) return admission
    const verdict = await this.#services.auth.consumer(accountId, token)
    return verdict.ok
      ? { ...admission, actor: verdict.actor }
      : { ...admission, closes: verdict.close }
  }

  /** A wrong bearer is refused late: some bots try again without a pause. [CON5] */
  async #admitAgent(socket: Duplex, admission: Admission): Promise<Admission | undefined> {
    const { auth, clock, config } = this.#services
    const { token, accountId } = admission.address
    const actor = token === undefined ? undefined : await auth.bearer(accountId, token)
    if (actor) return { ...admission, actor }
    await new Promise<void>((resolve) => clock.after(config.limits.loginDelayMs, resolve))
    return refuseUpgrade(socket, 401, 'Unauthorized')
  }

  #accept(socket: WebSocket, upgrade: UpgradeRequest, admission: Admission): void {
    const { ids, clock, config, sessions } = this.#services
    const { address, actor, closes } = admission
    const now = clock.monotonic()
    const connection = new Connection(socket, upgrade.socket, { limits: config.limits, now })
    const session = new Session({
      id: ids.uuid(),
      accountId: address.accountId,
      dialect: dialectFor(address.role, address.version),
      outlet: connection,
      address: upgrade.address,
      maxSubscriptions: config.limits.subscriptionsPerSocket,
    })
    session.properties = this.#properties(upgrade, address)
    sessions.add(session)
    const renew = this.#renewal(address)
    const nextPingAt = now + this.#heartbeat.pingEvery(session)
    this.#heartbeat.add({ connection, session, openedAt: now, nextPingAt, ...(renew && { renew }) })
    this.#listen(socket, connection, session)
    if (closes) connection.close(closes)
    else if (actor) sessions.identify(session, actor)
  }

  #renewal({ role, token, accountId }: SocketAddress) {
    if (role !== 'agent' || token === undefined) return undefined
    return () => this.#services.auth.bearer(accountId, token)
  }

  #properties({ request, address: peer }: UpgradeRequest, { query }: SocketAddress) {
    const header = request.headers['client-properties']
    const text = Array.isArray(header) ? header[0] : header
    const given = upgradeProperties({ query, ...(text !== undefined && { header: text }) })
    return Object.keys(given).length > 0 ? clientProperties(given, peer) : {}
  }

  #listen(socket: WebSocket, connection: Connection, session: Session): void {
    const { clock } = this.#services
    const inbox = new Inbox(session, this.#services, () => connection.setReading(true))
    const heard = () => {
      connection.lastHeardAt = clock.monotonic()
    }
    connection.onReady(() => {
      inbox.resume()
      session.pump()
    })
    socket.on('message', (data: Buffer) => {
      heard()
      if (connection.isClosing) return
      inbox.receive(data.toString('utf8'))
      if (inbox.isFull) connection.setReading(false)
    })
    socket.on('ping', heard)
    socket.on('pong', heard)
    // ws closes with the right code itself (1002, 1007, 1009); the error only says why.
    socket.on('error', (error) => {
      this.#services.log.debug({ err: error, session: session.id }, 'socket failed')
    })
    socket.on('close', () => {
      const { identity } = session
      session.end()
      if (this.#heartbeat.size === 0) this.#onEmpty()
      if (identity?.kind === 'consumer' && !this.#isStopping)
        consumerPresence(this.#services, identity, 'BACKGROUND')
    })
  }
}
