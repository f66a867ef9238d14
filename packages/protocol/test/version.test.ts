import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { methodNames, methods, notificationNames, PROTOCOL_VERSION, schemas } from '../src/index.ts'

/** Both change together: never one without the other. */
const PINNED = {
  version: 2,
  fingerprint: 'd102c9c4ff311d7be285dcf2996e57a2f814887e4cd63cb687f01748418c580b',
}

const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`).join(',')}}`
}

/** Everything that a peer can see: the schemas and the names on the wire. */
const contract = {
  schemas,
  methods: methodNames.map((name) => [name, methods[name].names]),
  notificationNames,
}

const fingerprint = createHash('sha256').update(canonical(contract)).digest('hex')

describe('the contract', () => {
  it('[FRM18] does not change without a new version', () => {
    expect(
      { version: PROTOCOL_VERSION, fingerprint },
      'The contract changed. Raise PROTOCOL_VERSION and add a line to its history in ' +
        'src/version.ts, then pin both here.',
    ).toEqual(PINNED)
  })

  it('[FRM18] has a history line for each version', () => {
    const source = readFileSync(new URL('../src/version.ts', import.meta.url), 'utf8')
    for (let version = 1; version <= PROTOCOL_VERSION; version += 1) {
      expect(source).toMatch(new RegExp(`^ \\* ${version}  \\S`, 'm'))
    }
  })

  it('[FRM18] is plain data', () => {
    expect(canonical(JSON.parse(JSON.stringify(schemas)))).toBe(canonical(schemas))
  })

  it('the fingerprint sees a change in any depth', () => {
    const changed = structuredClone(JSON.parse(JSON.stringify(contract)))
    expect(canonical(changed)).toBe(canonical(contract))
    changed.schemas['methods/publishEvent/body'].properties.dialogId.maxLength = 65
    expect(canonical(changed)).not.toBe(canonical(contract))
  })
})
