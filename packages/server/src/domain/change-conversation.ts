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
import { addParticipant, removeParticipant } from './participants.ts'
import { isSupervisor, takesPart } from './permissions.ts'

export interface Refused {
  readonly refused: ErrorCode
  readonly detail?: string
}

/** One change applied, or the reason why not. The same snapshot means that nothing changed. */
export type Step = Conversation | Refused

export const isRefused = (step: Step): step is Refused => 'refused' in step

interface Applying extends ChangeRequest {
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

/** Agents change what they take part in; supervisors change everything. */
const forAgents =
  <K extends Kind>(apply: Apply<K>): Apply<K> =>
  (conversation, change, request) => {
    const { actor, before } = request
    if (actor.kind === 'consumer') return { refused: 'not_permitted' }
    if (!isSupervisor(actor) && !takesPart(before, actor.id)) return { refused: 'not_participant' }
    return apply(conversation, change, request)
  }

const steps: { readonly [K in Kind]: Apply<K> } = {
  close_conversation: (conversation, _, request) => closeConversation(conversation, request),
  close_dialog: (conversation, change, request) => closeDialog(conversation, change, request),
  add_participant: whenOpen(addParticipant),
  remove_participant: whenOpen(removeParticipant),
  suggest_agent: () => ({ refused: 'not_implemented' }),
  update_dialog: whenOpen(
    forAgents((conversation, { dialogId, metadata }) => {
      const known = conversation.dialogs.some(({ id }) => id === dialogId)
      if (!known) return { refused: 'dialog_not_found' }
      if (!metadata) return conversation
      return {
        ...conversation,
        dialogs: conversation.dialogs.map((dialog) =>
          dialog.id === dialogId
            ? { ...dialog, metadata: { ...dialog.metadata, ...metadata } }
            : dialog,
        ),
      }
    }),
  ),
  set_ttr: whenOpen((conversation, { type, seconds }, { actor, before }) =>
    actor.kind === 'agent' && !isSupervisor(actor) && !takesPart(before, actor.id)
      ? { refused: 'not_participant' }
      : { ...conversation, ttr: { type, seconds } },
  ),
  rate: (conversation, { csat }, { actor }) =>
    actor.kind === 'consumer' ? { ...conversation, csat } : { refused: 'not_permitted' },
  set_skill: whenOpen(
    forAgents((conversation, { skillId, ttr }, { actor, before }) =>
      takesPart(before, actor.id)
        ? { ...conversation, skillId, ttr }
        : { refused: 'not_participant' },
    ),
  ),
  set_manual_ettr: whenOpen(
    forAgents((conversation, { at }) => {
      const { manualEttr: _, ...rest } = conversation
      return at === null ? rest : { ...rest, manualEttr: at }
    }),
  ),
  set_delay: whenOpen(
    forAgents((conversation, { type, until }) => ({ ...conversation, delay: { type, until } })),
  ),
  set_note: whenOpen(forAgents((conversation, { note }) => ({ ...conversation, note }))),
  set_topic: whenOpen(forAgents((conversation, { topic }) => ({ ...conversation, topic }))),
}

const applyStep = (
  conversation: Conversation,
  change: ConversationChange,
  request: Applying,
): Step => (steps[change.kind] as Apply<Kind>)(conversation, change as never, request)

const removalsFirst = (changes: readonly ConversationChange[]): readonly ConversationChange[] =>
  changes.toSorted(
    (one, other) =>
      Number(other.kind === 'remove_participant') - Number(one.kind === 'remove_participant'),
  )

/** What happened to the need for an agent. [RT1] */
const routingEffect = (before: Conversation, after: Conversation): RoutingEffect => {
  if (after.state === 'closed') return before.state === 'closed' ? 'none' : 'end'
  const had = assignedAgent(before)
  const has = assignedAgent(after)
  if (has) return had ? 'none' : 'end'
  if (before.skillId !== after.skillId) return 'transfer'
  return had ? 'returned' : 'none'
}

/** Applies a request's changes, all or none. */
export const changeConversation: DecideChange = (before, request): ChangeOutcome => {
  let after = before
  for (const change of removalsFirst(request.changes)) {
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
  return {
    ok: true,
    conversation: { ...after, updatedAt, revision: before.revision + 1 },
    routing: routingEffect(before, after),
  }
}
