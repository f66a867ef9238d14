/** Requests that open, find or read conversations, as domain values. */
import {
  type AgentId,
  type ClientProperties,
  type ConsumerId,
  type ConversationId,
  type DialogId,
  NO_SKILL,
  type Sequence,
  type SkillId,
  type Timestamp,
} from '@ringdown/protocol'
import type { TtrType } from '../domain/account.ts'
import type { Actor } from '../domain/actor.ts'
import type { Conversation, OpenState } from '../domain/conversation.ts'
import { publicIdOf } from './agent-references.ts'
import { clientProperties } from './client-properties.ts'
import {
  bad,
  cut,
  type Decoded,
  fine,
  integerOf,
  listOf,
  objectOf,
  textOf,
  type WireObject,
  wordOf,
} from './decoded.ts'
import { ttrTypesByName } from './wire-terms.ts'

export interface NewConversation {
  readonly skillId: SkillId
  readonly ttrType?: TtrType
  readonly campaign?: NonNullable<Conversation['campaign']>
  readonly context?: NonNullable<Conversation['context']>
  readonly brandId?: string
  /** Agents only: for whom. */
  readonly consumerId?: ConsumerId
}

/** Half a campaign is none. */
const decodeCampaign = (value: unknown): Decoded<NewConversation['campaign']> => {
  if (value === undefined || value === null) return fine(undefined)
  const { campaignId, engagementId } = objectOf(value) ?? {}
  if (campaignId == null || engagementId == null) return fine(undefined)
  const ids = { campaignId: integerOf(campaignId), engagementId: integerOf(engagementId) }
  return ids.campaignId === undefined || ids.engagementId === undefined
    ? bad('campaignInfo')
    : fine({ campaignId: ids.campaignId, engagementId: ids.engagementId })
}

/** The account's default also stands for the one name that only one client knows. */
const decodeTtrName = (value: unknown): Decoded<TtrType | undefined> => {
  if (value === undefined || value === null || value === '') return fine(undefined)
  const name = wordOf(value)
  const type = ttrTypesByName.get(name ?? '')
  return type || name === 'NIGHT' ? fine(type) : bad('ttrDefName')
}

const contextTexts = ['type', 'lang', 'visitorId', 'sessionId', 'interactionContextId', 'name']
const CONTEXT_TEXT_LENGTH = 256

/** Only what is documented is kept, so that a context stays small. */
const decodeContext = (value: unknown, connection?: ClientProperties): WireObject | undefined => {
  const given = objectOf(value)
  if (!given && !connection) return undefined
  const texts = contextTexts.flatMap((name) => {
    const text = given?.[name]
    const isText = typeof text === 'string' || typeof text === 'number'
    return isText ? [[name, cut(String(text), CONTEXT_TEXT_LENGTH)]] : []
  })
  const features = given?.['features']
  const own = objectOf(given?.['clientProperties'])
  // Older clients name their features beside the properties.
  const told =
    own || features !== undefined
      ? clientProperties({ ...(features !== undefined && { features }), ...own })
      : undefined
  const properties = { ...connection, ...told, ...addressOf(connection) }
  return {
    ...(Object.fromEntries(texts) as WireObject),
    ...((connection || told) && { clientProperties: properties }),
  }
}

const addressOf = (connection?: ClientProperties) =>
  connection?.ipAddress === undefined ? {} : { ipAddress: connection.ipAddress }

/** A request for a conversation; every member is optional. `connection` is what the socket told. */
export const decodeNewConversation = (
  body: WireObject,
  connection?: ClientProperties,
): Decoded<NewConversation> => {
  const campaign = decodeCampaign(body['campaignInfo'])
  if (!campaign.ok) return campaign
  const ttrType = decodeTtrName(body['ttrDefName'])
  if (!ttrType.ok) return ttrType
  const context = decodeContext(body['conversationContext'] ?? body['context'], connection)
  const brandId = textOf(body['brandId'])
  const consumerId = textOf(body['consumerId'])
  return fine({
    skillId: textOf(body['skillId']) ?? NO_SKILL,
    ...(ttrType.value && { ttrType: ttrType.value }),
    ...(campaign.value && { campaign: campaign.value }),
    ...(context && { context }),
    ...(brandId && { brandId }),
    ...(consumerId && { consumerId }),
  })
}

/** What a subscription asks to see; an empty list of states matches nothing. The account and the caller's own walls come from the actor. */
export interface ConversationCriteria {
  readonly conversationId?: ConversationId
  readonly consumerId?: ConsumerId
  readonly agentIds?: readonly AgentId[]
  readonly states?: readonly OpenState[]
  readonly stages?: readonly OpenState[]
  readonly minUpdatedAt?: Timestamp
  readonly maxUpdatedAt?: Timestamp
  readonly maxEttr?: Timestamp
  readonly brandId?: string
}

const statesByName: ReadonlyMap<string, OpenState | undefined> = new Map([
  ['OPEN', 'open'],
  ['CLOSE', 'closed'],
  // Words that clients know and that no conversation here is ever in: they match nothing.
  ['LOCKED', undefined],
  ['QUEUED', undefined],
  ['PENDING', undefined],
])

const decodeStates = (value: unknown, field: string): Decoded<readonly OpenState[] | undefined> => {
  const words = listOf(value).map((one) => wordOf(one) ?? '')
  if (words.length === 0) return fine(undefined)
  if (!words.every((word) => statesByName.has(word))) return bad(field)
  return fine([...new Set(words.flatMap((word) => statesByName.get(word) ?? []))])
}

/** Nulls mean the caller; a list that names nobody filters nothing. */
const decodeAgentIds = (value: unknown, actor: Actor): readonly AgentId[] | undefined => {
  if (value === undefined || value === null) return undefined
  const ids = listOf(value).flatMap((one) => publicIdOf(one, actor) ?? [])
  return ids.length > 0 ? ids : undefined
}

/** A bound in milliseconds; 0 and below mean none, as clients send it unasked. */
const boundOf = (value: unknown): Timestamp | undefined => {
  const bound = typeof value === 'string' ? Number(value) : value
  return typeof bound === 'number' && bound > 0 && bound <= Number.MAX_SAFE_INTEGER
    ? Math.trunc(bound)
    : undefined
}

const boundsOf = (body: WireObject) => {
  const minUpdatedAt = boundOf(body['minLastUpdatedTime'])
  const maxUpdatedAt = boundOf(body['maxLastUpdatedTime'])
  const maxEttr = boundOf(body['maxETTR'])
  return {
    ...(minUpdatedAt !== undefined && { minUpdatedAt }),
    ...(maxUpdatedAt !== undefined && { maxUpdatedAt }),
    ...(maxEttr !== undefined && { maxEttr }),
  }
}

/** The filters of a conversation subscription. [CV30] */
export const decodeCriteria = (body: WireObject, actor: Actor): Decoded<ConversationCriteria> => {
  const states = decodeStates(body['convState'], 'convState')
  if (!states.ok) return states
  const stages = decodeStates(body['stage'], 'stage')
  if (!stages.ok) return stages
  const agentIds = decodeAgentIds(body['agentIds'], actor)
  const conversationId = textOf(body['conversationId'])
  const consumerId = actor.kind === 'consumer' ? actor.id : textOf(body['consumerId'])
  const brandId = textOf(body['brandId'])
  return fine({
    ...(states.value && { states: states.value }),
    ...(stages.value && { stages: stages.value }),
    ...(agentIds && { agentIds }),
    ...(conversationId && { conversationId }),
    ...(consumerId && { consumerId }),
    ...(brandId && { brandId }),
    ...boundsOf(body),
  })
}

export interface MessageQuery {
  readonly dialogId: DialogId
  /** Inclusive, whichever name it came under. */
  readonly from: Sequence
  /** Exclusive. */
  readonly before?: Sequence
  /** Newest of them. */
  readonly max?: number
}

/** A pull of events. Both names of the lower bound mean "at least". [EV32] */
export const decodeQuery = (body: WireObject): Decoded<MessageQuery> => {
  const dialogId = textOf(body['dialogId']) ?? textOf(body['conversationId'])
  if (!dialogId) return bad('dialogId')
  const numbers: Record<string, number | undefined> = {}
  for (const name of ['newerThanSequence', 'fromSeq', 'olderThanSequence', 'maxQuantity']) {
    const given = body[name]
    if (given === undefined || given === null) continue
    numbers[name] = integerOf(given)
    if (numbers[name] === undefined) return bad(name)
  }
  const { newerThanSequence, fromSeq, olderThanSequence, maxQuantity } = numbers
  return fine({
    dialogId,
    from: Math.max(0, newerThanSequence ?? fromSeq ?? 0),
    ...(olderThanSequence !== undefined && olderThanSequence >= 0 && { before: olderThanSequence }),
    ...(maxQuantity !== undefined && maxQuantity > 0 && { max: maxQuantity }),
  })
}
