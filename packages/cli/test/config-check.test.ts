/** What `config check` promises about a start. */
import { existsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
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

/** Neither may come from the machine of the test. */
const env = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' }
const tls = (cert: string, key: string) => ['--tls-cert', at(cert), '--tls-key', at(key)]
const s3 = ['--plain-http', '--files', 's3://bucket']

it.each([
  ['no certificate', () => [], '--tls-cert'],
  ['a missing certificate', () => tls('none.pem', 'one.key'), 'none.pem cannot be read (ENOENT)'],
  ['an empty certificate', () => tls('empty.pem', 'one.key'), 'does not belong'],
  ['a foreign key', () => tls('one.pem', 'two.key'), 'does not belong'],
  ['a bus', () => ['--plain-http', '--bus', 'nats://127.0.0.1'], 'Leave --bus out'],
  ['an S3 store without credentials', () => s3, 'AWS_ACCESS_KEY_ID'],
  ['an S3 store without a bucket', () => ['--plain-http', '--files', 's3://'], 's3://bucket'],
])('[OPS24] config check refuses what serve refuses: %s', async (_, flags, message) => {
  const all = ['--port', '0', '--data', at('data'), ...flags()]
  const checked = await ringdown(['config', 'check', ...all], { env })
  expect([checked.code, checked.stderr]).toEqual([78, expect.stringContaining(message)])
  expect(await ringdown(['serve', ...all], { env })).toEqual(checked)
  expect(existsSync(at('data/ringdown.db'))).toBe(false)
})

it.each([
  ['--dev', () => ['--dev']],
  ['--plain-http', () => ['--plain-http']],
  ['a certificate', () => tls('one.pem', 'one.key')],
  ['an S3 store', () => s3],
])('[OPS24] config check takes %s', async (_, flags) => {
  const credentials = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'key' }
  const checked = await ringdown(['config', 'check', ...flags()], { env: credentials })
  expect([checked.code, checked.stderr]).toEqual([0, ''])
})
