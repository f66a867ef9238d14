/** What an account tries to reach of another one. */
import type { Agent } from '../../domain/account.ts'
import type { Conversation } from '../../domain/conversation.ts'

/** What exists in the first account, and the second account that tries to reach it. */
export interface Owned {
  readonly accountId: string
  readonly other: string
  readonly agent: Agent
  readonly conversation: Conversation
  readonly ringId: string
  readonly queuedTaskId: string
  readonly skillId: string
  readonly groupId: string
  readonly sessionId: string
  readonly tokenId: string
  readonly filePath: string
  readonly appKeyId: string
}

export type Attempts<Name extends string, Data extends Record<Name, unknown>> = {
  readonly [N in Name]:
    | { readonly data: (owned: Owned) => Data[N]; readonly expected: unknown }
    | 'names no foreign id'
    | 'spans accounts'
}

export const OTHER_IDENTITY = 'names no foreign id'
