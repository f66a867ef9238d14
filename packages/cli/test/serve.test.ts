import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { removeFolder, ringdown, served, temporaryFolder } from './command-line.ts'

let folder: string
beforeEach(async () => {
  folder = await temporaryFolder()
})
afterEach(() => removeFolder(folder))

const modeOf = (file: string) => statSync(file).mode & 0o777
const at = (...names: string[]) => path.join(folder, ...names)

/** Says on standard error, once each, which packages the process loads into its first thread. */
const NAME_LIBRARIES = String.raw`
import { registerHooks } from 'node:module'
import { writeSync } from 'node:fs'
const named = new Set()
registerHooks({
  load(url, context, next) {
    const name = /node_modules[/]([^/]+)/.exec(url)?.[1]
    if (name && !named.has(name)) {
      named.add(name)
      writeSync(2, name + '\n')
    }
    return next(url, context)
  },
})
`

describe('serve', () => {
  it('[OPS33] describes itself privately once it answers, and tidies up on SIGTERM', async () => {
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
    expect((await server.ended).code).toBe(0)
    expect(existsSync(at('server.json'))).toBe(false)
  })

  it('[OPS34] generates credentials on the first start only, and prints them', async () => {
    const first = await served(folder, '--dev')
    expect(first.ready.agents.map(({ loginName }) => loginName)).toEqual(['ana', 'max'])
    first.kill('SIGTERM')
    const { stdout } = await first.ended
    for (const { password } of first.ready.agents) expect(stdout).toContain(password)
    await using second = await served(folder, '--dev')
    expect(second.ready.agents).toEqual(first.ready.agents)
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

  it('[OPS2] says in its exit code why it could not start', async () => {
    await using server = await served(folder, '--dev')
    const port = server.ready.authority.split(':')[1] as string
    const other = at('other')
    const taken = await ringdown(['serve', '--dev', '--port', port, '--data', other])
    expect([taken.code, taken.stderr]).toEqual([69, expect.stringContaining('already in use')])
    const busy = await ringdown(['serve', '--dev', '--port', '0', '--data', folder])
    expect([busy.code, busy.stderr]).toEqual([75, expect.stringContaining('in use by another')])
    expect(busy.stderr).toContain(`the server on https://${server.ready.authority}`)
    expect((await ringdown(['serve', '--prot', '1'])).code).toBe(2)
    expect((await ringdown(['config', 'check', '--port', 'x'])).code).toBe(78)
    expect((await ringdown(['config', 'check', '--help'])).code).toBe(0)
  })

  it('[OPS36] a signal that comes twice at once is one request to stop', async () => {
    await using server = await served(folder, '--dev')
    server.kill('SIGINT')
    server.kill('SIGINT')
    expect((await server.ended).code).toBe(0)
    expect(existsSync(at('server.json'))).toBe(false)
  })
})

describe('administration', () => {
  it('[OPS31] works with a running server and, the same, without one', async () => {
    const data = ['--data', folder]
    const offline = await ringdown(['account', 'create', 'acme', '--name', 'Acme', ...data])
    expect([offline.code, offline.stderr]).toEqual([0, ''])
    const server = await served(folder, '--plain-http')
    const made = await ringdown(['agent', 'create', 'bea', '--account', 'acme', '--json', ...data])
    expect(JSON.parse(made.stdout)).toMatchObject({ loginName: 'bea', roles: ['agent'] })
    server.kill('SIGTERM')
    await server.ended
    const listed = await ringdown(['agent', 'list', '--account', 'acme', '--json', ...data])
    expect(JSON.parse(listed.stdout)).toEqual([expect.objectContaining({ loginName: 'bea' })])
    const unknown = await ringdown(['agent', 'show', 'nobody', '--account', 'acme', ...data])
    expect([unknown.code, unknown.stdout]).toEqual([1, ''])
  })

  it('[OPS30] a description whose process is gone counts as none', async () => {
    const server = await served(folder, '--dev')
    server.kill('SIGKILL')
    await server.ended
    expect(existsSync(at('server.json'))).toBe(true)
    const listed = await ringdown(['account', 'list', '--json', '--data', folder])
    expect(JSON.parse(listed.stdout)).toEqual([expect.objectContaining({ id: '70010001' })])
  })

  it('[OPS64] loads the server only where a command runs one', async () => {
    await using _ = await served(folder, '--plain-http')
    const watch = at('watch.mjs')
    writeFileSync(watch, NAME_LIBRARIES)
    const librariesOf = async (...args: string[]) => {
      const { code, stderr } = await ringdown(args, { env: { NODE_OPTIONS: `--import ${watch}` } })
      return [code, stderr.split('\n').filter((line) => line !== '')]
    }
    expect(await librariesOf('--version')).toEqual([0, ['commander']])
    expect(await librariesOf('account', 'list', '--data', folder)).toEqual([0, ['commander']])
    const [, own] = await librariesOf('account', 'list', '--data', at('other'))
    expect(own).toEqual(expect.arrayContaining(['commander', 'fastify', 'typebox']))
    expect(own).not.toContain('pg')
  })

  it('[OPS31] another server is named with --server, --ca and its token', async () => {
    await using server = await served(folder, '--dev')
    const { authority, ca } = server.ready
    const named = ['account', 'list', '--json', '--server', authority]
    const token = (JSON.parse(readFileSync(at('server.json'), 'utf8')) as { adminToken: string })
      .adminToken
    const env = { RINGDOWN_ADMIN_TOKEN: token }
    const trusted = [...named, '--ca', ca as string]
    expect((await ringdown(trusted, { env })).code).toBe(0)
    expect((await ringdown(trusted)).stderr).toContain('administration token')
    const untrusted = await ringdown(named, { env })
    expect([untrusted.code, untrusted.stderr]).toEqual([69, expect.stringContaining('--ca FILE')])
  })

  it('[OPS32] mints consumer and brand tokens that the identity provider takes', async () => {
    await using server = await served(folder, '--dev')
    const data = ['--data', folder]
    const consumer = await ringdown(['token', 'consumer', ...data])
    expect(consumer.stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/)
    const brand = await ringdown(['token', 'brand', '--subject', 'joe', ...data])
    const body = JSON.stringify({ authCode: brand.stdout.trim() })
    const exchange = `curl -s -d '${body}' -H 'content-type: application/json' https://$LP_IDP/api/account/$LP_ACCOUNT/authenticate`
    const answer = await ringdown(['shell', ...data, '-c', exchange])
    expect(JSON.parse(answer.stdout)).toHaveProperty('jwt')
    expect(server.ready.pid).toBeGreaterThan(0)
  })

  it('[OPS60] the doctor fails on what is wrong and says what to do', async () => {
    await using server = await served(folder, '--dev')
    const well = await ringdown(['doctor', '--json', '--data', folder])
    expect(well.code).toBe(0)
    const verdicts = (JSON.parse(well.stdout) as { verdict: string }[]).map((one) => one.verdict)
    expect(new Set(verdicts)).toEqual(new Set(['ok']))
    const { chmod } = await import('node:fs/promises')
    await chmod(at('dev', 'leaf-key.pem'), 0o644)
    const ill = await ringdown(['doctor', '--data', folder])
    expect([ill.code, ill.stdout]).toEqual([1, expect.stringContaining('chmod 600')])
    expect(server.ready.pid).toBeGreaterThan(0)
  })
})
