/** What `config check` promises about a start. */
import { existsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { ConfigurationError, loadConfig, refuseStart } from '@ringdown/server/configuration'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { writePair } from './certificate-files.ts'
import { removeFolder, ringdown, temporaryFolder } from './command-line.ts'

let folder: string
const at = (name: string) => path.join(folder, name)
beforeAll(async () => {
  folder = await temporaryFolder()
  await writePair(at('one'))
  await writePair(at('two'))
  writeFileSync(at('empty.pem'), '')
})
afterAll(() => removeFolder(folder))

const tls = (cert: string, key: string) => ({
  'tls.certFile': at(cert),
  'tls.keyFile': at(key),
})
const s3 = { plainHttp: 'true', files: 's3://bucket' }

const asked = (flags: Readonly<Record<string, string>>, env: Readonly<Record<string, string>>) =>
  refuseStart(loadConfig({ flags, env: {} }), env)

it.each([
  ['no certificate', () => ({}), '--tls-cert'],
  ['a missing certificate', () => tls('none.pem', 'one.key'), 'none.pem cannot be read (ENOENT)'],
  ['an empty certificate', () => tls('empty.pem', 'one.key'), 'does not belong'],
  ['a foreign key', () => tls('one.pem', 'two.key'), 'does not belong'],
  ['a bus', () => ({ plainHttp: 'true', busUrl: 'nats://127.0.0.1' }), 'Leave --bus out'],
  ['an S3 store without credentials', () => s3, 'AWS_ACCESS_KEY_ID'],
  ['an S3 store without a bucket', () => ({ ...s3, files: 's3://' }), 's3://bucket'],
])('[OPS24] a start is refused with %s', (_, flags, message) => {
  expect(() => asked(flags(), {})).toThrow(ConfigurationError)
  expect(() => asked(flags(), {})).toThrow(message)
})

it.each([
  ['--dev', () => ({ dev: 'true' })],
  ['--plain-http', () => ({ plainHttp: 'true' })],
  ['a certificate', () => tls('one.pem', 'one.key')],
  ['an S3 store', () => s3],
])('[OPS24] a start is not refused with %s', (_, flags) => {
  asked(flags(), { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'key' })
})

it('[OPS24] config check says of it what serve says, which has made nothing by then', async () => {
  const pair = ['--tls-cert', at('one.pem'), '--tls-key']
  const all = ['--port', '0', '--data', at('data'), ...pair, at('two.key')]
  const checked = await ringdown(['config', 'check', ...all])
  expect([checked.code, checked.stderr]).toEqual([78, expect.stringContaining('does not belong')])
  expect(await ringdown(['serve', ...all])).toEqual(checked)
  expect(existsSync(at('data/ringdown.db'))).toBe(false)
  const good = await ringdown(['config', 'check', ...pair, at('one.key')])
  expect([good.code, good.stderr]).toEqual([0, ''])
})
