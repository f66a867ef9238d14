/**
 * Step-up: a consumer whom nobody knew proves who it is and keeps its open conversations. It shows
 * the token of its unproven identity together with the proof, so that nobody can take a thread whose
 * token it does not hold. [DLG24] [DLG27]
 */
import type { AccountId, ConsumerId } from '@ringdown/protocol'
import { Refusal } from '@ringdown/protocol'
import type { ConversationNews, RingNews, SessionNews } from '../bus/subjects.ts'
import { subjects } from '../bus/subjects.ts'
import type { Context } from '../context.ts'
import type { ConsumerTokens } from './consumer-tokens.ts'

/** The consumer whose token this is, if it may be stepped up from. [DLG27] */
export const unprovenConsumer = async (
  tokens: Pick<ConsumerTokens, 'verify'>,
  accountId: AccountId,
  token: string,
): Promise<ConsumerId> => {
  const verdict = await tokens.verify(accountId, token)
  if (!verdict.ok) throw new Refusal(verdict.isExpired ? 'token_expired' : 'invalid_token')
  if (verdict.actor.strength === 'authenticated')
    throw new Refusal('not_permitted', 'stepUpFrom is the token of an authenticated consumer')
  return verdict.actor.id
}

/** Moves the conversations, tells everybody, and ends the older identity's connections. [DLG26] */
export const stepUp = async (
  { store, bus, clock }: Pick<Context, 'store' | 'bus' | 'clock'>,
  { accountId, from, to }: { accountId: AccountId; from: ConsumerId; to: ConsumerId },
): Promise<void> => {
  const at = clock.now()
  const { changes, rings } = await store.write('stepUp', { accountId, from, to, at })
  for (const ring of rings)
    bus.publish(subjects.rings(accountId), { ring, isTaskDone: false } satisfies RingNews)
  for (const { before, after } of changes) {
    const news: ConversationNews = { before, after, cause: 'structure' }
    bus.publish(subjects.conversations(accountId), news)
  }
  const conversations = changes.map(({ after }) => after)
  const ended: SessionNews = { sessionIds: [], steppedUp: { consumerId: from, conversations } }
  bus.publish(subjects.sessions(accountId), ended)
}
