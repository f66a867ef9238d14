/**
 * The real server as a process of its own, for tests that kill it, starve it or watch its system
 * calls. It lives no longer than whoever started it.
 */
import { once } from 'node:events'
import { writeSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import { pino } from 'pino'
import { memoryBus } from '../../src/bus/memory-bus.ts'
import { defaultConfig, defaultLimits, type Limits } from '../../src/config.ts'
import { systemIds } from '../../src/ids.ts'
import { startServer } from '../../src/server.ts'
import { openStore } from '../../src/store/open-store.ts'
import { breakOnPurpose, type Fault } from './faults.ts'

/** What the test hands over as the only argument, as JSON. */
export interface ServeOptions {
  readonly dataDir: string
  readonly adminToken: string
  readonly limits?: Partial<Limits>
  /** Breaks a promise on purpose, to see that its test notices. */
  readonly fault?: Fault
  /** Loads everything, and opens the store only after a line on standard input. */
  readonly waits?: boolean
}

/** What the process says once it accepts connections, as one line of JSON. */
export interface Ready {
  readonly port: number
  readonly pid: number
}

/** As in the command line's catalogue: the store can promise nothing any more. */
const FATAL_EXIT = 70
const CANNOT_START_EXIT = 75
const TEST_LOG_N = 4

const { dataDir, adminToken, limits, fault, waits } = JSON.parse(process.argv[2]!) as ServeOptions

const start = async () => {
  const config = {
    ...defaultConfig,
    port: 0,
    plainHttp: true,
    dataDir,
    limits: { ...defaultLimits, requestsPerSecond: 1e6, requestBurst: 1e6, ...limits },
  }
  const log = pino({ level: 'info' }, pino.destination({ fd: 2, sync: true }))
  const sound = { config, log, adminToken, passwordLogN: TEST_LOG_N }
  if (!fault) return startServer(sound)
  const parts = { store: await openStore(config, { ids: systemIds }), bus: memoryBus() }
  return startServer({ ...sound, ...breakOnPurpose(fault, parts) })
}

process.stdin.on('end', () => process.exit(0))
process.stdin.resume()
try {
  if (waits) await once(process.stdin, 'data')
  const server = await start()
  server.onFatal((cause) => {
    writeSync(2, `fatal: ${cause.message}\n`)
    process.exit(FATAL_EXIT)
  })
  process.once('SIGTERM', async () => {
    await server.stop()
    process.exit(0)
  })
  // Most of them are killed, and would leave it to nobody.
  flushCompileCache()
  const ready: Ready = { port: server.port, pid: process.pid }
  writeSync(1, `${JSON.stringify(ready)}\n`)
} catch (error) {
  writeSync(2, `cannot start: ${(error as Error).message}\n`)
  process.exit(CANNOT_START_EXIT)
}
