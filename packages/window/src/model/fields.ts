/** What a consumer changes of a conversation and of its own profile. */
import type { MessagingClient } from '@ringdown/client'
import type { Conversation } from './conversation.ts'

export const endConversation = async (
  client: MessagingClient,
  { id, openDialog }: Conversation,
): Promise<void> => {
  const dialogId = openDialog?.dialogId
  if (dialogId === undefined) return
  await client.request('updateConversationField', {
    conversationId: id,
    conversationField: [
      { field: 'DialogChange', type: 'UPDATE', dialog: { dialogId, state: 'CLOSE' } },
    ],
  })
}

interface Rating {
  /** From 1 to 5; undefined: the question is declined. */
  readonly rate: number | undefined
  readonly isSolved: boolean | undefined
}

/** [WIN25] */
export const rateConversation = async (
  client: MessagingClient,
  conversationId: string,
  { rate, isSolved }: Rating,
): Promise<void> => {
  const solved = isSolved === undefined ? {} : { csatResolutionConfirmation: isSolved }
  const rating =
    rate === undefined ? { status: 'SKIPPED' } : { status: 'FILLED', csatRate: rate, ...solved }
  await client.request('updateConversationField', {
    conversationId,
    conversationField: [{ field: 'CSATRate', ...rating } as never],
  })
}

/** By the names of the fields of a form. */
export type Profile = Readonly<
  Partial<Record<'firstName' | 'lastName' | 'email' | 'phone', string>>
>

/** [WIN26] */
export const setProfile = async (
  client: MessagingClient,
  { firstName, lastName, email, phone }: Profile,
): Promise<void> => {
  const privateData = { ...(email && { mail: email }), ...(phone && { mobileNum: phone }) }
  await client.request('setUserProfile', {
    ...(firstName && { firstName }),
    ...(lastName && { lastName }),
    privateData,
  })
}
