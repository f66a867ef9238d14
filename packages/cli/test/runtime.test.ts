import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  cacheFolder,
  executableIn,
  exitCodeOf,
  isNewEnough,
  npmCommand,
  npmEnvironment,
  OLDEST_MAJOR,
  runtimePackage,
} from '../bin/runtime.mjs'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ringdown-runtime-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const executable = fileURLToPath(new URL('../bin/ringdown.mjs', import.meta.url))

/** Runs the executable on a Node that says it is version 20. */
const launchOnOldNode = (env: Record<string, string>, ...args: readonly string[]) => {
  const disguise = path.join(folder, 'disguise.mjs')
  writeFileSync(
    disguise,
    `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } })\n`,
  )
  return spawnSync(process.execPath, ['--import', disguise, executable, ...args], {
    env: { PATH: process.env.PATH ?? '', RINGDOWN_CACHE: path.join(folder, 'cache'), ...env },
    encoding: 'utf8',
  })
}

/** A real Node that is too old, if this machine has one. */
const oldNode = (process.env.PATH ?? '')
  .split(path.delimiter)
  .map((directory) => path.join(directory, 'node'))
  .find((file) => {
    const { stdout } = spawnSync(file, ['--version'], { encoding: 'utf8' })
    return stdout?.startsWith('v') && !isNewEnough(stdout.slice(1))
  })

const wanted = runtimePackage(process.platform, process.arch)

/** Puts a program into the cache in the place of the fetched Node. */
const cacheRuntime = (script: string) => {
  const { name, version } = wanted!
  const file = executableIn(
    path.join(folder, 'cache', `${name}-${version}`),
    name,
    process.platform,
  )
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, `#!/bin/sh\n${script}\n`)
  chmodSync(file, 0o755)
  return file
}

describe('the launcher', () => {
  it('[OPS1] takes a Node that is new enough', () => {
    expect(['20.20.2', '23.11.1', '24.0.0', '26.1.0'].map(isNewEnough)).toEqual([
      false,
      false,
      true,
      true,
    ])
  })

  it('[OPS1] knows an exact package for each common platform', () => {
    for (const [platform, arch] of [
      ['linux', 'x64'],
      ['linux', 'arm64'],
      ['darwin', 'arm64'],
      ['darwin', 'x64'],
      ['win32', 'x64'],
    ] as const) {
      const found = runtimePackage(platform, arch)
      expect(found?.version).toMatch(/^\d+\.\d+\.\d+$/)
      expect(isNewEnough(found?.version ?? '0')).toBe(true)
    }
    expect(runtimePackage('sunos', 'x64')).toBeUndefined()
  })

  it('[OPS1] keeps what it fetched outside node_modules', () => {
    expect(cacheFolder({}, 'linux', '/home/ann')).toBe('/home/ann/.cache/ringdown')
    expect(cacheFolder({ XDG_CACHE_HOME: '/x' }, 'linux', '/home/ann')).toBe('/x/ringdown')
    expect(cacheFolder({ RINGDOWN_CACHE: '/y', XDG_CACHE_HOME: '/x' }, 'linux', '/h')).toBe('/y')
  })

  it('[OPS1] starts the npm that started it, without the outer one’s prefix', () => {
    const env = { npm_execpath: '/usr/lib/npm/bin/npm-cli.js' }
    expect(npmCommand(env, '/usr/bin/node', 'linux')).toEqual({
      command: '/usr/bin/node',
      args: ['/usr/lib/npm/bin/npm-cli.js'],
    })
    expect(npmCommand({}, '/usr/bin/node', 'linux').command).toBe('npm')
    const given = { npm_config_prefix: '/p', npm_config_cache: '/c', HOME: '/h' }
    expect(npmEnvironment(given)).toEqual({ npm_config_cache: '/c', HOME: '/h' })
  })

  it('[OPS1] goes on with the cached Node: same arguments, its exit code, first on the PATH', () => {
    const file = cacheRuntime('echo "$@"; echo "$PATH"; exit 7')
    const { status, stdout } = launchOnOldNode({}, 'serve', '--port', '0')
    const [args, searchPath] = stdout.split('\n')
    expect(status).toBe(7)
    expect(args).toBe(`${executable} serve --port 0`)
    expect(searchPath?.split(path.delimiter)[0]).toBe(path.dirname(file))
  })

  it('[OPS1] dies of what its child died of, as a shell would say it', () => {
    cacheRuntime('kill -TERM $$')
    expect(launchOnOldNode({}, 'serve').status).toBe(143)
    expect([exitCodeOf(0, null), exitCodeOf(null, 'SIGKILL')]).toEqual([0, 137])
  })

  it('[OPS2] without a way to a newer Node it says what to do, and leaves no half of one', () => {
    const { status, stderr } = launchOnOldNode({ PATH: '/nowhere' }, 'serve')
    expect(status).toBe(78)
    expect(stderr).toContain('npm could not be started')
    expect(spawnSync('ls', [path.join(folder, 'cache')], { encoding: 'utf8' }).stdout).toBe('')
  })

  it('[OPS1] gets as far on a real old Node', ({ skip }) => {
    if (oldNode === undefined) return skip(`no Node older than ${OLDEST_MAJOR} on the PATH`)
    cacheRuntime('echo "$@"')
    const env = { RINGDOWN_CACHE: path.join(folder, 'cache'), PATH: process.env.PATH ?? '' }
    const { stdout } = spawnSync(oldNode, [executable, '--version'], { env, encoding: 'utf8' })
    expect(stdout).toBe(`${executable} --version\n`)
  })
})
