/**
 * Development certificates under `<data>/dev`: an authority of our own, and a leaf for the names a
 * laptop has. Created on first start and renewed when near their end; keys are readable by their
 * owner only. [OPS10] [OPS11]
 */
import { X509Certificate } from 'node:crypto'
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Clock } from '../clock.ts'
import type { Ids } from '../ids.ts'
import type { Issued } from './issue-certificates.ts'
import { isPair } from './key-pair.ts'

const DAY_MS = 24 * 60 * 60 * 1000
const AUTHORITY_DAYS = 825
const LEAF_DAYS = 397
/** Renewed when less than this is left. */
const RENEWAL_DAYS = 30

/** The common name by which production mode recognises, and refuses, this authority. */
export const DEVELOPMENT_AUTHORITY = 'Ringdown development CA'

const names = [
  { type: 'dns', value: 'localhost' },
  { type: 'dns', value: '*.localhost' },
  { type: 'ip', value: '127.0.0.1' },
  { type: 'ip', value: '::1' },
] as const

const SUBJECT_ALT_NAME =
  'DNS:localhost, DNS:*.localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1'

export interface DevelopmentCertificates extends Issued {
  readonly caFile: string
}

const readPair = async (folder: string, name: string): Promise<Issued | undefined> => {
  const files = [`${name}.pem`, `${name}-key.pem`].map((file) => path.join(folder, file))
  try {
    const [cert, key] = await Promise.all(files.map((file) => readFile(file, 'utf8')))
    return cert && key && isPair(cert, key) ? { cert, key } : undefined
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

const replaceFile = async (file: string, text: string, mode: number) => {
  await writeFile(`${file}.new`, text, { mode })
  // The mode of writeFile is only for new files, and the umask narrows it.
  await chmod(`${file}.new`, mode)
  await rename(`${file}.new`, file)
}

const writePair = async (folder: string, name: string, { cert, key }: Issued) => {
  await replaceFile(path.join(folder, `${name}-key.pem`), key, 0o600)
  await replaceFile(path.join(folder, `${name}.pem`), cert, 0o644)
}

const lasts = (certificate: X509Certificate, now: number) =>
  certificate.validToDate.getTime() - now >= RENEWAL_DAYS * DAY_MS &&
  certificate.validFromDate.getTime() <= now

const isGoodLeaf = (leaf: Issued, authority: X509Certificate, now: number) => {
  const certificate = new X509Certificate(leaf.cert)
  return (
    lasts(certificate, now) &&
    certificate.subjectAltName === SUBJECT_ALT_NAME &&
    certificate.verify(authority.publicKey)
  )
}

interface Ports {
  readonly clock: Pick<Clock, 'now'>
  readonly ids: Ids
}

const authorityIn = async (folder: string, { clock, ids }: Ports): Promise<Issued> => {
  const found = await readPair(folder, 'ca')
  const now = clock.now()
  if (found && lasts(new X509Certificate(found.cert), now)) return found
  const { issueAuthority } = await import('./issue-certificates.ts')
  const validity = { now, until: now + AUTHORITY_DAYS * DAY_MS }
  const issued = await issueAuthority(DEVELOPMENT_AUTHORITY, validity, ids)
  await writePair(folder, 'ca', issued)
  return issued
}

const leafIn = async (folder: string, ca: Issued, { clock, ids }: Ports): Promise<Issued> => {
  const found = await readPair(folder, 'leaf')
  const now = clock.now()
  const certificate = new X509Certificate(ca.cert)
  if (found && isGoodLeaf(found, certificate, now)) return found
  const { issueLeaf } = await import('./issue-certificates.ts')
  // A leaf that outlives its authority is refused by every client.
  const until = Math.min(now + LEAF_DAYS * DAY_MS, certificate.validToDate.getTime())
  const issued = await issueLeaf(ca, names, { now, until }, ids)
  await writePair(folder, 'leaf', issued)
  return issued
}

/** The certificates of a data folder; what is missing, damaged or near its end is issued first. */
export const developmentCertificates = async (
  dataDir: string,
  ports: Ports,
): Promise<DevelopmentCertificates> => {
  const folder = path.resolve(dataDir, 'dev')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const ca = await authorityIn(folder, ports)
  const leaf = await leafIn(folder, ca, ports)
  return { ...leaf, caFile: path.join(folder, 'ca.pem') }
}
