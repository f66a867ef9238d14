/** The filters of a search beside its times, and those that are refused. [HIS3] */
import { Refusal } from '@ringdown/protocol'
import type { AgentActor } from '../../domain/actor.ts'
import { ROOT_GROUP_ID } from '../../domain/configuration.ts'
import { wordsIn } from '../../domain/words.ts'
import type { HistoryFilter } from '../../store/store.ts'
import type { JsonObject } from '../raw-body.ts'
import type { RestParts } from '../rest-parts.ts'
import { choicesIn, isAbsent, measureIn, oneTextIn, rangeIn, statesIn, textsIn } from './filters.ts'

/** What other servers filter by and this one knows nothing of: to ignore it would find too much. */
const unknownHere = [
  'fullDialogEndTime',
  'userPermissions',
  'duration',
  'alertedMcsValues',
  'nps',
  'fcr',
  'device',
  'messageContentTypes',
  'sdeSearch',
  'responseTime',
  'questionBrick',
  'answerText',
  'surveyIds',
  'surveyBotConversations',
  'invalidFreeTextAnswer',
  'agentSurveySearch',
  'conversationsWithStepUpOnly',
  'annotationStates',
] as const

const isSet = (value: unknown): boolean => {
  if (value === false || value === '' || isAbsent(value)) return false
  return typeof value !== 'object' || Object.values(value as object).some((one) => isSet(one))
}

export const refuseUnknownFilters = (body: JsonObject): void => {
  const found = unknownHere.find((name) => isSet(body[name]))
  if (found) throw new Refusal('bad_request', `${found} is not a filter that this server has`)
}

const MOST_KEYWORD = 200

/** The words that are looked for; none is as good as absent. */
export const keywordIn = (body: JsonObject, name: string): readonly string[] | undefined => {
  const text = oneTextIn(body, name)
  if (text === undefined) return undefined
  if (text.length > MOST_KEYWORD)
    throw new Refusal('bad_request', `${name} must not be longer than ${MOST_KEYWORD} characters`)
  const words = wordsIn(text)
  return words.length === 0 ? undefined : words
}

const present = <T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>
  }

/** Agents are named by user id; the store knows them by their public one. */
const agentsIn = async (parts: RestParts, { accountId }: AgentActor, body: JsonObject) => {
  const [named, latest, groups] = ['agentIds', 'latestAgentIds', 'agentGroupIds'].map((name) =>
    textsIn(body, name),
  )
  if (!named && !latest && !groups) return {}
  const agents = await parts.store.read('agents', accountId)
  const idsOf = (given: readonly string[]) =>
    agents
      .filter(({ id, userId }) => given.includes(userId) || given.includes(id))
      .map(({ id }) => id)
  const inGroups = (id: string): boolean => {
    const { groupId = ROOT_GROUP_ID } = agents.find((agent) => agent.id === id) ?? {}
    return groups?.includes(groupId) ?? true
  }
  const last = latest ? idsOf(latest) : groups ? agents.map(({ id }) => id) : undefined
  return present({
    agentIds: named && idsOf(named),
    latestAgentIds: last?.filter(inGroups),
  })
}

/** Everything here is of one source. */
const isOfThisSource = (body: JsonObject): boolean =>
  textsIn(body, 'source')?.some((source) => source.toUpperCase() === 'APP') ?? true

/** Both states together are as good as none. */
const isAssignedIn = (body: JsonObject): boolean | undefined => {
  const choices = { IN_QUEUE: false, ACTIVE: true }
  const [first, ...others] = new Set(choicesIn(body, 'latestConversationQueueState', choices))
  return others.length === 0 ? first : undefined
}

export const statesOnly = (body: JsonObject) => present({ states: statesIn(body) })

export const narrowing = async (
  parts: RestParts,
  actor: AgentActor,
  body: JsonObject,
): Promise<Partial<HistoryFilter>> => {
  refuseUnknownFilters(body)
  const now = parts.clock.now()
  return {
    ...(await agentsIn(parts, actor, body)),
    ...present({
      ended: rangeIn(body, 'end', now),
      states: isOfThisSource(body) ? statesIn(body) : [],
      skillIds: textsIn(body, 'latestSkillIds') ?? textsIn(body, 'skillIds'),
      csat: measureIn(body, 'csat'),
      score: measureIn(body, 'mcs'),
      noteWords: keywordIn(body, 'summary'),
      isAssigned: isAssignedIn(body),
      updatedFrom: rangeIn(body, 'latestUpdateTime', now)?.from,
    }),
  }
}
