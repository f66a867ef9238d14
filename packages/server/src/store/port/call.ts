import type { AccountId } from '@ringdown/protocol'

/** One command or query: what it is given and what it answers. */
export interface Call<Data, Result> {
  readonly data: Data
  readonly result: Result
}

/** Data that names the account it is confined to. */
export type InAccount<T = unknown> = T & { readonly accountId: AccountId }
