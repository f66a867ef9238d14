/** Everything that can be set for one server process. Per-account settings live in the store. */
export interface Config {
  readonly host: string
  /** 0 = any free port. */
  readonly port: number
  /** Folder of the embedded store, keys, certificates and `server.json`. */
  readonly dataDir: string
  /** `postgres://…`; absent means the embedded store under `dataDir`. */
  readonly databaseUrl?: string
  /** Folder of shared files, or `s3://…`; absent: `files` in `dataDir`. */
  readonly files?: string
  /** Command that judges each upload; absent: none. */
  readonly fileScanner?: string
  /** `nats://…`; absent means the in-memory bus. */
  readonly busUrl?: string
  /** Development certificates, demo account, generated credentials. */
  readonly dev: boolean
  /** Authority (`host:port`) that discovery, `iss` and links announce; absent: the listening one. */
  readonly publicAuthority?: string
  readonly tls?: { readonly certFile: string; readonly keyFile: string }
  /** Serve plain HTTP, for a proxy that terminates TLS. */
  readonly plainHttp: boolean
  /** Peers whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed: addresses or CIDR ranges. */
  readonly trustedProxies: readonly string[]
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'silent'
  readonly limits: Limits
}

export interface Limits {
  /** Largest inbound WebSocket frame, bytes; above it the socket closes with 1009. */
  readonly frameBytes: number
  /** Largest text message, bytes of UTF-8. */
  readonly textBytes: number
  /** Largest request metadata, bytes of JSON. */
  readonly metadataBytes: number
  /** Longest request id, characters. */
  readonly requestIdLength: number
  /** Frames that are not JSON objects before the socket closes with 1007. */
  readonly malformedFrames: number
  /** Requests per second and socket, and how many may come at once. */
  readonly requestsPerSecond: number
  readonly requestBurst: number
  /** Events of one QueryMessages answer. */
  readonly queryEvents: number
  /** Events and bytes of one replay notification. */
  readonly replayEvents: number
  readonly replayBytes: number
  /** Bytes of one snapshot notification of a conversation subscription. */
  readonly snapshotBytes: number
  /** Subscriptions of one socket, all kinds together. */
  readonly subscriptionsPerSocket: number
  /** Sockets of one consumer or agent. */
  readonly socketsPerActor: number
  /** Time for InitConnection on a socket without a token, ms. */
  readonly authDeadlineMs: number
  /** Silence after which a socket closes with 1001, ms. */
  readonly idleMs: number
  readonly consumerPingMs: number
  readonly agentPingMs: number
  /** Unsent bytes above which a socket's feeds wait. */
  readonly sendLowWaterBytes: number
  /** Unsent bytes above which a socket's requests are not read any more. */
  readonly sendHardBytes: number
  /** Time without progress after which a slow reader closes with 1013, ms. */
  readonly slowReaderMs: number
  /** Structureless conversation changes, per second and conversation. */
  readonly activityUpdatesPerSecond: number
  /** Publishes of one socket that wait for their commit. */
  readonly pendingPublishes: number
  /** Commands that wait for the store, all sockets together; above it 503. */
  readonly pendingCommands: number
  /** Delay before a bad bearer or login is refused, ms. */
  readonly loginDelayMs: number
  /** Attempts at one login that wait for their turn, from one address; above it 503. */
  readonly loginsWaiting: number
  /** Agents: OFFLINE this long after the last socket closed, ms. */
  readonly agentOfflineMs: number
  readonly loginSessionMs: number
  /** Signups per minute and address. */
  readonly signupsPerMinute: number
  /** Life of the address of a file, ms. */
  readonly fileUrlMs: number
  /** How long routing decisions are kept, in days; 0 keeps none. */
  readonly decisionDays: number
  /** How long it is kept who changed what by administration, in days. */
  readonly auditDays: number
  /** Time for the bytes of a file on their way up or down, ms; an upload above it is refused with 408. */
  readonly fileTransferMs: number
  /** Uploads of this process under way at once; above it 503. */
  readonly uploadsAtOnce: number
  /** Those of them of one account; above it 503. */
  readonly uploadsOfAccountAtOnce: number
  /** Those of them of one consumer or agent; above it 429. */
  readonly uploadsOfPersonAtOnce: number
  /** Searches of the history that wait for their turn; above it 503. */
  readonly searchesWaiting: number
  /** Those of them of one agent; above it 429. */
  readonly searchesOfAgentWaiting: number
  /** Bytes of one draft of an agent, and how many drafts an agent may have. */
  readonly draftBytes: number
  readonly draftsPerAgent: number
  /** Bytes of all drafts of one agent. */
  readonly draftBytesPerAgent: number
  /** How long drafts of ended conversations are kept, in days. */
  readonly draftDays: number
}

export const defaultLimits: Limits = {
  frameBytes: 256 * 1024,
  textBytes: 64 * 1024,
  metadataBytes: 32 * 1024,
  requestIdLength: 256,
  malformedFrames: 10,
  requestsPerSecond: 20,
  requestBurst: 50,
  queryEvents: 1000,
  replayEvents: 200,
  replayBytes: 256 * 1024,
  snapshotBytes: 256 * 1024,
  subscriptionsPerSocket: 200,
  socketsPerActor: 50,
  authDeadlineMs: 10_000,
  idleMs: 120_000,
  consumerPingMs: 30_000,
  agentPingMs: 5_000,
  sendLowWaterBytes: 64 * 1024,
  sendHardBytes: 1024 * 1024,
  slowReaderMs: 60_000,
  activityUpdatesPerSecond: 4,
  pendingPublishes: 100,
  pendingCommands: 10_000,
  loginDelayMs: 1_000,
  loginsWaiting: 16,
  agentOfflineMs: 60_000,
  loginSessionMs: 8 * 60 * 60 * 1000,
  signupsPerMinute: 600,
  fileUrlMs: 60_000,
  decisionDays: 14,
  auditDays: 400,
  fileTransferMs: 120_000,
  uploadsAtOnce: 200,
  uploadsOfAccountAtOnce: 100,
  uploadsOfPersonAtOnce: 10,
  searchesWaiting: 200,
  searchesOfAgentWaiting: 20,
  draftBytes: 64 * 1024,
  draftsPerAgent: 200,
  draftBytesPerAgent: 1024 * 1024,
  draftDays: 30,
}

export const defaultConfig: Config = {
  host: '127.0.0.1',
  port: 8443,
  dataDir: './data',
  dev: false,
  plainHttp: false,
  trustedProxies: [],
  logLevel: 'info',
  limits: defaultLimits,
}
