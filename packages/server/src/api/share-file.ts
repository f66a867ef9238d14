/** What a publish does that names a file, before its event goes to the log. [FIL11] */
import { Refusal } from '@ringdown/protocol'
import type { Conversation, Dialog } from '../domain/conversation.ts'
import { findParticipant } from '../domain/conversation.ts'
import type { Audience } from '../domain/event.ts'
import { mayPublish } from '../domain/permissions.ts'
import { findReadable } from './files.ts'
import type { Call } from './handler.ts'

export interface Sharing {
  readonly path: string
  readonly conversation: Conversation
  readonly dialog: Dialog
  readonly audience: Audience
}

/**
 * Refuses paths that this server did not give out for the account, and files that the publisher may
 * not have. Who is going to be refused anyway shares nothing.
 */
export const shareFile = async (
  { session, services }: Pick<Call<'publishEvent'>, 'session' | 'services'>,
  { path, conversation, dialog, audience }: Sharing,
): Promise<void> => {
  const { actor } = session
  const file = await findReadable(services, actor, { path, dialogId: dialog.id })
  if (!file)
    throw new Refusal('bad_request', 'Bad request: body.event.message.relativePath names no file')
  const participant = findParticipant(dialog, actor.id)
  if (!participant || !mayPublish(participant) || dialog.state !== 'open') return
  const { accountId } = actor
  const place = { conversationId: conversation.id, dialogId: dialog.id, audience }
  if (file.state === 'issued')
    services.log.info({ accountId, dialogId: dialog.id }, 'a file was shared before its bytes came')
  await services.store.write('useFile', { accountId, path: file.path, ...place })
}
