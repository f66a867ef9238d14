/** Transfer to one agent: suggested to it alone, for a while. [RT13] [RT15] */
import { NO_SKILL } from '@ringdown/protocol/ids'
import type { SkillRules } from './account.ts'
import type { AgentState } from './agent-state.ts'
import type { ChangeOutcome, ChangeRequest, ConversationChange } from './change.ts'
import type { Step } from './change-conversation.ts'
import type { Conversation, Participant } from './conversation.ts'
import { assignedAgent, mainDialog } from './conversation.ts'
import { mayChangeParticipant } from './participant-rights.ts'
import { mayTransferTo, takesPart } from './permissions.ts'

type Suggesting = Extract<ConversationChange, { kind: 'suggest_agent' }>

/** What is known of an agent that is to be suggested. */
export interface SuggestTarget {
  readonly isEnabled: boolean
  readonly skillIds: readonly string[]
  readonly availability: AgentState['availability']
}

/** Where a conversation of the skill may be transferred to. */
export type TransferRules = Pick<SkillRules, 'canTransfer' | 'transferTo'> & {
  readonly skillId: string
}

/** Whether the skill's transfer list lets its conversations go there; to itself always. [RT16] */
export const mayTransfer = (
  rules: TransferRules | undefined,
  { from, to }: { from: string; to: string },
): boolean => {
  if (from === to || rules?.skillId !== from) return true
  return rules.canTransfer && (rules.transferTo?.includes(to) ?? true)
}

const withMainParticipants = (
  conversation: Conversation,
  participants: readonly Participant[],
  at: number,
): Conversation => {
  const main = mainDialog(conversation)
  return {
    ...conversation,
    dialogs: conversation.dialogs.map((dialog) =>
      dialog === main ? { ...dialog, participants, updatedAt: at } : dialog,
    ),
  }
}

export const suggestedAgent = (conversation: Conversation): Participant | undefined =>
  mainDialog(conversation).participants.find(({ state }) => state === 'suggested')

/** The conversation without anybody suggested; the same snapshot when nobody is. */
export const withoutSuggested = (conversation: Conversation, at: number): Conversation => {
  if (!suggestedAgent(conversation)) return conversation
  const active = mainDialog(conversation).participants.filter(({ state }) => state === 'active')
  return withMainParticipants(conversation, active, at)
}

/** The suggestion is over and the whole skill is asked. [RT13] */
export const suggestionDropped = (before: Conversation, at: number): ChangeOutcome => {
  const conversation = withoutSuggested(before, at)
  if (conversation === before) return { ok: true, conversation, routing: 'none' }
  const updatedAt = Math.max(at, before.updatedAt + 1)
  return {
    ok: true,
    routing: 'none',
    conversation: { ...conversation, updatedAt, revision: before.revision + 1 },
  }
}

/** The skill that the conversation has with this target; undefined when the two do not fit. */
const skillWith = (skillId: string, { skillIds }: SuggestTarget): string | undefined => {
  if (skillIds.length === 0) return NO_SKILL
  return skillId === NO_SKILL || skillIds.includes(skillId) ? skillId : undefined
}

/** Puts the target behind those who take part, as suggested; comes after all other changes. */
export const suggestAgent = (
  conversation: Conversation,
  { agent, target }: Suggesting,
  { actor, at, before }: ChangeRequest & { readonly before: Conversation },
): Step => {
  if (actor.kind === 'consumer') return { refused: 'not_permitted' }
  const dialog = mainDialog(before)
  const asked = { change: 'suggest', role: 'assigned_agent', agentId: agent.id, dialog } as const
  if (!mayChangeParticipant(actor, { ...asked, conversation: before }))
    return { refused: takesPart(before, actor.id) ? 'not_permitted' : 'not_participant' }
  const isThere = dialog.participants.some((one) => one.id === agent.id && one.state === 'active')
  if (isThere) return { refused: 'agent_already_participates' }
  if (!target) return { refused: 'agent_not_found' }
  if (!target.isEnabled || !mayTransferTo(actor, target.availability))
    return { refused: 'not_permitted', detail: 'Transfer to agent not allowed' }
  const skillId = skillWith(conversation.skillId, target)
  if (skillId === undefined)
    return { refused: 'bad_request', detail: 'Bad request: the agent does not have the skill' }
  if (assignedAgent(conversation)) return { refused: 'already_assigned' }
  const { participants } = mainDialog(withoutSuggested(conversation, at))
  const suggested: Participant = {
    id: agent.id,
    userId: agent.userId,
    role: 'assigned_agent',
    state: 'suggested',
  }
  return { ...withMainParticipants(conversation, [...participants, suggested], at), skillId }
}
