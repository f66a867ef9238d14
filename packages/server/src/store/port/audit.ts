/** Who changed what by administration. Entries are written by the commands that carry a note. */
import type { AccountId, Timestamp } from '@ringdown/protocol'
import type { AuditEntry, AuditNote } from '../../domain/audit.ts'
import type { Call } from './call.ts'

/** Data of a command that somebody gave by administration: the note is written with the change. */
export interface Audited {
  readonly audit?: AuditNote
}

export interface AuditQueries {
  /** Newest first. Without an account: of the whole server. [AG54] */
  auditEntries: Call<
    {
      readonly accountId?: AccountId
      /** Inclusive. */
      readonly from: Timestamp
      /** Exclusive. */
      readonly before: Timestamp
      /** Those that follow the entry of this number. */
      readonly after?: number
      readonly limit: number
    },
    readonly AuditEntry[]
  >
}
