/**
 * The certificate that the server shows, from wherever the configuration says, and its changes.
 *
 * Files are watched by their folder, since renewal tools replace files and mounted secrets swap a
 * symbolic link; a slow tick finds what the watch missed. A pair that does not fit together is half of
 * a replacement: the old one stays until the other half has come. [OPS12]
 */
import { X509Certificate } from 'node:crypto'
import { type FSWatcher, readFileSync, watch } from 'node:fs'
import path from 'node:path'
import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import { ConfigurationError } from '../configuration-error.ts'
import type { Ids } from '../ids.ts'
import { DEVELOPMENT_AUTHORITY, developmentCertificates } from './dev-certificates.ts'
import { isPair } from './key-pair.ts'

const SETTLE_MS = 100
const RECHECK_MS = 60_000

export interface CertificatePair {
  /** PEM, leaf first. */
  readonly cert: string
  readonly key: string
}

export interface Certificates extends Disposable {
  current(): CertificatePair
  /** Path of the authority that clients have to trust; only for development certificates. */
  readonly caFile?: string
  /** Calls back with each new pair, for `setSecureContext`. */
  onChange(react: (pair: CertificatePair) => void): void
  /** Reads again at once; resolves when done. */
  refresh(): Promise<void>
}

interface Ports {
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Pick<Logger, 'info' | 'warn'>
}

type Files = NonNullable<Config['tls']>

const readOrExplain = (file: string, what: string) => {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new ConfigurationError(
      `The TLS ${what} ${file} cannot be read (${(cause as NodeJS.ErrnoException).code}). ` +
        'Check the path and that this user may read it.',
      { cause },
    )
  }
}

const isDevelopment = (cert: string) =>
  new X509Certificate(cert).issuer.includes(DEVELOPMENT_AUTHORITY)

/** Reads and checks a certificate and its key. Refuses a development certificate. [OPS13] */
export const readCertificates = ({ certFile, keyFile }: Files): CertificatePair => {
  const pair = {
    cert: readOrExplain(certFile, 'certificate'),
    key: readOrExplain(keyFile, 'key'),
  }
  if (!isPair(pair.cert, pair.key)) {
    throw new ConfigurationError(
      `The TLS key ${keyFile} does not belong to the first certificate in ${certFile}. ` +
        'The server certificate comes first, its issuers after it; both files are PEM.',
    )
  }
  if (isDevelopment(pair.cert)) {
    throw new ConfigurationError(
      `${certFile} was issued by the ${DEVELOPMENT_AUTHORITY}, which nobody else trusts. ` +
        'Use a certificate of a real authority, or start with --dev.',
    )
  }
  return pair
}

interface Source {
  readonly read: () => Promise<CertificatePair>
  readonly folders: readonly string[]
}

class WatchedCertificates implements Certificates {
  readonly caFile?: string
  readonly #source: Source
  readonly #ports: Ports
  readonly #reactions: ((pair: CertificatePair) => void)[] = []
  readonly #resources = new DisposableStack()
  #pair: CertificatePair
  #refreshing = Promise.resolve()
  #settling: Disposable | undefined

  constructor(pair: CertificatePair, source: Source, ports: Ports, caFile?: string) {
    this.#pair = pair
    this.#source = source
    this.#ports = ports
    if (caFile) this.caFile = caFile
    this.#resources.use(ports.clock.every(RECHECK_MS, () => void this.refresh()))
    for (const folder of new Set(source.folders)) this.#watch(folder)
  }

  current() {
    return this.#pair
  }

  onChange(react: (pair: CertificatePair) => void) {
    this.#reactions.push(react)
  }

  /** One after the other: two at once would both issue a new leaf. */
  refresh() {
    this.#refreshing = this.#refreshing.then(() => this.#readAgain())
    return this.#refreshing
  }

  async #readAgain() {
    try {
      const pair = await this.#source.read()
      if (pair.cert === this.#pair.cert && pair.key === this.#pair.key) return
      this.#pair = { cert: pair.cert, key: pair.key }
      this.#ports.log.info('the TLS certificate was replaced')
      for (const react of this.#reactions) react(this.#pair)
    } catch (error) {
      this.#ports.log.warn(
        { err: error },
        'the TLS certificate on disk is not usable; the old one stays',
      )
    }
  }

  [Symbol.dispose]() {
    this.#settling?.[Symbol.dispose]()
    this.#resources.dispose()
  }

  #watch(folder: string) {
    let watcher: FSWatcher
    try {
      watcher = watch(folder, { persistent: false }, () => this.#settle())
    } catch (error) {
      // Out of watches, or a file system without them: the slow tick remains.
      this.#ports.log.warn(
        { err: error, folder },
        'the folder of the TLS certificate is not watched',
      )
      return
    }
    watcher.on('error', (error) => this.#ports.log.warn({ err: error, folder }, 'watching failed'))
    this.#resources.defer(() => watcher.close())
  }

  /** A replacement touches several files; they are read once, a moment after the last. */
  #settle() {
    this.#settling?.[Symbol.dispose]()
    this.#settling = this.#ports.clock.after(SETTLE_MS, () => void this.refresh())
  }
}

/** The configured pair; undefined for plain HTTP, and in development, which makes its own. [OPS13] [OPS14] */
export const configuredPair = ({
  dev,
  tls,
  plainHttp,
}: Pick<Config, 'dev' | 'tls' | 'plainHttp'>): CertificatePair | undefined => {
  if (tls) return readCertificates(tls)
  if (plainHttp || dev) return undefined
  throw new ConfigurationError(
    'No TLS certificate is configured. Give --tls-cert FILE and --tls-key FILE, or --plain-http ' +
      'behind a proxy that terminates TLS, or --dev on your own machine.',
  )
}

/** The certificates that the configuration asks for; undefined for plain HTTP. [OPS14] */
export const openCertificates = async (
  config: Pick<Config, 'dev' | 'tls' | 'plainHttp' | 'dataDir'>,
  ports: Ports,
): Promise<Certificates | undefined> => {
  const { tls, dataDir } = config
  const configured = configuredPair(config)
  if (tls && configured) {
    const source = {
      read: async () => readCertificates(tls),
      folders: [path.dirname(tls.certFile), path.dirname(tls.keyFile)],
    }
    return new WatchedCertificates(configured, source, ports)
  }
  if (config.plainHttp) return undefined
  const source = { read: () => developmentCertificates(dataDir, ports), folders: [] }
  const pair = await source.read()
  return new WatchedCertificates(pair, source, ports, pair.caFile)
}
