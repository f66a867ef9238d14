/**
 * Decides what a request does to a conversation. Pure: snapshot and request in, snapshot or refusal
 * out. Removals are applied before the rest, so that a take-over may be written in any order; apart
 * from that the order of the request holds. One refusal refuses all of it. [CV3]
 */
import type { ErrorCode } from '@ringdown/protocol'
import type {
  ChangeOutcome,
  ChangeRequest,
  ConversationChange,
  DecideChange,
  RoutingEffect,
} from './change.ts'
import { closeConversation, closeDialog } from './close.ts'
import type { Conversation } from './conversation.ts'
import { assignedAgent } from './conversation.ts'
import { createDialog, updateDialog } from './dialogs.ts'
import { addParticipant, removeParticipant } from './participants.ts'
import { isCapable, mayChange, maySee, takesPart } from './permissions.ts'
import type { Suggestion } from './routing/candidate.ts'
import { mayTransfer, suggestAgent, withoutSuggested } from './suggest.ts'

export interface Refused {
  readonly refused: ErrorCode
  readonly detail?: string
}

/** One change applied, or the reason why not. The same snapshot means that nothing changed. */
export type Step = Conversation | Refused

export const isRefused = (step: Step): step is Refused => 'refused' in step

export interface Applying extends ChangeRequest {
  /** The conversation as the request found it: who leaves with it may still move it. */
  readonly before: Conversation
}

type Kind = ConversationChange['kind']
type Apply<K extends Kind> = (
  conversation: Conversation,
  change: Extract<ConversationChange, { kind: K }>,
  request: Applying,
) => Step

const whenOpen =
  <K extends Kind>(apply: Apply<K>): Apply<K> =>
  (conversation, change, request) =>
    conversation.stage === 'closed'
      ? { refused: 'conversation_closed' }
      : apply(conversation, change, request)

/** Once the main dialog is closed nobody is waited for any more, though a survey may run. [DLG7] */
const whileServed =
  <K extends Kind>(apply: Apply<K>): Apply<K> =>
  (conversation, change, request) =>
    conversation.state === 'closed'
      ? { refused: 'conversation_closed' }
      : apply(conversation, change, request)

/** Agents change what they take part in or may join. [PRM8] */
const forAgents =
  <K extends Kind>(apply: Apply<K>): Apply<K> =>
  (conversation, change, request) => {
    const { actor, before } = request
    if (actor.kind === 'consumer') return { refused: 'not_permitted' }
    if (!mayChange(actor, before)) return { refused: 'not_participant' }
    return apply(conversation, change, request)
  }

/** Deadlines are set by those agents who may set them at all. [PRM8] */
const forDeadlines = <K extends Kind>(apply: Apply<K>): Apply<K> =>
  forAgents((conversation, change, request) =>
    request.actor.kind === 'agent' && isCapable(request.actor, 'set_manual_sla')
      ? apply(conversation, change, request)
      : { refused: 'not_permitted' },
  )

const steps: { readonly [K in Kind]: Apply<K> } = {
  close_conversation: (conversation, _, request) => closeConversation(conversation, request),
  close_dialog: (conversation, change, request) => closeDialog(conversation, change, request),
  add_participant: whenOpen(addParticipant),
  remove_participant: whenOpen(removeParticipant),
  suggest_agent: whileServed(forAgents(suggestAgent)),
  create_dialog: whenOpen(createDialog),
  update_dialog: whenOpen(forAgents(updateDialog)),
  set_ttr: whileServed((conversation, { type, seconds }, { actor, before }) =>
    actor.kind === 'agent' && !mayChange(actor, before)
      ? { refused: 'not_participant' }
      : { ...conversation, ttr: { type, seconds } },
  ),
  rate: (conversation, { csat }, { actor }) =>
    actor.kind === 'consumer' ? { ...conversation, csat } : { refused: 'not_permitted' },
  set_skill: whileServed(
    forAgents((conversation, { skillId, ttr }, { actor, before, transferRules }) => {
      if (!takesPart(before, actor.id)) return { refused: 'not_participant' }
      if (!mayTransfer(transferRules, { from: before.skillId, to: skillId }))
        return { refused: 'not_permitted', detail: 'Transfer to skill not allowed' }
      // [TTR5]
      const isKept = skillId === conversation.skillId
      return { ...conversation, skillId, ttr: isKept ? conversation.ttr : ttr }
    }),
  ),
  set_manual_ettr: whileServed(
    forDeadlines((conversation, { at }) => {
      const { manualEttr: _, ...rest } = conversation
      return at === null ? rest : { ...rest, manualEttr: at }
    }),
  ),
  set_delay: whileServed(
    forDeadlines((conversation, { type, until }) => ({ ...conversation, delay: { type, until } })),
  ),
  set_note: whenOpen(forAgents((conversation, { note }) => ({ ...conversation, note }))),
  set_topic: whenOpen(forAgents((conversation, { topic }) => ({ ...conversation, topic }))),
}

const applyStep = (
  conversation: Conversation,
  change: ConversationChange,
  request: Applying,
): Step => (steps[change.kind] as Apply<Kind>)(conversation, change as never, request)

/** Who leaves makes room for others; whom a conversation is suggested to depends on its skill. */
const turnOf = ({ kind }: ConversationChange): number =>
  kind === 'remove_participant' ? 0 : kind === 'suggest_agent' ? 2 : 1

const inTurn = (changes: readonly ConversationChange[]): readonly ConversationChange[] =>
  changes.toSorted((one, other) => turnOf(one) - turnOf(other))

/** Whom the request suggests, and until when. */
const suggestionOf = ({ changes, at }: ChangeRequest): Suggestion | undefined => {
  const change = changes.findLast((one) => one.kind === 'suggest_agent')
  return change && { agentId: change.agent.id, until: at + (change.waitSeconds ?? 0) * 1000 }
}

/** What happened to the need for an agent. [RT1] */
const routingEffect = (before: Conversation, after: Conversation): RoutingEffect => {
  if (after.state === 'closed') return before.state === 'closed' ? 'none' : 'end'
  const had = assignedAgent(before)
  const has = assignedAgent(after)
  if (has) return had ? 'none' : 'end'
  if (before.skillId !== after.skillId) return 'transfer'
  return had ? 'returned' : 'none'
}

/**
 * An agent who may not see the conversation learns nothing of its state from a refusal: it is told
 * the same of open and closed ones. Who asks to join is judged by the right to join. [PRM12]
 */
const hiddenFrom = (
  before: Conversation,
  { actor, changes }: ChangeRequest,
): ErrorCode | undefined => {
  if (actor.kind !== 'agent' || maySee(actor, before)) return undefined
  if (changes.some(({ kind }) => kind !== 'add_participant')) return 'not_participant'
  return before.stage === 'closed' ? 'not_permitted' : undefined
}

/** Applies a request's changes, all or none. */
export const changeConversation: DecideChange = (before, request): ChangeOutcome => {
  const hidden = hiddenFrom(before, request)
  if (hidden) return { ok: false, code: hidden }
  let after = before
  for (const change of inTurn(request.changes)) {
    const step = applyStep(after, change, { ...request, before })
    if (isRefused(step)) {
      const { refused, detail } = step
      return { ok: false, code: refused, ...(detail !== undefined && { detail }) }
    }
    after = step
  }
  if (after === before) return { ok: true, conversation: before, routing: 'none' }
  // Strictly rising, so that a client can drop the older of two snapshots made in one millisecond.
  const updatedAt = Math.max(request.at, before.updatedAt + 1)
  const suggested = suggestionOf(request)
  const routing = suggested ? 'transfer' : routingEffect(before, after)
  // Another task, or none, asks others: the suggestion of the one before is over. [RT13]
  const settled = suggested || routing === 'none' ? after : withoutSuggested(after, request.at)
  return {
    ok: true,
    conversation: { ...settled, updatedAt, revision: before.revision + 1 },
    routing,
    ...(suggested && { suggested }),
  }
}
