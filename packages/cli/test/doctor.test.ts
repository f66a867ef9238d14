/** What the doctor finds where things are not as in development. */
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { CommandError } from '../src/exit-codes.ts'
import { readDescription } from '../src/server-description.ts'
import { writePair } from './certificate-files.ts'
import { removeFolder, ringdown, served, temporaryFolder } from './command-line.ts'

let folder: string
beforeEach(async () => {
  folder = await temporaryFolder()
})
afterEach(() => removeFolder(folder))

const at = (name: string) => path.join(folder, name)
const flags = (cert: string, key: string) => ['--tls-cert', at(cert), '--tls-key', at(key)]

interface Check {
  readonly name: string
  readonly verdict: string
  readonly finding: string
}

const examined = async (name: string, ...args: readonly string[]): Promise<Check | undefined> => {
  const { stdout, stderr } = await ringdown(['doctor', '--json', '--data', folder, ...args])
  expect(stderr).toBe('')
  return (JSON.parse(stdout) as Check[]).find((check) => check.name === name)
}

it('[OPS60] the doctor looks at the certificate that the running server shows', async () => {
  await writePair(at('tls'), 10.5)
  await using server = await served(folder, ...flags('tls.pem', 'tls.key'))
  expect(await examined('certificate')).toMatchObject({
    verdict: 'warn',
    finding: 'CN=localhost, 10 days left',
  })
  server.kill('SIGTERM')
})

it('[OPS60] the doctor knows a running server without a certificate', async () => {
  await using server = await served(folder, '--plain-http')
  expect(await examined('certificate')).toMatchObject({
    verdict: 'ok',
    finding: expect.stringContaining('plain HTTP'),
  })
  server.kill('SIGTERM')
})

it('[OPS60] [OPS13] the doctor fails on a configured key of another certificate', async () => {
  await writePair(at('one'))
  await writePair(at('two'))
  const tls = (keyFile: string) => ({ certFile: at('one.pem'), keyFile: at(keyFile) })
  writeFileSync(at('good.json'), JSON.stringify({ tls: tls('one.key') }))
  writeFileSync(at('bad.json'), JSON.stringify({ tls: tls('two.key') }))
  expect(await examined('certificate', '--config', at('good.json'))).toMatchObject({
    verdict: 'ok',
  })
  expect(await examined('certificate', '--config', at('bad.json'))).toMatchObject({
    verdict: 'fail',
    finding: expect.stringContaining('does not belong'),
  })
})

it.each(['{"pid": 1', 'null', '{}', '{"pid": 1, "authority": "localhost:1"}'])(
  '[OPS30] the description %s cannot be used',
  (text) => {
    writeFileSync(at('server.json'), text, { mode: 0o600 })
    expect(() => readDescription(folder)).toThrow(CommandError)
  },
)

it('[OPS60] [OPS30] a description that is not whole is a finding, and verbs name the file', async () => {
  writeFileSync(at('server.json'), '{"pid": 1', { mode: 0o600 })
  expect(await examined('server')).toMatchObject({
    verdict: 'fail',
    finding: expect.stringContaining(at('server.json')),
  })
  const listed = await ringdown(['account', 'list', '--data', folder])
  expect([listed.code, listed.stderr]).toEqual([78, expect.stringContaining(at('server.json'))])
  expect(listed.stderr).not.toContain('    at ')
})
