import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { defaultConfig } from './config.ts'
import { effectiveSettings, loadConfig, printable } from './load-config.ts'
import { settings } from './settings.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'ringdown-settings-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const write = (name: string, content: unknown) => {
  const file = path.join(folder, name)
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  return file
}

const none = { flags: {}, env: {} }

describe('settings', () => {
  it('[OPS20] defaults are those of the code', () => {
    expect(loadConfig(none)).toEqual({ ...defaultConfig, dataDir: path.resolve('data') })
  })

  it('[OPS20] flag before environment before file before default', () => {
    const file = write('a.json', { port: 1001, host: '::1', logLevel: 'debug' })
    const env = { RINGDOWN_PORT: '1002', RINGDOWN_HOST: '::' }
    const config = loadConfig({ flags: { port: '1003' }, env, file })
    expect([config.port, config.host, config.logLevel]).toEqual([1003, '::', 'debug'])
    const origins = effectiveSettings({ flags: { port: '1003' }, env, file })
      .filter(({ origin }) => origin !== 'default')
      .map(({ setting, origin }) => [setting.key, origin])
    expect(origins).toEqual([
      ['host', 'environment RINGDOWN_HOST'],
      ['port', 'flag --port'],
      ['logLevel', `file ${file}`],
    ])
  })

  it('[OPS20] a variable with _FILE takes its value from the file it names', () => {
    const secret = write('secret', 'postgres://u:p@h/db\n')
    const config = loadConfig({ flags: {}, env: { RINGDOWN_DATABASE_FILE: secret } })
    expect(config.databaseUrl).toBe('postgres://u:p@h/db')
    const env = { RINGDOWN_DATABASE: 'postgres://h/db', RINGDOWN_DATABASE_FILE: secret }
    expect(() => loadConfig({ flags: {}, env })).toThrow(/Both RINGDOWN_DATABASE and/)
  })

  it('[OPS20] every limit can be set by flag, environment and file', () => {
    for (const { key, env } of settings.filter((one) => one.key.startsWith('limits.'))) {
      const name = key.split('.')[1] as string
      const file = write('limits.json', { limits: { [name]: 70_001 } })
      const limits = [
        loadConfig({ flags: { [key]: '70001' }, env: {} }),
        loadConfig({ flags: {}, env: { [env]: '70001' } }),
        loadConfig({ ...none, file }),
      ].map((config) => (config.limits as unknown as Record<string, number>)[name])
      expect([name, limits]).toEqual([name, [70_001, 70_001, 70_001]])
    }
  })

  it('[OPS20] paths in a file are relative to it, lists are arrays', () => {
    const file = write('b.json', {
      dataDir: 'here',
      tls: { certFile: 'c.pem', keyFile: '/k.pem' },
      trustedProxies: ['10.0.0.0/8', '::1'],
    })
    const config = loadConfig({ ...none, file })
    expect(config.dataDir).toBe(path.join(folder, 'here'))
    expect(config.tls).toEqual({ certFile: path.join(folder, 'c.pem'), keyFile: '/k.pem' })
    expect(config.trustedProxies).toEqual(['10.0.0.0/8', '::1'])
  })

  it('[OPS21] unknown names are refused with what was probably meant', () => {
    const file = write('c.json', { prot: 1 })
    expect(() => loadConfig({ ...none, file })).toThrow(/prot\. Did you mean port\?/)
    const nested = write('d.json', { limits: { frameByte: 1 } })
    expect(() => loadConfig({ ...none, file: nested })).toThrow(/mean limits\.frameBytes\?/)
    const env = { RINGDOWN_LOGLEVEL: 'info' }
    expect(() => loadConfig({ flags: {}, env })).toThrow(/mean RINGDOWN_LOG_LEVEL\?/)
  })

  it.each([
    ['port', '70000', /port \(flag --port\) must be a whole number from 0 to 65535/],
    ['port', '1e3', /whole number/],
    ['logLevel', 'loud', /one of fatal, error/],
    ['databaseUrl', 'mysql://h/d', /starts with postgres:\/\//],
    ['trustedProxies', '10.0.0.0/33', /10\.0\.0\.0\/33 is neither/],
    ['publicAuthority', 'https://a.example', /a host name with or without a port/],
    ['dev', 'maybe', /true or false/],
    ['limits.frameBytes', '-1', /1024 or more/],
    ['tls.certFile', 'only.pem', /belong together/],
  ])('[OPS21] a bad %s says what it must be', (key, text, message) => {
    expect(() => loadConfig({ flags: { [key]: text }, env: {} })).toThrow(message)
  })

  it.each([
    ['[1]', /one JSON object/],
    ['{', /is not JSON/],
  ])('[OPS21] the file %s is refused', (content, message) => {
    expect(() => loadConfig({ ...none, file: write('e.json', content) })).toThrow(message)
  })

  it('[OPS22] passwords are masked', () => {
    const flags = { databaseUrl: 'postgres://ann:s3cret@h/db', busUrl: 'nats://t0ken@h' }
    const shown = effectiveSettings({ flags, env: {} }).map(printable)
    expect(shown).toContain('postgres://ann:***@h/db')
    expect(shown).toContain('nats://***@h')
    expect(JSON.stringify(shown)).not.toMatch(/s3cret|t0ken/)
  })

  it.each([
    ['databaseUrl', 'postgres://u@h:1/z?password=hush2', 'postgres://***@h:1/z?password=***'],
    [
      'databaseUrl',
      'postgres://h/z?a=1&p%61ssword=hu#sh2&sslkey=/k.pem',
      'postgres://h/z?a=1&password=***&sslkey=/k.pem',
    ],
    ['databaseUrl', 'postgres://u:hush@hush2@h/z', 'postgres://u:***@h/z'],
    ['databaseUrl', 'postgres://h/z?sslmode=require', 'postgres://h/z?sslmode=require'],
    ['files', 's3://b?endpoint=https://AK:SK@minio', 's3://b?endpoint=https://AK:***@minio'],
    [
      'files',
      's3://b?endpoint=https%3A%2F%2FAK%3ASK%40minio&region=x',
      's3://b?endpoint=https://AK:***@minio&region=x',
    ],
    ['files', 's3://b?endpoint=https:AK:SK@minio', 's3://b?endpoint=https:AK:***@minio'],
    ['files', '/var/files@home', '/var/files@home'],
  ])('[OPS22] secrets are masked wherever they stand in %s %s', (key, text, masked) => {
    const shown = effectiveSettings({ flags: { [key]: text }, env: {} })
    expect(shown.filter(({ setting }) => setting.key === key).map(printable)).toEqual([masked])
  })
})
