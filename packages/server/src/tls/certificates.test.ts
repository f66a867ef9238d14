import { X509Certificate } from 'node:crypto'
import { existsSync, statSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { connect, createServer } from 'node:tls'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../clock.ts'
import { systemIds as ids } from '../ids.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { openCertificates, readCertificates } from './certificates.ts'
import { developmentCertificates } from './dev-certificates.ts'
import { issueAuthority, issueLeaf } from './issue-certificates.ts'

const DAY = 24 * 60 * 60 * 1000
const START = Date.UTC(2030, 0, 1)

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ringdown-tls-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const log = { info: () => {}, warn: () => {} }
const at = (now: number) => ({ clock: { now: () => now }, ids })
const serial = (pem: string) => new X509Certificate(pem).serialNumber
const readText = (file: string) => readFile(file, 'utf8')
const caOf = (dir: string) => path.join(dir, 'dev', 'ca.pem')
const dev = { dev: true, plainHttp: false }

/** A pair of a "real" authority, written as files. */
const realPair = async (name: string, until = START + 90 * DAY) => {
  const validity = { now: START, until }
  const ca = await issueAuthority('Some authority', validity, ids)
  const leaf = await issueLeaf(ca, [{ type: 'dns', value: 'example.test' }], validity, ids)
  const files = {
    certFile: path.join(folder, `${name}.pem`),
    keyFile: path.join(folder, `${name}.key`),
  }
  await writeFile(files.certFile, leaf.cert)
  await writeFile(files.keyFile, leaf.key)
  return { ...files, ...leaf }
}

/** Shakes hands over TLS and says whether the client trusted the server as `name`. */
const handshake = async (
  pair: { cert: string; key: string },
  ca: string,
  name: string,
): Promise<boolean> => {
  const server = createServer(pair).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  const trusted = await new Promise<boolean>((resolve) => {
    const socket = connect({
      port,
      host: '127.0.0.1',
      ca,
      ...(/^[\d.:]+$/.test(name) ? {} : { servername: name }),
      checkServerIdentity: () => undefined,
      rejectUnauthorized: false,
    })
    socket.once('secureConnect', () => {
      resolve(socket.authorized)
      socket.destroy()
    })
    socket.once('error', () => resolve(false))
  })
  server.close()
  return trusted
}

describe('development certificates', () => {
  it('[OPS10] are created on first start and kept', async () => {
    const now = Date.now()
    const first = await developmentCertificates(folder, at(now))
    const again = await developmentCertificates(folder, at(now + DAY))
    expect(again).toEqual(first)
    expect(first.caFile).toBe(caOf(folder))
    const leaf = new X509Certificate(first.cert)
    expect(leaf.checkHost('localhost')).toBeDefined()
    expect(leaf.subjectAltName).toContain('DNS:*.localhost')
    for (const ip of ['127.0.0.1', '::1']) expect(leaf.checkIP(ip)).toBeDefined()
    expect(leaf.checkHost('example.test')).toBeUndefined()
  })

  it('[OPS10] keys are readable by their owner only', async () => {
    await developmentCertificates(folder, at(START))
    for (const file of ['ca-key.pem', 'leaf-key.pem']) {
      expect(statSync(path.join(folder, 'dev', file)).mode & 0o777).toBe(0o600)
    }
  })

  it('[OPS10] are trusted by a client that knows the authority, and by no other', async () => {
    const now = Date.now()
    const pair = await developmentCertificates(folder, at(now))
    const other = await developmentCertificates(path.join(folder, 'other'), at(now))
    const ca = await readFile(pair.caFile, 'utf8')
    expect(await handshake(pair, ca, 'localhost')).toBe(true)
    expect(await handshake(other, ca, 'localhost')).toBe(false)
  })

  it('[OPS11] the leaf is renewed in its last 30 days, by the same authority', async () => {
    const first = await developmentCertificates(folder, at(START))
    const ca = new X509Certificate(await readText(caOf(folder)))
    const before = await developmentCertificates(folder, at(START + (397 - 31) * DAY))
    expect(serial(before.cert)).toBe(serial(first.cert))
    const after = await developmentCertificates(folder, at(START + (397 - 29) * DAY))
    expect(serial(after.cert)).not.toBe(serial(first.cert))
    expect(new X509Certificate(after.cert).verify(ca.publicKey)).toBe(true)
    expect(new X509Certificate(await readText(caOf(folder))).serialNumber).toBe(ca.serialNumber)
  })

  it('[OPS11] the authority is renewed in its last 30 days, and the leaf with it', async () => {
    await developmentCertificates(folder, at(START))
    const ca = serial(await readText(caOf(folder)))
    const later = await developmentCertificates(folder, at(START + (825 - 29) * DAY))
    const renewed = new X509Certificate(await readText(caOf(folder)))
    expect(renewed.serialNumber).not.toBe(ca)
    expect(new X509Certificate(later.cert).verify(renewed.publicKey)).toBe(true)
  })

  it('[OPS11] a leaf never outlives its authority', async () => {
    await developmentCertificates(folder, at(START))
    const late = await developmentCertificates(folder, at(START + (825 - 31) * DAY))
    const ca = new X509Certificate(await readText(caOf(folder)))
    expect(new X509Certificate(late.cert).validToDate).toEqual(ca.validToDate)
  })

  it('[OPS11] damaged files are issued anew', async () => {
    const first = await developmentCertificates(folder, at(START))
    await writeFile(path.join(folder, 'dev', 'leaf-key.pem'), 'not a key')
    const second = await developmentCertificates(folder, at(START))
    expect(second.cert).not.toBe(first.cert)
    expect(await developmentCertificates(folder, at(START))).toEqual(second)
  })
})

describe('certificates', () => {
  it('[OPS11] a running development server gets the renewed leaf', async () => {
    const clock = new ManualClock(START)
    using certificates = (await openCertificates({ ...dev, dataDir: folder }, { clock, ids, log }))!
    const first = certificates.current()
    const seen: string[] = []
    certificates.onChange((pair) => seen.push(pair.cert))
    await certificates.refresh()
    expect(seen).toEqual([])
    await clock.leap((397 - 29) * DAY)
    await certificates.refresh()
    expect(seen).toEqual([certificates.current().cert])
    expect(certificates.current().cert).not.toBe(first.cert)
  })

  it('[OPS12] a replaced file is noticed without a restart', async () => {
    const [old, fresh] = [await realPair('tls'), await realPair('fresh')]
    const clock = new ManualClock(START)
    const config = { dev: false, plainHttp: false, dataDir: folder, tls: old }
    using certificates = (await openCertificates(config, { clock, ids, log }))!
    const changed = new Promise<string>((resolve) =>
      certificates.onChange(({ cert }) => resolve(cert)),
    )
    await rename(fresh.keyFile, old.keyFile)
    await certificates.refresh()
    // Half of a replacement: the key does not fit the certificate yet.
    expect(certificates.current().cert).toBe(old.cert)
    await rename(fresh.certFile, old.certFile)
    await certificates.refresh()
    expect(await changed).toBe(fresh.cert)
  })

  it('[OPS12] the watch finds a swapped symbolic link by itself', async () => {
    const [old, fresh] = [await realPair('one'), await realPair('two')]
    const live = path.join(folder, 'live')
    await mkdir(live)
    const tls = { certFile: path.join(live, 'tls.crt'), keyFile: path.join(live, 'tls.key') }
    await symlink(old.certFile, tls.certFile)
    await symlink(old.keyFile, tls.keyFile)
    const config = { dev: false, plainHttp: false, dataDir: folder, tls }
    using certificates = (await openCertificates(config, { clock: systemClock, ids, log }))!
    const changed = new Promise<string>((resolve) =>
      certificates.onChange(({ cert }) => resolve(cert)),
    )
    await symlink(fresh.certFile, `${tls.certFile}.new`)
    await symlink(fresh.keyFile, `${tls.keyFile}.new`)
    await rename(`${tls.certFile}.new`, tls.certFile)
    await rename(`${tls.keyFile}.new`, tls.keyFile)
    expect(await changed).toBe(fresh.cert)
  })

  it('[OPS13] a development certificate is refused outside development', async () => {
    await developmentCertificates(folder, at(START))
    const copy = path.join(folder, 'copy')
    await cp(path.join(folder, 'dev'), copy, { recursive: true })
    const tls = { certFile: path.join(copy, 'leaf.pem'), keyFile: path.join(copy, 'leaf-key.pem') }
    expect(() => readCertificates(tls)).toThrow(/issued by the Ringdown development CA/)
  })

  it('[OPS13] a key of another certificate, and a missing file, are refused by name', async () => {
    const [one, two] = [await realPair('one'), await realPair('two')]
    expect(() => readCertificates({ certFile: one.certFile, keyFile: two.keyFile })).toThrow(
      /does not belong/,
    )
    const missing = path.join(folder, 'nowhere.pem')
    expect(() => readCertificates({ ...one, certFile: missing })).toThrow(
      /nowhere\.pem cannot be read \(ENOENT\)/,
    )
  })

  it('[OPS14] without a certificate the server starts only with --dev or --plain-http', async () => {
    const clock = new ManualClock(START)
    const config = { dev: false, plainHttp: false, dataDir: folder }
    await expect(openCertificates(config, { clock, ids, log })).rejects.toThrow(/--tls-cert/)
    expect(existsSync(path.join(folder, 'dev'))).toBe(false)
    expect(
      await openCertificates({ ...config, plainHttp: true }, { clock, ids, log }),
    ).toBeUndefined()
  })
})
