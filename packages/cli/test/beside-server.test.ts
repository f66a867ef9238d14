/** Commands beside a server that runs, and what becomes of a second one. */
import { readFileSync, writeFileSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { ringdown, SharedServer } from './command-line.ts'

const shared = new SharedServer('--dev')

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

it('[OPS2] says in its exit code why it could not start', async () => {
  const port = shared.server.ready.authority.split(':')[1] as string
  const other = shared.at('other')
  const taken = await ringdown(['serve', '--dev', '--port', port, '--data', other])
  expect([taken.code, taken.stderr]).toEqual([69, expect.stringContaining('already in use')])
  const busy = await ringdown(['serve', '--dev', '--port', '0', '--data', shared.folder])
  expect([busy.code, busy.stderr]).toEqual([75, expect.stringContaining('in use by another')])
  expect(busy.stderr).toContain(`the server on https://${shared.server.ready.authority}`)
  expect((await ringdown(['serve', '--prot', '1'])).code).toBe(2)
  expect((await ringdown(['config', 'check', '--port', 'x'])).code).toBe(78)
  expect((await ringdown(['config', 'check', '--help'])).code).toBe(0)
})

it('[OPS64] loads the server only where a command runs one', async () => {
  const watch = shared.at('watch.mjs')
  writeFileSync(watch, NAME_LIBRARIES)
  const librariesOf = async (...args: string[]) => {
    const { code, stderr } = await ringdown(args, { env: { NODE_OPTIONS: `--import ${watch}` } })
    return [code, stderr.split('\n').filter((line) => line !== '')]
  }
  expect(await librariesOf('--version')).toEqual([0, ['commander']])
  expect(await librariesOf('account', 'list', '--data', shared.folder)).toEqual([0, ['commander']])
  const [, own] = await librariesOf('account', 'list', '--data', shared.at('other'))
  expect(own).toEqual(expect.arrayContaining(['commander', 'fastify', 'typebox']))
  expect(own).not.toContain('pg')
})

it('[OPS31] another server is named with --server, --ca and its token', async () => {
  const { authority, ca } = shared.server.ready
  const named = ['account', 'list', '--json', '--server', authority]
  const token = (
    JSON.parse(readFileSync(shared.at('server.json'), 'utf8')) as { adminToken: string }
  ).adminToken
  const env = { RINGDOWN_ADMIN_TOKEN: token }
  const trusted = [...named, '--ca', ca as string]
  expect((await ringdown(trusted, { env })).code).toBe(0)
  expect((await ringdown(trusted)).stderr).toContain('administration token')
  const untrusted = await ringdown(named, { env })
  expect([untrusted.code, untrusted.stderr]).toEqual([69, expect.stringContaining('--ca FILE')])
})

it('[OPS32] mints consumer and brand tokens that the identity provider takes', async () => {
  const data = ['--data', shared.folder]
  const consumer = await ringdown(['token', 'consumer', ...data])
  expect(consumer.stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/)
  const brand = await ringdown(['token', 'brand', '--subject', 'joe', ...data])
  const body = JSON.stringify({ authCode: brand.stdout.trim() })
  const exchange = `curl -s -d '${body}' -H 'content-type: application/json' https://$LP_IDP/api/account/$LP_ACCOUNT/authenticate`
  const answer = await ringdown(['shell', ...data, '-c', exchange])
  expect(JSON.parse(answer.stdout)).toHaveProperty('jwt')
})

it('[OPS60] the doctor fails on what is wrong and says what to do', async () => {
  const well = await ringdown(['doctor', '--json', '--data', shared.folder])
  expect(well.code).toBe(0)
  const verdicts = (JSON.parse(well.stdout) as { verdict: string }[]).map((one) => one.verdict)
  expect(new Set(verdicts)).toEqual(new Set(['ok']))
  await chmod(shared.at('dev', 'leaf-key.pem'), 0o644)
  const ill = await ringdown(['doctor', '--data', shared.folder])
  expect([ill.code, ill.stdout]).toEqual([1, expect.stringContaining('chmod 600')])
})
