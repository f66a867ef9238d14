/** Certificates as a real authority would give them, in files. */
import { writeFile } from 'node:fs/promises'
import { systemClock, systemIds } from '@ringdown/server/configuration'
import { issueAuthority, issueLeaf } from '../../server/src/tls/issue-certificates.ts'

const DAY_MS = 24 * 60 * 60 * 1000

/** Writes `<path>.pem` and `<path>.key` for localhost. */
export const writePair = async (path: string, days = 90): Promise<void> => {
  const now = systemClock.now()
  const validity = { now, until: now + days * DAY_MS }
  const authority = await issueAuthority('Some authority', validity, systemIds)
  const names = [{ type: 'dns', value: 'localhost' }] as const
  const { cert, key } = await issueLeaf(authority, names, validity, systemIds)
  await writeFile(`${path}.pem`, cert)
  await writeFile(`${path}.key`, key, { mode: 0o600 })
}
