import { Refusal } from '@ringdown/protocol'
import type { NewEvent } from '../domain/event.ts'
import { maySee } from '../domain/permissions.ts'
import type { Parts } from './follow.ts'

/**
 * What a publisher is told of a failed append: an agent who may not see the conversation hears the
 * same whether the dialog is open or closed. Reads the store, which only failures pay for. [PRM12]
 */
export const asToldToOutsiders = async (
  { session, services }: Parts,
  { accountId, conversationId: id }: NewEvent,
  failure: unknown,
): Promise<unknown> => {
  const { actor } = session
  if (actor.kind !== 'agent') return failure
  if (!(failure instanceof Refusal) || failure.code !== 'dialog_closed') return failure
  const conversation = await services.store.read('conversation', { accountId, id })
  return conversation && maySee(actor, conversation) ? failure : new Refusal('not_participant')
}
