/** Searching past and present conversations, and who is at work. [HIS1] */
import { Refusal } from '@ringdown/protocol'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { servesConsumer } from '../../api/serves-consumer.ts'
import { defaultSettings } from '../../domain/account.ts'
import type { AgentActor } from '../../domain/actor.ts'
import type { HistoryFilter, HistoryRecord } from '../../store/store.ts'
import { bearerOf } from '../bearer.ts'
import { failureEnvelope } from '../failure-envelope.ts'
import { answerFailures, type Failure } from '../failures.ts'
import { givenUp } from '../given-up.ts'
import { acceptAnyBody, type JsonObject, optionalJsonObjectBody } from '../raw-body.ts'
import type { RestParts } from '../rest-parts.ts'
import { agentStatus } from './agent-status.ts'
import { shownRecord, wantedContent } from './content.ts'
import { pageMetadata } from './envelope.ts'
import { type Asker, FairTurns } from './fair-turns.ts'
import { oneTextIn, type Page, pageIn, requiredRange } from './filters.ts'
import { type Searched, searchWords } from './keyword.ts'
import { type Place, placeOf, Room } from './messages.ts'
import { readDirectory } from './names.ts'
import { keywordIn, narrowing, statesOnly } from './narrowing.ts'
import { visibilityFor, visibilityOf } from './visibility.ts'

interface Asked {
  readonly actor: AgentActor
  readonly body: JsonObject
  readonly request: FastifyRequest
  readonly page: Page
  /** One record alone comes with all of its messages. */
  readonly isWhole?: boolean
  readonly after?: Place
}

type Wanted = Omit<HistoryFilter, 'offset' | 'limit'>

/** Some clients take an element of these lists before they look at the status. [HIS1] */
const describeHistoryFailure =
  (parts: RestParts) =>
  (failure: Failure): object => ({
    ...failureEnvelope(parts)(failure),
    conversationHistoryRecords: [],
    agentStatusRecords: [],
  })

/** Searches for words that run at once: other requests have to be read for as well. [HIS22] */
const SEARCHING_AT_ONCE = 2
/** Reading many messages at once would hold them all. [HIS23] */
const READING_AT_ONCE = 4

interface HistoryParts extends RestParts {
  readonly searching: FairTurns
  readonly reading: FairTurns
}

const withTurns = (parts: RestParts): HistoryParts => {
  const { searchesWaiting: waiting, searchesOfAgentWaiting: waitingOfOne } = parts.config.limits
  return {
    ...parts,
    searching: new FairTurns({ atOnce: SEARCHING_AT_ONCE, waiting, waitingOfOne }),
    reading: new FairTurns({ atOnce: READING_AT_ONCE, waiting, waitingOfOne }),
  }
}

const askerOf = ({ actor: { accountId, id }, request }: Asked): Asker => ({
  id: JSON.stringify([accountId, id]),
  isGivenUp: givenUp(request),
})

interface Found {
  readonly count: number
  readonly records: readonly HistoryRecord[]
  readonly searched?: Searched
}

/** What the filter finds, and the words where words are looked for. [HIS22] */
const find = async (
  parts: HistoryParts,
  asked: Asked,
  { filter, words }: { filter: Wanted; words?: readonly string[] | undefined },
): Promise<Found> => {
  const { page } = asked
  if (!words) return parts.store.read('history', { ...page, ...filter })
  const asker = askerOf(asked)
  const sorted = { ...filter, sort: page.sort }
  const searched = await searchWords(parts, { filter: sorted, words, asker })
  const ids = [...searched.matches.keys()]
  const conversationIds = ids.slice(page.offset, page.offset + page.limit)
  const shown = { ...sorted, conversationIds, offset: 0, limit: page.limit }
  const { records } = await parts.store.read('history', shown)
  return { count: ids.length, records, searched }
}

const searchedAs = ({ isWhole, conversations, reached }: Searched) => ({
  shardsStatusResult: { partialResult: !isWhole },
  searched: { conversations, ...(reached !== undefined && { startedFromL: reached }) },
})

const answer = async (
  parts: HistoryParts,
  asked: Asked,
  { words, ...filter }: Partial<HistoryFilter> & { words?: readonly string[] | undefined },
): Promise<object> => {
  const { actor, body, request, page, isWhole = false, after } = asked
  const { accountId } = actor
  const wanted = wantedContent(body)
  const found = await find(parts, asked, {
    filter: { accountId, sort: page.sort, ...filter },
    words,
  })
  const { count, records, searched } = found
  const [directory, account] = await Promise.all([
    readDirectory(parts, accountId),
    parts.store.read('account', accountId),
  ])
  const settings = account?.settings ?? defaultSettings
  const named = { wanted, directory, settings }
  const wish = { ...named, isWhole, room: new Room(), ...(after && { after }) }
  const asker = askerOf(asked)
  const shown = await parts.reading.take(asker, async () => {
    const all: object[] = []
    for (const record of records) {
      if (asker.isGivenUp()) break
      const matches = searched?.matches.get(record.conversation.id) ?? []
      all.push(await shownRecord(parts, record, { ...wish, matches }))
    }
    return all
  })
  return {
    _metadata: {
      ...pageMetadata(parts, request, { count, ...page }),
      ...(searched && searchedAs(searched)),
    },
    conversationHistoryRecords: shown,
  }
}

/** Conversations that began in a given time, and more. [HIS3] */
const searchAll = async (parts: HistoryParts, asked: Asked): Promise<object> => {
  const { actor, body } = asked
  return answer(parts, asked, {
    ...visibilityFor(actor),
    started: requiredRange(body, 'start', parts.clock.now()),
    ...(await narrowing(parts, actor, body)),
    words: keywordIn(body, 'keyword'),
  })
}

const textIn = (body: JsonObject, name: string): string => {
  const text = oneTextIn(body, name)
  if (!text) throw new Refusal('bad_request', `${name} is missing`)
  return text
}

const afterIn = (body: JsonObject): Place | undefined => {
  const id = oneTextIn(body, 'messagesAfter')
  if (id === undefined) return undefined
  const place = placeOf(id)
  if (!place) throw new Refusal('bad_request', 'messagesAfter must be the id of a message')
  return place
}

/** One conversation; none is an empty list. [HIS4] */
const searchOne = async (parts: HistoryParts, asked: Asked): Promise<object> => {
  const { actor, body } = asked
  const conversationId = textIn(body, 'conversationId')
  const page: Page = { offset: 0, limit: 1, sort: { by: 'start', direction: 'desc' } }
  const after = afterIn(body)
  const visible = await visibilityOf(parts, actor, conversationId)
  const one = { ...asked, page, isWhole: true, ...(after && { after }) }
  return answer(parts, one, { ...visible, conversationId })
}

/** All conversations of one consumer. [HIS4] */
const searchConsumer = async (parts: HistoryParts, asked: Asked): Promise<object> => {
  const { actor, body } = asked
  const consumerId = textIn(body, 'consumer')
  const serves = await servesConsumer(parts, actor, consumerId)
  return answer(parts, asked, {
    ...(serves ? {} : visibilityFor(actor)),
    consumerId,
    ...statesOnly(body),
  })
}

const searches = {
  'conversations/search': searchAll,
  'conversations/conversation/search': searchOne,
  'conversations/consumer/search': searchConsumer,
} as const

const STATUS_LIMIT = 2500

export const historyRoutes = (parts: RestParts) => async (app: FastifyInstance) => {
  const history = withTurns(parts)
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
    app.post(`${base}/${path}`, async (request) => search(history, await askedBy(request)))
  app.post(`${base}/agent-view/status`, async (request) =>
    agentStatus(parts, await askedBy(request, STATUS_LIMIT)),
  )
}
