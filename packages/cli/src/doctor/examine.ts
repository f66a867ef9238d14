/** The doctor's checks. Each returns a finding; a check that throws has found something too. */
import { X509Certificate } from 'node:crypto'
import { existsSync, readFileSync, statfsSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import {
  type Config,
  ConfigurationError,
  readCertificates,
  systemClock,
  systemIds,
} from '@ringdown/server/configuration'
import { call } from '../http-client.ts'
import { configFor, findServer, type ServerOptions } from '../reach-server.ts'
import { listeningServer, type ServerDescription } from '../server-description.ts'
import { servedCertificate } from './served-certificate.ts'

export type Verdict = 'ok' | 'warn' | 'fail'

export interface Check {
  readonly name: string
  readonly verdict: Verdict
  readonly finding: string
  /** What to do about it. */
  readonly next?: string
}

type Finding = Omit<Check, 'name'>

const DAY_MS = 24 * 60 * 60 * 1000
const LOW_DISK_BYTES = 1024 ** 3
const NO_DISK_BYTES = 64 * 1024 ** 2
const SKEW_MS = 5_000

const ok = (finding: string): Finding => ({ verdict: 'ok', finding })
const warn = (finding: string, next: string): Finding => ({ verdict: 'warn', finding, next })
const fail = (finding: string, next: string): Finding => ({ verdict: 'fail', finding, next })

export const checkNode = (version: string): Finding =>
  Number.parseInt(version, 10) >= 24
    ? ok(`Node ${version}`)
    : fail(`Node ${version} is too old`, 'Install Node 24 or newer, or start with `npm start`.')

/** Folders and files that hold secrets must be their owner's alone. */
export const checkModes = (dataDir: string): Finding => {
  if (!existsSync(dataDir)) {
    return warn(`${dataDir} does not exist`, 'The first start creates it; or give --data.')
  }
  const files = [
    'ringdown.db',
    'server.json',
    'dev/credentials.json',
    'dev/ca-key.pem',
    'dev/leaf-key.pem',
  ]
  const open = files
    .map((file) => path.join(dataDir, file))
    .filter((file) => existsSync(file) && (statSync(file).mode & 0o077) !== 0)
  return open.length === 0
    ? ok(dataDir)
    : fail(`others may read ${open.join(', ')}`, `chmod 600 ${open.join(' ')}`)
}

export const checkDisk = (freeBytes: number): Finding => {
  const free = `${(freeBytes / 1024 ** 3).toFixed(1)} GiB free`
  if (freeBytes < NO_DISK_BYTES)
    return fail(free, 'Free some space; the store is read-only without.')
  return freeBytes < LOW_DISK_BYTES ? warn(free, 'Free some space soon.') : ok(free)
}

const nearestFolder = (folder: string): string =>
  existsSync(folder) ? folder : nearestFolder(path.dirname(folder))

const freeBytes = (dataDir: string) => {
  const { bavail, bsize } = statfsSync(nearestFolder(dataDir))
  return bavail * bsize
}

/** A certificate by the time it has left. */
export const checkCertificate = (pem: string, now: number): Finding => {
  const { validToDate, subject } = new X509Certificate(pem)
  const days = Math.floor((validToDate.getTime() - now) / DAY_MS)
  const finding = `${subject.replaceAll('\n', ', ')}, ${days} days left`
  if (days < 0) return fail(finding, 'Renew it; a running server takes the new file by itself.')
  return days < 14 ? warn(finding, 'Renew it soon.') : ok(finding)
}

const certificateFinding = async (
  { tls, plainHttp, dataDir, dev }: Config,
  running: ServerDescription | undefined,
): Promise<Finding> => {
  // Read also where a server shows another one: the next start would be refused. [OPS13]
  const configured = tls && readCertificates(tls).cert
  const judged = (pem: string) => checkCertificate(pem, systemClock.now())
  if (running ? !running.isSecure : plainHttp) return ok('plain HTTP, TLS ends at the proxy')
  if (running) return judged(await servedCertificate(running))
  if (configured !== undefined) return judged(configured)
  const leaf = path.join(dataDir, 'dev', 'leaf.pem')
  if (existsSync(leaf)) return judged(readFileSync(leaf, 'utf8'))
  if (dev) return ok('made on the first start')
  return warn('none', 'Give --tls-cert and --tls-key, or start with --dev.')
}

const storeFinding = async (config: Config, isRunning: boolean): Promise<Finding> => {
  if (isRunning && config.databaseUrl === undefined) {
    return ok('held by the running server, which answers for it below')
  }
  if (config.databaseUrl === undefined && !existsSync(path.join(config.dataDir, 'ringdown.db'))) {
    return warn('not created yet', 'The first start creates it.')
  }
  const { openStore } = await import('@ringdown/server')
  // Opening migrates, writes and checks that commits are synchronous.
  await using store = await openStore(config, { ids: systemIds })
  return ok(`opens, schema up to date, epoch ${store.epoch}`)
}

const isFree = ({ port, host }: Config) =>
  new Promise<boolean>((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, host, () => probe.close(() => resolve(true)))
  })

const portFinding = async (config: Config, isRunning: boolean): Promise<Finding> => {
  if (isRunning) return ok('taken by the running server')
  return (await isFree(config))
    ? ok(`${config.host}:${config.port} is free`)
    : fail(`${config.host}:${config.port} is taken`, 'Stop what uses it, or give another --port.')
}

const serverFinding = async (options: ServerOptions): Promise<Finding> => {
  const target = await findServer(options)
  if (!target) return warn('none runs on this data folder', 'Start one with `npm start`.')
  const { status, body } = await call(target, 'GET', '/readyz')
  return status === 200
    ? ok(`${target.authority} is ready`)
    : fail(`${target.authority} is not ready: ${JSON.stringify(body)}`, 'Read the server’s log.')
}

/** Certificates and tokens need a wall clock that is about right: compared with the newest file. */
const clockFinding = (dataDir: string): Finding => {
  const file = path.join(dataDir, 'ringdown.db')
  const ahead = existsSync(file) ? statSync(file).mtimeMs - systemClock.now() : 0
  return ahead > SKEW_MS
    ? fail('the store was written in the future', 'Set the clock; tokens and certificates need it.')
    : ok(new Date(systemClock.now()).toISOString())
}

const settled = async (name: string, work: () => Finding | Promise<Finding>): Promise<Check> => {
  try {
    return { name, ...(await work()) }
  } catch (error) {
    return { name, ...fail((error as Error).message, 'The message says what is in the way.') }
  }
}

/** Undefined where none runs, or where the description cannot be used. */
const describedServer = async (dataDir: string): Promise<ServerDescription | undefined> => {
  try {
    return await listeningServer(dataDir)
  } catch {
    // Found again, and said, by the check of the server.
    return undefined
  }
}

/** All checks, in the order in which a person would make them. */
export const examine = async (options: ServerOptions): Promise<readonly Check[]> => {
  const node = await settled('node', () => checkNode(process.versions.node))
  let config: Config
  try {
    config = configFor(options)
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    return [
      node,
      { name: 'configuration', ...fail(error.message, 'ringdown config print --origin') },
    ]
  }
  const running = await describedServer(config.dataDir)
  const isRunning = running !== undefined
  return [
    node,
    { name: 'configuration', ...ok('usable') },
    await settled('data folder', () => checkModes(config.dataDir)),
    await settled('disk', () => checkDisk(freeBytes(config.dataDir))),
    await settled('clock', () => clockFinding(config.dataDir)),
    await settled('store', () => storeFinding(config, isRunning)),
    await settled('certificate', () => certificateFinding(config, running)),
    await settled('port', () => portFinding(config, isRunning)),
    await settled('server', () => serverFinding(options)),
  ]
}
