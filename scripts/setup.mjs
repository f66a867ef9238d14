/**
 * Installs what is missing. Quick when there is nothing to do: it then reads one file and one stamp.
 *
 * The stamp in `node_modules` holds the hash of the lock file that was installed, and goes away with the
 * folder. Where a person ran npm, the stamp is missing or old; npm's own record of what it installed is
 * compared with the lock file before anything is installed again.
 */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdir, open, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import { setTimeout as delay } from 'node:timers/promises'
import { LaunchError, runNpm } from '../packages/cli/bin/runtime.mjs'

const STAMP = 'node_modules/.ringdown-setup'
const LOCK_POLL_MS = 200
/** A lock without a readable pid is being written, or its writer died between two system calls. */
const BLANK_LOCK_MS = 5_000

const read = (file) => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    // Missing is one of the expected answers.
    return undefined
  }
}

const hashOf = (text) => createHash('sha256').update(text).digest('hex')

/** Whether every package that the lock file asks for is recorded as installed; optional ones may miss. */
export const isInstalled = (lock, installed) =>
  Object.entries(lock.packages).every(([location, wanted]) => {
    if (!location.includes('node_modules/')) return true
    const found = installed.packages?.[location]
    if (!found) return Boolean(wanted.optional || wanted.devOptional || wanted.peer)
    return found.version === wanted.version && found.resolved === wanted.resolved
  })

/** `fresh`: stamped; `unstamped`: installed by hand and complete; `stale`: npm has to run. */
export const stateOf = (root) => {
  const lockText = readFileSync(path.join(root, 'package-lock.json'), 'utf8')
  if (read(path.join(root, STAMP)) === hashOf(lockText)) return 'fresh'
  const installed = read(path.join(root, 'node_modules/.package-lock.json'))
  if (!installed) return 'stale'
  return isInstalled(JSON.parse(lockText), JSON.parse(installed)) ? 'unstamped' : 'stale'
}

const stamp = (root) => {
  const lockText = readFileSync(path.join(root, 'package-lock.json'), 'utf8')
  writeFileSync(path.join(root, STAMP), hashOf(lockText))
}

const isAlive = (pid) => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

const isAbandoned = async (file) => {
  const pid = Number.parseInt(read(file) ?? '', 10)
  if (pid > 0) return !isAlive(pid)
  const age = await stat(file).then(
    (found) => Date.now() - found.mtimeMs,
    () => 0,
  )
  return age > BLANK_LOCK_MS
}

/** Holds a lock file while `work` runs; a lock whose process is gone is taken over. */
export const withLock = async (file, work) => {
  await mkdir(path.dirname(file), { recursive: true })
  for (let waited = false; ; waited = true) {
    try {
      const handle = await open(file, 'wx')
      await handle.writeFile(String(process.pid))
      await handle.close()
      break
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    if (await isAbandoned(file)) {
      await rm(file, { force: true })
      continue
    }
    if (!waited) process.stderr.write('ringdown: waiting for another setup to finish …\n')
    await delay(LOCK_POLL_MS)
  }
  try {
    return await work()
  } finally {
    await rm(file, { force: true })
  }
}

const install = async (root) => {
  const started = performance.now()
  process.stderr.write('ringdown: installing dependencies, about half a minute …\n')
  const code = await runNpm(['ci', '--no-audit', '--no-fund', '--loglevel=error'], root)
  if (code !== 0) {
    throw new LaunchError(
      `\`npm ci\` failed with exit code ${code}. Read its message above; when it was the network, run the same command again.`,
    )
  }
  const seconds = Math.round((performance.now() - started) / 1000)
  process.stderr.write(`ringdown: dependencies are in place after ${seconds} s\n`)
}

/** Brings `node_modules` in line with the lock file. [OPS3] */
export const setUp = async (root) => {
  if (stateOf(root) === 'fresh') return
  await withLock(path.join(root, '.cache', 'setup.lock'), async () => {
    if (stateOf(root) === 'stale') await install(root)
    if (existsSync(path.join(root, 'node_modules'))) stamp(root)
  })
}
