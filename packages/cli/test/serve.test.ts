import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { removeFolder, ringdown, served, temporaryFolder } from './command-line.ts'

let folder: string
beforeEach(async () => {
  folder = await temporaryFolder()
})
afterEach(() => removeFolder(folder))

const modeOf = (file: string) => statSync(file).mode & 0o777
const at = (...names: string[]) => path.join(folder, ...names)

describe('serve', () => {
  it('[OPS33] [OPS34] [OPS30] describes itself privately, keeps its credentials, and counts as gone when it is', async () => {
    await using server = await served(folder, '--dev')
    const { ready } = server
    expect(ready).toMatchObject({ account: '70010001', ca: at('dev', 'ca.pem') })
    expect(ready.authority).toMatch(/^localhost:\d+$/)
    for (const file of ['ready.json', 'server.json', 'dev/credentials.json']) {
      expect([file, modeOf(at(file))]).toEqual([file, 0o600])
    }
    const description = readFileSync(at('server.json'), 'utf8')
    expect(JSON.parse(description)).toMatchObject({ pid: ready.pid, ca: ready.ca })
    for (const { password } of ready.agents) expect(description).not.toContain(password)
    server.kill('SIGTERM')
    const { code, stdout } = await server.ended
    expect(code).toBe(0)
    expect(existsSync(at('server.json'))).toBe(false)
    // The second start finds what the first one made.
    expect(ready.agents.map(({ loginName }) => loginName)).toEqual(['ana', 'max'])
    for (const { password } of ready.agents) expect(stdout).toContain(password)
    await using second = await served(folder, '--dev')
    expect(second.ready.agents).toEqual(ready.agents)
    second.kill('SIGKILL')
    await second.ended
    expect(existsSync(at('server.json'))).toBe(true)
    const listed = await ringdown(['account', 'list', '--json', '--data', folder])
    expect(JSON.parse(listed.stdout)).toEqual([expect.objectContaining({ id: '70010001' })])
  })

  it('[OPS30] counts as gone when another process has its number', async () => {
    await using server = await served(folder, '--plain-http')
    server.kill('SIGKILL')
    await server.ended
    const left = JSON.parse(readFileSync(at('server.json'), 'utf8')) as object
    writeFileSync(at('server.json'), JSON.stringify({ ...left, pid: 1 }), { mode: 0o600 })
    const listed = await ringdown(['account', 'list', '--json', '--data', folder])
    expect([listed.code, listed.stdout.trim()]).toEqual([0, '[]'])
    const { stdout } = await ringdown(['doctor', '--json', '--data', folder])
    expect(JSON.parse(stdout)).toContainEqual(
      expect.objectContaining({ name: 'server', verdict: 'warn' }),
    )
  })

  it('[OPS35] outside development nothing is seeded, and a certificate is needed', async () => {
    const refused = await ringdown(['serve', '--port', '0', '--data', folder])
    expect(refused.code).toBe(78)
    expect(refused.stderr).toContain('--tls-cert')
    await using server = await served(folder, '--plain-http')
    expect(server.ready).toMatchObject({ agents: [] })
    expect(server.ready.account).toBeUndefined()
    const accounts = await ringdown(['account', 'list', '--json', '--data', folder])
    expect(JSON.parse(accounts.stdout)).toEqual([])
  })

  it('[OPS34] development works without TLS too', async () => {
    await using server = await served(folder, '--dev', '--plain-http')
    expect(server.ready.agents.map(({ loginName }) => loginName)).toEqual(['ana', 'max'])
    expect(server.ready.ca).toBeUndefined()
  })

  it('[OPS35] refuses a bus, which this release does not have', async () => {
    const refused = await ringdown([
      'serve',
      '--dev',
      '--data',
      folder,
      '--bus',
      'nats://127.0.0.1',
    ])
    expect(refused.code).toBe(78)
    expect(refused.stderr).toContain('Leave --bus out')
  })

  it('[OPS65] a server that is killed leaves what it compiled', async () => {
    vi.stubEnv('RINGDOWN_CACHE', at('cache'))
    await using server = await served(folder, '--plain-http')
    server.kill('SIGKILL')
    await server.ended
    const compiled = readdirSync(at('cache', 'compiled'), { recursive: true })
    // The store's threads alone leave some four hundred.
    expect(compiled.length).toBeGreaterThan(800)
  })

  it('[OPS36] [OPS66] a signal that comes twice at once is one request to stop, and the log tells', async () => {
    await using server = await served(folder, '--plain-http')
    server.kill('SIGINT')
    server.kill('SIGINT')
    const { code, stdout } = await server.ended
    expect(code).toBe(0)
    expect(existsSync(at('server.json'))).toBe(false)
    const lines = stdout.trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      { msg: 'started', authority: server.ready.authority },
      { msg: 'stopping' },
      { msg: 'stopped' },
    ])
  })
})

it('[OPS36] a signal that comes again later ends the process, whoever is still waited for', async () => {
  await using server = await served(folder, '--dev', '--plain-http')
  const { authority, account } = server.ready
  const signup = await fetch(`http://${authority}/api/account/${account}/signup`, {
    method: 'POST',
  })
  const { jwt } = (await signup.json()) as { jwt: string }
  const path = `ws_api/account/${account}/messaging/consumer?v=3`
  const consumer = new WebSocket(`ws://${authority}/${path}`, {
    headers: { authorization: `jwt ${jwt}` },
  })
  consumer.on('error', () => {})
  await once(consumer, 'open')
  // It takes nothing any more, and so does not close.
  consumer.pause()
  let code: number | null | undefined
  void server.ended.then((outcome) => {
    code = outcome.code
  })
  await expect
    .poll(() => {
      server.kill('SIGTERM')
      return code
    })
    .toBe(null)
})

describe('administration', () => {
  it('[OPS31] works with a running server and, the same, without one', async () => {
    const data = ['--data', folder]
    const offline = await ringdown(['account', 'create', 'acme', '--name', 'Acme', ...data])
    expect([offline.code, offline.stderr]).toEqual([0, ''])
    const server = await served(folder, '--plain-http')
    const made = await ringdown(['agent', 'create', 'bea', '--account', 'acme', '--json', ...data])
    expect(JSON.parse(made.stdout)).toMatchObject({ loginName: 'bea', roles: ['agent'] })
    // As it is left by a server of development; the one that runs is none.
    mkdirSync(at('dev'))
    writeFileSync(at('dev', 'credentials.json'), '{}')
    const unnamed = await ringdown(['agent', 'list', ...data])
    expect([unnamed.code, unnamed.stderr]).toEqual([2, expect.stringContaining('Which account?')])
    server.kill('SIGTERM')
    await server.ended
    const listed = await ringdown(['agent', 'list', '--account', 'acme', '--json', ...data])
    expect(JSON.parse(listed.stdout)).toEqual([expect.objectContaining({ loginName: 'bea' })])
    const unknown = await ringdown(['agent', 'show', 'nobody', '--account', 'acme', ...data])
    expect([unknown.code, unknown.stdout]).toEqual([1, ''])
  })
})
