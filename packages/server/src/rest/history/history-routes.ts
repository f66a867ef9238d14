/** Searching past and present conversations, and who is at work. [HIS1] */
import { Refusal } from '@ringdown/protocol'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { AgentActor } from '../../domain/actor.ts'
import type { HistoryFilter } from '../../store/store.ts'
import { bearerOf } from '../bearer.ts'
import { failureEnvelope } from '../failure-envelope.ts'
import { answerFailures, type Failure } from '../failures.ts'
import { acceptAnyBody, type JsonObject, optionalJsonObjectBody } from '../raw-body.ts'
import type { RestParts } from '../rest-parts.ts'
import { agentStatus } from './agent-status.ts'
import { shownRecord, wantedContent } from './content.ts'
import { pageMetadata } from './envelope.ts'
import { type Page, pageIn, rangeIn, requiredRange, statesIn, textsIn } from './filters.ts'
import { readDirectory } from './names.ts'
import { servesConsumer, visibilityFor } from './visibility.ts'

interface Asked {
  readonly actor: AgentActor
  readonly body: JsonObject
  readonly request: FastifyRequest
  readonly page: Page
  /** One record alone comes with all of its messages. */
  readonly isWhole?: boolean
}

/** Some clients take an element of these lists before they look at the status. [HIS1] */
const describeHistoryFailure =
  (parts: RestParts) =>
  (failure: Failure): object => ({
    ...failureEnvelope(parts)(failure),
    conversationHistoryRecords: [],
    agentStatusRecords: [],
  })

const answer = async (
  parts: RestParts,
  { actor: { accountId }, body, request, page, isWhole = false }: Asked,
  filter: Partial<HistoryFilter>,
): Promise<object> => {
  const wanted = wantedContent(body)
  const { count, records } = await parts.store.read('history', { accountId, ...page, ...filter })
  const directory = await readDirectory(parts, accountId)
  const shown = records.map((record) => shownRecord(parts, record, { wanted, directory, isWhole }))
  return {
    _metadata: pageMetadata(parts, request, { count, ...page }),
    conversationHistoryRecords: await Promise.all(shown),
  }
}

const present = <T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>
  }

/** Agents are named by user id; the store knows them by their public one. */
const agentIdsIn = async (
  parts: RestParts,
  { actor: { accountId }, body }: Asked,
  name: string,
): Promise<readonly string[] | undefined> => {
  const given = textsIn(body, name)
  if (!given) return undefined
  const agents = await parts.store.read('agents', accountId)
  return agents
    .filter(({ id, userId }) => given.includes(userId) || given.includes(id))
    .map(({ id }) => id)
}

/** Conversations that began in a given time, and more. [HIS3] */
const searchAll = async (parts: RestParts, asked: Asked): Promise<object> => {
  const { actor, body } = asked
  const now = parts.clock.now()
  return answer(parts, asked, {
    ...visibilityFor(actor),
    started: requiredRange(body, 'start', now),
    ...present({
      ended: rangeIn(body, 'end', now),
      states: statesIn(body),
      skillIds: textsIn(body, 'latestSkillIds') ?? textsIn(body, 'skillIds'),
      agentIds: await agentIdsIn(parts, asked, 'agentIds'),
      latestAgentIds: await agentIdsIn(parts, asked, 'latestAgentIds'),
    }),
  })
}

const textIn = (body: JsonObject, name: string): string => {
  const [text, ...others] = textsIn(body, name) ?? []
  if (!text || others.length > 0) throw new Refusal('bad_request', `${name} is missing`)
  return text
}

/** One conversation; none is an empty list. [HIS4] */
const searchOne = (parts: RestParts, asked: Asked): Promise<object> => {
  const conversationId = textIn(asked.body, 'conversationId')
  const page: Page = { offset: 0, limit: 1, sort: { by: 'start', direction: 'desc' } }
  return answer(
    parts,
    { ...asked, page, isWhole: true },
    { ...visibilityFor(asked.actor), conversationId },
  )
}

/** All conversations of one consumer. [HIS4] */
const searchConsumer = async (parts: RestParts, asked: Asked): Promise<object> => {
  const { actor, body } = asked
  const consumerId = textIn(body, 'consumer')
  const serves = await servesConsumer(parts, actor, consumerId)
  return answer(parts, asked, {
    ...(serves ? {} : visibilityFor(actor)),
    consumerId,
    ...present({ states: statesIn(body) }),
  })
}

const searches = {
  'conversations/search': searchAll,
  'conversations/conversation/search': searchOne,
  'conversations/consumer/search': searchConsumer,
} as const

const STATUS_LIMIT = 2500

export const historyRoutes = (parts: RestParts) => async (app: FastifyInstance) => {
  acceptAnyBody(app)
  answerFailures(app, parts, { describe: describeHistoryFailure(parts) })
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
  })
  const base = '/messaging_history/api/account/:account'
  const askedBy = async (request: FastifyRequest, max?: number): Promise<Asked> => ({
    actor: await bearerOf(parts, request),
    body: optionalJsonObjectBody(request),
    request,
    page: pageIn(request.query as JsonObject, max === undefined ? {} : { max }),
  })
  for (const [path, search] of Object.entries(searches))
    app.post(`${base}/${path}`, async (request) => search(parts, await askedBy(request)))
  app.post(`${base}/agent-view/status`, async (request) =>
    agentStatus(parts, await askedBy(request, STATUS_LIMIT)),
  )
}
