/** Who changed what by administration, when and from where; never what was written. [AG53] */
import type { AccountId, Timestamp } from '@ringdown/protocol'

/** The administration token, as the one who changed something. */
export const TOKEN_HOLDER = 'administration-token'

/** What a command is told of the one behind it. */
export interface AuditNote {
  readonly at: Timestamp
  /** A user id of the account, or `TOKEN_HOLDER`. */
  readonly by: string
  /** Address of the client. */
  readonly from: string
  /** Entries before this are forgotten. [AG55] */
  readonly forgetBefore: Timestamp
}

export interface AuditEntry extends Omit<AuditNote, 'forgetBefore'> {
  /** Counts the entries of the store, in the order of the changes. */
  readonly number: number
  /** Absent: a change of the whole server. */
  readonly accountId?: AccountId
  /** The command, such as `updateAgent`. */
  readonly action: string
  /** Ids of what was changed. */
  readonly subjects: readonly string[]
  /** Names of what was given, where a change names only what it changes. */
  readonly fields: readonly string[]
}
