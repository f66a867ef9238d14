/**
 * Every setting of the server process, declared once: its key in the file, its flag, its variable, its
 * default, its sentence of documentation and its check all come from this table.
 */
import { defaultConfig, defaultLimits, type Limits } from './config.ts'
import {
  authority,
  choice,
  file,
  flag,
  type Kind,
  ranges,
  text,
  url,
  whole,
} from './setting-kinds.ts'

export interface Setting {
  /** In the configuration file; a dot is a level: `limits.frameBytes`. */
  readonly key: string
  /** The long flag; limits share `--limit NAME=VALUE`. */
  readonly flag?: string
  /** The environment variable; with `_FILE` behind it, the name of a file that holds the value. */
  readonly env: string
  readonly kind: Kind<unknown>
  readonly fallback: unknown
  readonly doc: string
  /** May hold a password: masked wherever it is printed. */
  readonly isSecret?: boolean
  /** Relative to the configuration file when it stands there. */
  readonly isPath?: boolean
}

const snake = (name: string) => name.replace(/[A-Z]/g, '_$&').toUpperCase()

type Row = readonly [name: string, kind: Kind<unknown>, fallback: unknown, doc: string]

const setting = (key: string, [name, kind, fallback, doc]: Row): Setting => ({
  key,
  flag: `--${name}`,
  env: `RINGDOWN_${name.replaceAll('-', '_').toUpperCase()}`,
  kind,
  fallback,
  doc,
})

const d = defaultConfig

const processSettings: readonly Setting[] = [
  setting('host', ['host', text, d.host, 'Address to listen on; 0.0.0.0 or :: for all.']),
  setting('port', ['port', whole(0, 65_535), d.port, 'Port to listen on; 0 takes any free one.']),
  {
    ...setting('dataDir', [
      'data',
      file,
      d.dataDir,
      'Folder of the embedded store, keys, certificates and the description of the running server.',
    ]),
    isPath: true,
  },
  {
    ...setting('databaseUrl', [
      'database',
      url('postgres:', 'postgresql:'),
      undefined,
      'PostgreSQL database; without it the embedded store in the data folder is used.',
    ]),
    isSecret: true,
  },
  {
    ...setting('files', [
      'files',
      text,
      undefined,
      'Where shared files are kept: a folder, or s3://bucket?endpoint=URL&region=NAME; without it, files in the data folder.',
    ]),
    isSecret: true,
    isPath: true,
  },
  setting('fileScanner', [
    'file-scanner',
    text,
    undefined,
    'Command that judges each upload, called with its path: exit code 0 clean, 1 bad.',
  ]),
  {
    ...setting('busUrl', [
      'bus',
      url('nats:', 'tls:'),
      undefined,
      'NATS server that connects several nodes; without it the node stands alone.',
    ]),
    isSecret: true,
  },
  setting('dev', [
    'dev',
    flag,
    d.dev,
    'Development mode: certificates of our own, a demo account, generated credentials.',
  ]),
  setting('publicAuthority', [
    'public-authority',
    authority,
    undefined,
    'Host and port that discovery, tokens and links announce; without it, the listening ones.',
  ]),
  {
    ...setting('tls.certFile', [
      'tls-cert',
      file,
      undefined,
      'TLS certificate, PEM, the server’s own first; read again when the file changes.',
    ]),
    isPath: true,
  },
  {
    ...setting('tls.keyFile', ['tls-key', file, undefined, 'Key of the TLS certificate, PEM.']),
    isPath: true,
  },
  setting('plainHttp', [
    'plain-http',
    flag,
    d.plainHttp,
    'Serve plain HTTP, for a proxy in front that terminates TLS.',
  ]),
  setting('trustedProxies', [
    'trusted-proxy',
    ranges,
    d.trustedProxies,
    'Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed.',
  ]),
  setting('logLevel', [
    'log-level',
    choice('fatal', 'error', 'warn', 'info', 'debug', 'silent'),
    d.logLevel,
    'Least severe level that is logged.',
  ]),
]

/** Sentence and least value of each limit. The compiler asks for one when a limit is added. */
const limitRows: Readonly<Record<keyof Limits, readonly [least: number, doc: string]>> = {
  frameBytes: [
    1024,
    'Largest inbound WebSocket frame, bytes; above it the socket closes with 1009.',
  ],
  textBytes: [1, 'Largest text message, bytes of UTF-8.'],
  metadataBytes: [0, 'Largest request metadata, bytes of JSON.'],
  requestIdLength: [1, 'Longest request id, characters.'],
  malformedFrames: [1, 'Frames that are not JSON objects before the socket closes with 1007.'],
  requestsPerSecond: [1, 'Requests per second of one socket.'],
  requestBurst: [1, 'Requests of one socket that may come at once.'],
  queryEvents: [1, 'Most events of one QueryMessages answer.'],
  replayEvents: [1, 'Most events of one replay notification.'],
  replayBytes: [1024, 'Most bytes of one replay notification.'],
  snapshotBytes: [1024, 'Most bytes of one snapshot notification of a conversation subscription.'],
  subscriptionsPerSocket: [1, 'Subscriptions of one socket, all kinds together.'],
  socketsPerActor: [1, 'Sockets of one consumer or agent.'],
  authDeadlineMs: [1, 'Time for InitConnection on a socket without a token, milliseconds.'],
  idleMs: [1, 'Silence after which a socket closes with 1001, milliseconds.'],
  consumerPingMs: [1, 'Time between pings to consumers, milliseconds.'],
  agentPingMs: [1, 'Time between pings to agents, milliseconds.'],
  sendLowWaterBytes: [1, 'Unsent bytes above which a socket’s feeds wait.'],
  sendHardBytes: [1, 'Unsent bytes above which a socket’s requests are not read.'],
  slowReaderMs: [
    1,
    'Time without progress after which a slow reader closes with 1013, milliseconds.',
  ],
  activityUpdatesPerSecond: [
    1,
    'Updates of a conversation that only follow from messages, per second.',
  ],
  pendingPublishes: [1, 'Publishes of one socket that wait for their commit.'],
  pendingCommands: [1, 'Commands that wait for the store, all sockets together; above it 503.'],
  loginDelayMs: [0, 'Delay before a bad bearer or login is refused, milliseconds.'],
  loginsWaiting: [
    1,
    'Attempts at one login’s password that wait for their turn, from one address; above it 503.',
  ],
  agentOfflineMs: [
    0,
    'Time after an agent’s last socket until the agent is offline, milliseconds.',
  ],
  loginSessionMs: [1000, 'Life of an agent’s login without a refresh, milliseconds.'],
  signupsPerMinute: [1, 'Signups per minute and address.'],
  fileUrlMs: [1000, 'Life of the address of a file, milliseconds.'],
  decisionDays: [0, 'Days for which routing decisions are kept; 0 keeps none.'],
  auditDays: [1, 'Days for which it is kept who changed what by administration.'],
  fileTransferMs: [
    1000,
    'Time for the bytes of a file to go up or down, milliseconds; a slower upload gets 408.',
  ],
  uploadsAtOnce: [1, 'Uploads of one process under way at once; above it 503.'],
  uploadsOfAccountAtOnce: [1, 'Uploads of one account under way at once; above it 503.'],
  uploadsOfPersonAtOnce: [1, 'Uploads of one consumer or agent under way at once; above it 429.'],
  searchesWaiting: [
    1,
    'Searches of the history that wait for their turn, of all agents; above it 503.',
  ],
  searchesOfAgentWaiting: [
    1,
    'Searches of the history of one agent that wait for their turn; above it 429.',
  ],
  draftBytes: [1, 'Largest draft that is kept for an agent, bytes of UTF-8.'],
  draftsPerAgent: [0, 'Drafts that are kept for one agent; 0 keeps none.'],
  draftBytesPerAgent: [0, 'Bytes of all drafts that are kept for one agent; 0 keeps none.'],
  draftDays: [0, 'Days for which drafts of ended conversations are kept.'],
}

const limitSettings = (Object.keys(limitRows) as (keyof Limits)[]).map((name): Setting => {
  const [least, doc] = limitRows[name]
  return {
    key: `limits.${name}`,
    env: `RINGDOWN_LIMITS_${snake(name)}`,
    kind: whole(least),
    fallback: defaultLimits[name],
    doc,
  }
})

export const settings: readonly Setting[] = [...processSettings, ...limitSettings]
