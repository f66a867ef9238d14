/** What an agent does with a conversation, each in one request. [WSP20] */
import type { RequestBody } from '@ringdown/client'
import type { Conversation } from './conversation.ts'
import type { Desk } from './desk.ts'

export type Change = Extract<
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
export const closing = ({ dialogId }: Conversation, withSurvey: boolean): readonly Change[] => [
  withSurvey
    ? { field: 'DialogChange', type: 'UPDATE', dialog: { dialogId, state: 'CLOSE' } }
    : { field: 'ConversationStateField', conversationState: 'CLOSE' },
]

export const returning = (conversation: Conversation): readonly Change[] => leaving(conversation)

export const passingToSkill = (conversation: Conversation, skill: string): readonly Change[] => [
  ...leaving(conversation),
  { field: 'Skill', type: 'UPDATE', skill },
]

export const passingToAgent = (conversation: Conversation, agentId: string): readonly Change[] => [
  person('SUGGEST', 'ASSIGNED_AGENT', agentId),
  ...leaving(conversation),
]

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
