/** Application keys: four values with which a program logs in as an agent. */
import type { AccountId, Timestamp, UserId } from '@ringdown/protocol'
import type { LoginSession } from '../store.ts'
import type { Call, InAccount } from './call.ts'

/** An account's key. Its two secrets are kept as SHA-256 hashes in hex. [AG36] */
export interface AppKey {
  readonly accountId: AccountId
  /** The application key itself: public, and unique in its account. */
  readonly id: string
  readonly name: string
  readonly accessToken: string
  readonly secretHash: string
  readonly accessTokenSecretHash: string
  /** Who may log in with it; empty: every bot and API user of the account. */
  readonly userIds: readonly UserId[]
  readonly createdAt: Timestamp
}

export interface SessionCommands {
  /** Refuses with account_not_found, and with bad_request when the account has too many keys. */
  createAppKey: Call<AppKey, AppKey>
  /** Removes the key and ends the sessions that it opened. Refuses with key_not_found. */
  revokeAppKey: Call<InAccount<{ id: string; at: Timestamp }>, readonly LoginSession[]>
}

export interface SessionQueries {
  appKey: Call<InAccount<{ id: string }>, AppKey | undefined>
  /** Oldest first. */
  appKeys: Call<AccountId, readonly AppKey[]>
}
