/** Who changed what: notes for the store, and the list of them. [AG53] [AG54] */
import type { AccountId } from '@ringdown/protocol'
import { Refusal } from '@ringdown/protocol'
import type { Context } from '../../context.ts'
import type { AuditEntry, AuditNote } from '../../domain/audit.ts'
import type { Store } from '../../store/store.ts'

const DAY_MS = 24 * 60 * 60 * 1000
const DEFAULT_LIMIT = 100
const MAX_LIMIT = 1000
/** Later than any entry. */
const FOREVER = 8.64e15

type Parts = Pick<Context, 'clock' | 'config'>

/** What is noted of a change by this one, from this address, made now. */
export const auditNote = (
  { clock, config }: Parts,
  { by, from }: Pick<AuditNote, 'by' | 'from'>,
): AuditNote => {
  const at = clock.now()
  const forgetBefore = at - config.limits.auditDays * DAY_MS
  return { at, by, from, forgetBefore }
}

/** The store, as seen by one request: what is written through it is noted. */
export const auditedStore = (
  store: Store,
  parts: Parts,
  who: Pick<AuditNote, 'by' | 'from'>,
): Store => ({
  epoch: store.epoch,
  write: (name, data) => store.write(name, { ...data, audit: auditNote(parts, who) }),
  read: (name, data) => store.read(name, data),
  stats: () => store.stats(),
  onFatal: (react) => store.onFatal(react),
  [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
})

type Asked = Readonly<Record<string, unknown>>

const numberIn = (
  asked: Asked,
  name: string,
  { fallback, kind = 'a whole number' }: { fallback: number; kind?: string },
): number => {
  const value = asked[name]
  if (value === undefined) return fallback
  if (typeof value === 'string' && /^\d{1,16}$/.test(value)) return Number(value)
  throw new Refusal('bad_request', `${name} must be ${kind}`)
}

const TIME = 'a date such as 2026-05-12, or milliseconds since 1970'

/** Milliseconds since the epoch, or a date as ISO 8601 writes it. */
const timeIn = (asked: Asked, name: string, fallback: number): number => {
  const value = asked[name]
  const isDate = typeof value === 'string' && /^\d{4}-\d\d-\d\d/.test(value)
  const at = isDate ? Date.parse(value) : Number.NaN
  return Number.isFinite(at) ? at : numberIn(asked, name, { fallback, kind: TIME })
}

export interface AuditPage {
  readonly entries: readonly AuditEntry[]
  /** Given as `after`, it brings the entries that follow; absent when there are none. */
  readonly next?: string
}

export const auditAdministration = ({ store }: { readonly store: Store }) => ({
  async listAudit(asked: Asked, accountId?: AccountId): Promise<AuditPage> {
    const limit = numberIn(asked, 'limit', { fallback: DEFAULT_LIMIT })
    if (limit < 1 || limit > MAX_LIMIT)
      throw new Refusal('bad_request', `limit must be from 1 to ${MAX_LIMIT}`)
    const entries = await store.read('auditEntries', {
      ...(accountId !== undefined && { accountId }),
      from: timeIn(asked, 'from', 0),
      before: timeIn(asked, 'to', FOREVER),
      after: numberIn(asked, 'after', { fallback: Number.MAX_SAFE_INTEGER }),
      limit: limit + 1,
    })
    const shown = entries.slice(0, limit)
    const last = shown.at(-1)
    return {
      entries: shown,
      ...(entries.length > limit && last && { next: String(last.number) }),
    }
  },
})
