/** A consumer who was unknown and has proven who it is keeps its open conversations. [DLG24] */
import type { ConsumerId, Timestamp } from '@ringdown/protocol'
import type { Activity, Conversation, Dialog } from './conversation.ts'

export interface StepUp {
  readonly from: ConsumerId
  readonly to: ConsumerId
  readonly at: Timestamp
}

const withNewCount = (unread: Activity['unread'], { from, to }: StepUp): Activity['unread'] => {
  const { [from]: count, ...others } = unread
  return count === undefined ? unread : { ...others, [to]: count }
}

const inDialog = (dialog: Dialog, change: StepUp, at: Timestamp): Dialog => ({
  ...dialog,
  updatedAt: at,
  participants: dialog.participants.map((one) =>
    one.role === 'consumer' && one.id === change.from ? { ...one, id: change.to } : one,
  ),
  activity: { ...dialog.activity, unread: withNewCount(dialog.activity.unread, change) },
})

/** The same conversation under the new id. Events keep the id under which they were said. [DLG25] */
export const steppedUp = (conversation: Conversation, change: StepUp): Conversation => {
  if (conversation.consumerId !== change.from || conversation.stage === 'closed')
    return conversation
  const updatedAt = Math.max(change.at, conversation.updatedAt + 1)
  return {
    ...conversation,
    consumerId: change.to,
    updatedAt,
    dialogs: conversation.dialogs.map((dialog) => inDialog(dialog, change, updatedAt)),
    revision: conversation.revision + 1,
  }
}
