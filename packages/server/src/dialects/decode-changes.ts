/** An UpdateConversationField body as domain changes, in order. Who may ask for what is not decided here. */
import type { ConversationId, DialogId, SkillId } from '@ringdown/protocol'
import type { Limits } from '../config.ts'
import type { TtrType } from '../domain/account.ts'
import type { Actor } from '../domain/actor.ts'
import type { ConversationChange } from '../domain/change.ts'
import type { ResolveAgent } from './agent-references.ts'
import { decodeCsat } from './decode-csat.ts'
import { readDialogChange } from './decode-dialog-change.ts'
import {
  bad,
  type Decoded,
  fine,
  integerOf,
  isClean,
  listOf,
  objectOf,
  textOf,
  type WireObject,
  wordOf,
} from './decoded.ts'
import { rolesByName, ttrTypesByName } from './wire-terms.ts'

export interface ChangeOptions {
  readonly actor: Actor
  readonly limits: Pick<Limits, 'textBytes' | 'metadataBytes'>
  /** The request's own metadata, beside its body. */
  readonly metadata?: unknown
  readonly resolveAgent: ResolveAgent
  /** The id of a dialog that a change may open. */
  readonly newDialogId: () => DialogId
  /** Seconds of a kind that came without a value. */
  readonly ttrSeconds: (type: TtrType) => number
  /** Time to respond at another skill; undefined when there is no such skill. */
  readonly ttrAtSkill: (skillId: SkillId) => { type: TtrType; seconds: number } | undefined
}

export interface DecodedChanges {
  readonly conversationId: ConversationId
  readonly changes: readonly ConversationChange[]
}

interface Reading extends ChangeOptions {
  readonly conversationId: ConversationId
}

type ReadField = (field: WireObject, reading: Reading) => Decoded<ConversationChange>

/** What a database integer holds. */
const MAX_TTR_SECONDS = 2 ** 31 - 1

const readClose: ReadField = (field) =>
  wordOf(field['conversationState']) === 'CLOSE'
    ? fine({ kind: 'close_conversation' })
    : bad('conversationState')

const readTtr: ReadField = (field, { ttrSeconds }) => {
  const given = field['value']
  const isMissing = given === undefined || given === null
  const type = isMissing || field['ttrType'] ? wordOf(field['ttrType']) : 'CUSTOM'
  const ttrType = ttrTypesByName.get(type ?? '')
  if (!ttrType) return bad('ttrType')
  const seconds = isMissing ? ttrSeconds(ttrType) : integerOf(given)
  if (seconds === undefined || seconds < 0 || seconds > MAX_TTR_SECONDS) return bad('value')
  return fine({ kind: 'set_ttr', type: ttrType, seconds })
}

const readCsat: ReadField = (field) => {
  const csat = decodeCsat(field)
  return csat.ok ? fine({ kind: 'rate', csat: csat.value }) : csat
}

/** Agents only: a consumer learns nothing of who exists. */
const readParticipant: ReadField = (field, { actor, resolveAgent }) => {
  if (actor.kind === 'consumer') return { ok: false, code: 'not_permitted' }
  const role = rolesByName.get(wordOf(field['role']) ?? '')
  if (!role) return bad('role')
  const type = wordOf(field['type'])
  if (type !== 'ADD' && type !== 'REMOVE' && type !== 'UPDATE' && type !== 'SUGGEST') {
    return bad('type')
  }
  const agent = resolveAgent(field['userId'], actor)
  if (!agent) return { ok: false, code: 'agent_not_found' }
  if (type === 'SUGGEST') return fine({ kind: 'suggest_agent', agent })
  const dialogId = textOf(field['dialogId'])
  const kind = type === 'REMOVE' ? 'remove_participant' : 'add_participant'
  return fine({ kind, role, agent, ...(dialogId && { dialogId }) })
}

const readSkill: ReadField = (field, { actor, ttrAtSkill }) => {
  if (actor.kind === 'consumer') return { ok: false, code: 'not_permitted' }
  const skillId = textOf(field['skill'])
  if (skillId === undefined) return bad('skill')
  const ttr = ttrAtSkill(skillId)
  return ttr ? fine({ kind: 'set_skill', skillId, ttr }) : { ok: false, code: 'skill_not_found' }
}

const readManualEttr: ReadField = (field) => {
  const time = field['time']
  if (time === null || time === undefined) return fine({ kind: 'set_manual_ettr', at: null })
  const at = integerOf(time)
  return at !== undefined && at >= 0 ? fine({ kind: 'set_manual_ettr', at }) : bad('time')
}

const delayTypes: ReadonlySet<string> = new Set(['NIGHT', 'WEEKEND', 'HOLIDAY'])

const readDelay: ReadField = (field) => {
  const type = wordOf(field['type'])
  if (!type || !delayTypes.has(type)) return bad('type')
  const until = integerOf(field['tillWhen'])
  return until !== undefined && until >= 0
    ? fine({ kind: 'set_delay', type, until })
    : bad('tillWhen')
}

/** Free text, which may be empty to take it back. */
const freeText = (value: unknown, { limits }: Reading): string | undefined =>
  typeof value === 'string' && isClean(value) && Buffer.byteLength(value) <= limits.textBytes
    ? value
    : undefined

const readNote: ReadField = (field, reading) => {
  const note = freeText(field['note'], reading)
  return note === undefined ? bad('note') : fine({ kind: 'set_note', note })
}

const readTopic: ReadField = (field, reading) => {
  const topic = freeText(field['topic'] ?? field['note'], reading)
  return topic === undefined ? bad('topic') : fine({ kind: 'set_topic', topic })
}

const readers: ReadonlyMap<unknown, ReadField> = new Map<unknown, ReadField>([
  ['ConversationStateField', readClose],
  ['Stage', readClose],
  ['DialogChange', readDialogChange],
  ['TTRField', readTtr],
  ['CSATRate', readCsat],
  ['ParticipantsChange', readParticipant],
  ['Skill', readSkill],
  ['ManualETTR', readManualEttr],
  ['DelayField', readDelay],
  ['Note', readNote],
  ['TopicField', readTopic],
])

/** Every change of the request, or the first refusal with the place it stands at. [CV27] */
export const decodeChanges = (
  body: WireObject,
  options: ChangeOptions,
): Decoded<DecodedChanges> => {
  const conversationId = textOf(body['conversationId'])
  if (!conversationId) return bad('conversationId')
  const fields = listOf(body['conversationField'])
  if (fields.length === 0) return bad('conversationField')
  const changes: ConversationChange[] = []
  for (const [index, item] of fields.entries()) {
    const place = `conversationField[${index}]`
    const field = objectOf(item)
    const read = readers.get(field?.['field'])
    if (!field || !read) return bad(`${place}.field`)
    const change = read(field, { ...options, conversationId })
    if (!change.ok) return located(change, place)
    changes.push(change.value)
  }
  return fine({ conversationId, changes })
}

const located = <Refused extends { detail?: string }>(refused: Refused, place: string): Refused =>
  refused.detail === undefined
    ? refused
    : { ...refused, detail: refused.detail.replace('Bad request: ', `Bad request: ${place}.`) }

/** The agents that a body names, for looking them up before it is decoded. */
export const namedAgents = (body: WireObject): readonly unknown[] =>
  listOf(body['conversationField'])
    .map(objectOf)
    .filter((field) => field?.['field'] === 'ParticipantsChange')
    .map((field) => field?.['userId'])

/** The skills that a body names, for looking them up before it is decoded. */
export const namedSkills = (body: WireObject): readonly SkillId[] =>
  listOf(body['conversationField'])
    .map(objectOf)
    .filter((field) => field?.['field'] === 'Skill')
    .flatMap((field) => textOf(field?.['skill']) ?? [])
