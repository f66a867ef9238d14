/** What an agent does with a conversation, each in one request. [WSP20] */
import type { RequestBody } from '@ringdown/client'
import type { Conversation } from './conversation.ts'
import type { Desk } from './desk.ts'

type Change = Extract<
  RequestBody<'updateConversationField'>['conversationField'],
  readonly unknown[]
>[number]

const change = async (desk: Desk, id: string, changes: readonly Change[]): Promise<void> => {
  const conversationField = [...changes]
  await desk.client.request('updateConversationField', { conversationId: id, conversationField })
}

const person = (
  type: 'ADD' | 'REMOVE' | 'SUGGEST',
  role: 'ASSIGNED_AGENT' | 'MANAGER',
  userId: string,
) => ({ field: 'ParticipantsChange', type, role, userId }) as const

const leaving = ({ assignedAgentId }: Conversation): readonly Change[] =>
  assignedAgentId === undefined ? [] : [person('REMOVE', 'ASSIGNED_AGENT', assignedAgentId)]

/** Ends it; with a survey only the main dialog is closed, and the server opens what follows. */
export const close = (
  desk: Desk,
  { id, dialogId }: Conversation,
  withSurvey: boolean,
): Promise<void> =>
  change(desk, id, [
    withSurvey
      ? { field: 'DialogChange', type: 'UPDATE', dialog: { dialogId, state: 'CLOSE' } }
      : { field: 'ConversationStateField', conversationState: 'CLOSE' },
  ])

export const backToQueue = (desk: Desk, conversation: Conversation): Promise<void> =>
  change(desk, conversation.id, leaving(conversation))

export const transferToSkill = (
  desk: Desk,
  conversation: Conversation,
  skill: string,
): Promise<void> =>
  change(desk, conversation.id, [
    ...leaving(conversation),
    { field: 'Skill', type: 'UPDATE', skill },
  ])

export const transferToAgent = (
  desk: Desk,
  conversation: Conversation,
  agentId: string,
): Promise<void> =>
  change(desk, conversation.id, [
    person('SUGGEST', 'ASSIGNED_AGENT', agentId),
    ...leaving(conversation),
  ])

export const join = (desk: Desk, { id }: Conversation): Promise<void> =>
  change(desk, id, [person('ADD', 'MANAGER', desk.me)])

export const leave = (desk: Desk, { id }: Conversation): Promise<void> =>
  change(desk, id, [person('REMOVE', 'MANAGER', desk.me)])

/** From whoever has it, or from the queue. */
export const takeOver = (desk: Desk, conversation: Conversation): Promise<void> => {
  const stepsDown = conversation.ownRole === 'MANAGER' ? [person('REMOVE', 'MANAGER', desk.me)] : []
  return change(desk, conversation.id, [
    ...leaving(conversation),
    ...stepsDown,
    person('ADD', 'ASSIGNED_AGENT', desk.me),
  ])
}
