import { Refusal } from '@ringdown/protocol'
import { decodeQuery } from '../dialects/decode-conversation.ts'
import { integerOf, textOf } from '../dialects/decoded.ts'
import { JsonText } from '../dialects/json-text.ts'
import type { Dialog } from '../domain/conversation.ts'
import { findDialog } from '../domain/conversation.ts'
import { mayRead } from '../domain/permissions.ts'
import { orRefuse } from './decoding.ts'
import type { Followed, Parts } from './follow.ts'
import { followDialog } from './follow.ts'
import type { Handler } from './handler.ts'

/** The dialog and its conversation, if the caller may read it. Foreign ids answer as unknown ones do. [EV6] */
const readableDialog = async ({ session, services }: Parts, id: string): Promise<Followed> => {
  const conversation = await services.hubs.cache.ofDialog(session.accountId, id)
  const dialog = conversation && findDialog(conversation, id)
  if (!dialog || !mayRead(session.actor, conversation, dialog))
    throw new Refusal('dialog_not_found')
  return { conversation, dialog }
}

/** A position after the tail is a mistake that must not end in a silent wait. [SUB11] */
const assertWithinLog = async (parts: Parts, dialog: Dialog, from: number): Promise<void> => {
  if (from <= dialog.activity.nextSequence) return
  const { session, services } = parts
  const read = await services.store.read('conversationOfDialog', {
    accountId: session.accountId,
    dialogId: dialog.id,
  })
  const next = (read && findDialog(read, dialog.id)?.activity.nextSequence) ?? 0
  if (from > next)
    throw new Refusal(
      'bad_request',
      `Bad request: body.fromSeq is beyond the next sequence ${next}`,
    )
}

/** Replays from a sequence and goes on live. [SUB1] */
export const subscribeMessagingEvents: Handler<'subscribeMessagingEvents'> = async (call) => {
  const { body, session, services } = call
  const dialogId = textOf(body.dialogId) ?? ''
  const from = Math.max(0, integerOf(body.fromSeq) ?? 0)
  const followed = await readableDialog(call, dialogId)
  const { dialog } = followed
  await assertWithinLog(call, dialog, from)
  if (!session.dialogFeed(dialogId)) session.assertRoomForSubscription()
  // A feed that nobody asked for ends before the answer, so that no event comes twice.
  session.unfollow(dialogId)
  return {
    body: session.dialect.version === 3 ? {} : { subscriptionId: services.ids.uuid() },
    after: () => {
      followDialog(call, followed, { from, announcesReplay: true, isImplicit: false })
      services.readers.add(session, dialog.id)
    },
  }
}

export const unsubscribeMessagingEvents: Handler<'unsubscribeMessagingEvents'> = async (call) => {
  const dialogId = textOf(call.body.dialogId) ?? ''
  await readableDialog(call, dialogId)
  call.session.unfollow(dialogId)
  return { body: 'OK Unsubscribed successfully' }
}

/** Pulls events: both bounds as named, ascending, a capped number of the newest. [SUB12] */
export const queryMessages: Handler<'queryMessages'> = async (call) => {
  const { body, session, services } = call
  const { dialogId, from, before, max } = orRefuse(decodeQuery(body))
  const { dialog } = await readableDialog(call, dialogId)
  const cap = services.config.limits.queryEvents
  const events = await services.store.read('events', {
    accountId: session.accountId,
    dialogId: dialog.id,
    from,
    ...(before !== undefined && { before }),
    audience: session.role === 'consumer' ? 'all' : 'agents',
    limit: Math.min(max ?? cap, cap),
    newest: max !== undefined,
  })
  return { body: new JsonText(session.dialect.queryBody(events)) }
}
