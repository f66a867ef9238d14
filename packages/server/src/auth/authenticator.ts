import type { AccountId } from '@ringdown/protocol'
import type { AgentActor, ConsumerActor } from '../domain/actor.ts'

export type ConsumerVerdict =
  | { readonly ok: true; readonly actor: ConsumerActor }
  /** `anonymous_token` closes with 4407: the client renews at the identity provider. */
  | { readonly ok: false; readonly close: 'token' | 'anonymous_token' }

/** Turns tokens into actors. The only way in. */
export interface Authenticator {
  /** Checks a consumer token made by this server, for this account. */
  consumer(accountId: AccountId, token: string): Promise<ConsumerVerdict>
  /** The agent of a live login session's bearer; undefined when there is none. */
  bearer(accountId: AccountId, bearer: string): Promise<AgentActor | undefined>
}
