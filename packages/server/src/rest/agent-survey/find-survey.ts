/** Which survey an agent is asked about which conversation, and whether it is theirs. [HIS20] */
import { DetailedRefusal, NO_SKILL, Refusal } from '@ringdown/protocol'
import type { AgentActor } from '../../domain/actor.ts'
import { type AgentSurvey, UNTOUCHED_REVISION } from '../../domain/agent-survey.ts'
import type { Capability } from '../../domain/capabilities.ts'
import { configured } from '../../domain/configuration.ts'
import { type Conversation, mainDialog } from '../../domain/conversation.ts'
import { isCapable, maySee, takesPart } from '../../domain/permissions.ts'
import type { AgentSurveyState } from '../../store/store.ts'
import type { RestParts } from '../rest-parts.ts'
import { contextOf, nothingToAnswer, type Standing } from './wire.ts'

const DEFAULT_TIMEOUT_MINUTES = 60
const MINUTE_MS = 60_000

export interface FoundSurvey {
  readonly conversation: Conversation
  readonly skillId: string
  readonly survey: AgentSurvey
  readonly standing: Standing
  readonly timeoutMinutes: number
  readonly isExpired: boolean
}

export interface SurveyQuery {
  readonly conv?: unknown
  readonly skill?: unknown
}

/** A refusal that also says where the survey stands: some clients read that first. [HIS20] */
export const refuseWith = (refusal: Refusal, standing: Standing = nothingToAnswer): never => {
  const { message } = refusal
  throw new DetailedRefusal(refusal.code, { ...contextOf(standing), message })
}

/** Whoever takes or took part in it, or is asked to. */
const servedBy = async (
  { store }: Pick<RestParts, 'store'>,
  { id, accountId }: AgentActor,
  conversation: Conversation,
): Promise<boolean> => {
  if (takesPart(conversation, id)) return true
  const rings = await store.read('waitingRings', { accountId, agentId: id })
  if (rings.some(({ conversationId }) => conversationId === conversation.id)) return true
  const { count } = await store.read('history', {
    accountId,
    conversationId: conversation.id,
    visibleTo: { agentId: id },
    sort: { by: 'start', direction: 'asc' },
    offset: 0,
    limit: 1,
  })
  return count > 0
}

/** The conversation, for those who may do this with its survey. [HIS21] */
const conversationFor = async (
  parts: Pick<RestParts, 'store'>,
  actor: AgentActor,
  { conv, capability }: { conv: unknown; capability: Capability },
): Promise<Conversation> => {
  const isId = typeof conv === 'string' && conv !== ''
  if (!isId) throw new Refusal('bad_request', 'conv is missing')
  const conversation = await parts.store.read('conversation', {
    accountId: actor.accountId,
    id: conv,
  })
  const serves = conversation !== undefined && (await servedBy(parts, actor, conversation))
  if (!conversation || !(serves || maySee(actor, conversation)))
    throw new Refusal('conversation_not_found')
  const isOwn = serves || capability === 'view_agent_surveys'
  if (!isOwn || !isCapable(actor, capability)) throw new Refusal('not_permitted')
  return conversation
}

const surveyOf = async (
  { store }: Pick<RestParts, 'store'>,
  accountId: string,
  skillId: string,
): Promise<{ survey: AgentSurvey; timeoutMinutes: number } | undefined> => {
  if (skillId === NO_SKILL) return undefined
  const skill = await store.read('skill', { accountId, id: skillId })
  const { agentSurveyId: id, agentSurveyTimeoutMinutes } = skill?.rules ?? {}
  if (id === undefined) return undefined
  const item = await store.read('configurationItem', { accountId, kind: 'agent-surveys', id })
  const [survey] = item ? configured('agent-surveys', [item]) : []
  return (
    survey && {
      survey,
      timeoutMinutes: agentSurveyTimeoutMinutes ?? survey.timeoutMinutes ?? DEFAULT_TIMEOUT_MINUTES,
    }
  )
}

const closesAt = (conversation: Conversation, timeoutMinutes: number): number => {
  const endedAt = conversation.endedAt ?? mainDialog(conversation).endedAt
  return endedAt === undefined ? -1 : endedAt + timeoutMinutes * MINUTE_MS
}

export const standingOf = (
  state: Pick<AgentSurveyState, 'status' | 'revision' | 'answers' | 'at'> | undefined,
  closing: number,
): Standing => ({
  status: state?.status ?? 'open',
  revision: state?.revision ?? UNTOUCHED_REVISION,
  answers: state?.answers ?? [],
  at: state?.at ?? 0,
  closesAt: closing,
})

/** The survey that is meant; refuses where there is none, or the caller has no business with it. */
export const findSurvey = async (
  parts: Pick<RestParts, 'store' | 'clock'>,
  actor: AgentActor,
  { query, capability }: { query: SurveyQuery; capability: Capability },
): Promise<FoundSurvey> => {
  const { accountId } = actor
  const conversation = await conversationFor(parts, actor, { conv: query.conv, capability })
  // A conversation that was transferred has a survey for each skill that it had.
  const asked = typeof query.skill === 'string' && query.skill !== NO_SKILL ? query.skill : ''
  const skillId = asked === '' ? conversation.skillId : asked
  const found = await surveyOf(parts, accountId, skillId)
  if (!found) throw new Refusal('item_not_found', 'There is no survey for this skill')
  const { survey, timeoutMinutes } = found
  const place = { accountId, conversationId: conversation.id, skillId }
  const state = await parts.store.read('agentSurvey', place)
  const closing = closesAt(conversation, timeoutMinutes)
  return {
    conversation,
    skillId,
    survey,
    timeoutMinutes,
    // Another survey was set meanwhile: the answers of the former one are not of this.
    standing: standingOf(
      state && (state.surveyId === survey.id ? state : { ...state, status: 'open', answers: [] }),
      closing,
    ),
    isExpired: closing !== -1 && parts.clock.now() >= closing,
  }
}
