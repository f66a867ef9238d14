/** Puts the parts together, starts and stops them. The only place that knows all of them. */
import { type Logger, pino } from 'pino'
import { AccountCache } from './api/account-cache.ts'
import { announceChange } from './api/announce.ts'
import { AutomaticMessages } from './api/automatic-messages.ts'
import { DialogReaders } from './api/dialog-readers.ts'
import { ForgottenDrafts } from './api/forgotten-drafts.ts'
import { ImplicitDelivery } from './api/implicit-delivery.ts'
import { agentConnected, consumerPresence } from './api/presence-news.ts'
import { RightsNews } from './api/rights-news.ts'
import type { Services } from './api/services.ts'
import { Sessions } from './api/sessions.ts'
import { consumerTokens } from './auth/consumer-tokens.ts'
import { LoginTurns } from './auth/login-turns.ts'
import { scryptPasswords } from './auth/passwords.ts'
import { type KeyRing, openKeyRing } from './auth/signing-keys.ts'
import { configuringCommands, Standings } from './auth/standings.ts'
import { tokenAuthenticator } from './auth/token-authenticator.ts'
import { memoryBus } from './bus/memory-bus.ts'
import { systemClock } from './clock.ts'
import type { Config } from './config.ts'
import type { Context } from './context.ts'
import { Hubs } from './feeds/hubs.ts'
import { fileTokenSecret } from './files/download-token.ts'
import { isFileRequest } from './files/file-address.ts'
import { Files } from './files/files.ts'
import { openFileStore } from './files/open-file-store.ts'
import { commandScanner } from './files/scanner.ts'
import { clientAddress, Front, REQUEST_MS, trustList } from './front.ts'
import { systemIds } from './ids.ts'
import { refuseStart } from './refuse-start.ts'
import { buildRest, type Rest } from './rest/rest-server.ts'
import { RoutingEngine } from './routing/engine.ts'
import { LastSeen } from './routing/last-seen.ts'
import { AgentPresence } from './routing/presence.ts'
import { timerHandlers } from './routing/timer-handlers.ts'
import { Timers } from './routing/timers.ts'
import { armingCommands, watchedStore } from './routing/watched-store.ts'
import type { OnOutage } from './store/batch.ts'
import { openStore } from './store/open-store.ts'
import type { Changed } from './store/store.ts'
import { type Certificates, openCertificates } from './tls/certificates.ts'
import { SocketServer } from './ws/socket-server.ts'

export interface StartOptions extends Partial<Omit<Context, 'config' | 'auth'>> {
  readonly config: Config
  /** The folder with the packages whose built pages are served; absent: the one beside this package. */
  readonly pages?: string
  /** Opens the local administration routes; absent: a new secret. */
  readonly adminToken?: string
  /** Work factor of password hashes, as a power of two; smaller ones are for tests. */
  readonly passwordLogN?: number
}

export interface RunningServer extends AsyncDisposable {
  /** `host:port` under which clients reach it. */
  readonly authority: string
  readonly port: number
  readonly adminToken: string
  /** The development CA that clients need, when the server made one. */
  readonly caFile?: string
  readonly context: Context
  readonly services: Services
  /** Stops taking connections, tells clients, finishes what was begun. */
  stop(): Promise<void>
  /** The server can promise nothing any more, e.g. after a failed fsync: the process must end. */
  onFatal(react: (cause: Error) => void): void
}

/** How long clients have to take their last frames when the server stops. */
const DRAIN_MS = 2_000

/** An outage is logged when it begins and when it ends, however many requests it fails. [OPS53] */
const reportOutage =
  (log: Logger): OnOutage =>
  (cause) => {
    if (cause) log.error({ err: cause }, `The store takes no writes: ${cause.message}`)
    else log.info('The store takes writes again')
  }

/** The account that a command is about. */
const accountOf = (data: unknown): string => {
  const { accountId, id } = data as { accountId?: string; id?: string }
  return accountId ?? id ?? ''
}

const openContext = async (options: StartOptions, stack: AsyncDisposableStack) => {
  const { config, clock = systemClock, ids = systemIds } = options
  const log = options.log ?? pino({ level: config.logLevel })
  const { store, onWrite } = watchedStore(
    options.store ?? stack.use(await openStore(config, { ids, onOutage: reportOutage(log) })),
  )
  const bus = options.bus ?? stack.use(memoryBus())
  const keys = stack.use(await openKeyRing({ store, clock, ids, bus }))
  const tokens = consumerTokens(keys, { clock, ids })
  const standings = stack.use(new Standings({ store, bus, clock }))
  onWrite(configuringCommands, (data) => standings.forget(accountOf(data)))
  const auth = tokenAuthenticator({ store, clock, tokens, standings })
  const context: Context = { config, clock, ids, store, bus, auth, log }
  return { context, keys, tokens, standings, onWrite }
}

const openFiles = (
  context: Context,
  accounts: AccountCache,
  { keys, stack }: { keys: KeyRing; stack: AsyncDisposableStack },
): Files => {
  const { config, clock } = context
  const bytes = openFileStore(config, clock)
  stack.defer(() => bytes[Symbol.dispose]?.())
  const { fileScanner } = config
  const scanner = fileScanner === undefined ? {} : { scanner: commandScanner(fileScanner) }
  const tokenSecret = fileTokenSecret(keys.pseudonymSecret())
  return stack.use(new Files({ ...context, accounts, bytes, tokenSecret, ...scanner }))
}

/** A change that no request made is remembered and told like any other. */
const tell = (services: Services, changed: Changed): void => {
  services.hubs.cache.put(changed.after)
  announceChange(services, changed)
}

const openServices = (
  context: Context,
  { keys, standings }: { keys: KeyRing; standings: Standings },
  stack: AsyncDisposableStack,
): Services => {
  const presence = new AgentPresence()
  const routing = stack.use(
    new RoutingEngine(context, presence, (changed) => tell(services, changed)),
  )
  const hubs = stack.use(new Hubs(context))
  const accounts = new AccountCache(context)
  const files = openFiles(context, accounts, { keys, stack })
  const sessions: Sessions = stack.use(
    new Sessions({
      bus: context.bus,
      maxPerActor: context.config.limits.socketsPerActor,
      onMoved(conversations) {
        for (const conversation of conversations) hubs.channels.move(hubs.cache.put(conversation))
      },
      onIdentified(session, actor) {
        if (actor.kind === 'consumer') {
          consumerPresence(services, actor, 'ACTIVE')
          return
        }
        implicit.watch(session)
        rights.watch(session)
        agentConnected(services, session, actor)
      },
      onRenewed: (session) => rights.lookAt(session),
    }),
  )
  const readers = stack.use(new DialogReaders({ bus: context.bus, hubs }))
  const services: Services = {
    ...context,
    accounts,
    automatic: stack.use(new AutomaticMessages({ ...context, hubs })),
    hubs,
    routing,
    presence,
    lastSeen: new LastSeen(context.clock),
    sessions,
    readers,
    files,
  }
  const rights = stack.use(new RightsNews(services, standings))
  const implicit = stack.use(new ImplicitDelivery(services))
  stack.use(new ForgottenDrafts(context))
  return services
}

/** Timers, and what they do when they are due. */
const openTimers = (services: Services, stack: AsyncDisposableStack): Timers => {
  const announce = (changed: Changed) => tell(services, changed)
  return stack.use(new Timers(services, timerHandlers({ ...services, announce })))
}

const openFront = (
  { config, clock }: Context,
  {
    rest,
    sockets,
    certificates,
  }: { rest: Rest; sockets: SocketServer; certificates?: Certificates },
): Front => {
  const trusted = trustList(config.trustedProxies)
  const front = new Front({
    clock,
    ...(certificates && { tls: certificates.current() }),
    request: rest.handle,
    plainRequest: rest.handlePlain,
    requestMs: (request) =>
      REQUEST_MS + (isFileRequest(request) ? config.limits.fileTransferMs : 0),
    upgrade: (request, socket, head) =>
      sockets.upgrade({ request, socket, head, address: clientAddress(request, trusted) }),
  })
  certificates?.onChange((tls) => front.replaceCertificate(tls))
  return front
}

/** Starts a server; resolves when it accepts connections. */
export const startServer = async (options: StartOptions): Promise<RunningServer> => {
  const { config } = options
  refuseStart(config)
  await using stack = new AsyncDisposableStack()
  const { context, keys, tokens, standings, onWrite } = await openContext(options, stack)
  const services = openServices(context, { keys, standings }, stack)
  const timers = openTimers(services, stack)
  const { limits } = config
  const adminToken = options.adminToken ?? context.ids.secret(32)
  const certificates = stack.use(await openCertificates(config, context))
  const sockets = stack.use(new SocketServer(services))
  let isDraining = false
  const rest = stack.use(
    await buildRest({
      ...context,
      keys,
      tokens,
      passwords: scryptPasswords({
        ids: context.ids,
        ...(options.passwordLogN !== undefined && { logN: options.passwordLogN }),
      }),
      loginTurns: new LoginTurns(context),
      adminToken,
      ...(options.pages !== undefined && { pages: options.pages }),
      files: services.files,
      isDraining: () => isDraining,
      isConnected: (id) => services.sessions.isConnected(id),
      isAgentConnected: (accountId, id) => services.presence.isConnected(accountId, id),
    }),
  )
  const front = stack.use(
    openFront(context, { rest, sockets, ...(certificates && { certificates }) }),
  )
  await services.routing.start(limits.agentOfflineMs)
  onWrite(armingCommands, () => timers.noticeWrite())
  timers.start()
  const port = await front.listen(config.port, config.host)
  const parts = stack.move()

  const close = async (drainMs: number): Promise<void> => {
    if (isDraining) return
    isDraining = true
    front.stopListening()
    sockets.closeAll()
    if (drainMs > 0) await sockets.drained(drainMs)
    await parts.disposeAsync()
  }
  return {
    authority: config.publicAuthority ?? `${announcedHost(config.host)}:${port}`,
    port,
    adminToken,
    ...(certificates?.caFile !== undefined && { caFile: certificates.caFile }),
    context,
    services,
    stop: () => close(DRAIN_MS),
    onFatal: (react) => context.store.onFatal(react),
    [Symbol.asyncDispose]: () => close(0),
  }
}

/** An address to listen on everywhere is no name to call. */
const announcedHost = (host: string): string =>
  host === '0.0.0.0' || host === '::' || host === '127.0.0.1' ? 'localhost' : host
