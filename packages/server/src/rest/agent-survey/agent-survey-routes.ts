/** The survey that an agent answers about a conversation, while it runs and for a while after. [HIS16] */
import { DetailedRefusal, Refusal } from '@ringdown/protocol'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { AgentActor } from '../../domain/actor.ts'
import {
  checkAnswers,
  checkComplete,
  findQuestion,
  pathOf,
  type SurveyAnswer,
  type SurveyStatus,
  sequenceFrom,
} from '../../domain/agent-survey.ts'
import { bearerOf } from '../bearer.ts'
import { failureEnvelope } from '../failure-envelope.ts'
import { answerFailures, type Failure } from '../failures.ts'
import { acceptAnyBody } from '../raw-body.ts'
import type { RestParts } from '../rest-parts.ts'
import { type FoundSurvey, findSurvey, refuseWith, standingOf } from './find-survey.ts'
import { answersIn, contextOf, nothingToAnswer, type Standing, surveyWire } from './wire.ts'

interface Asked {
  Params: { account: string }
  Querystring: { conv?: unknown; skill?: unknown; seq?: unknown; seqRoot?: unknown }
}

const BASE = '/api/account/:account/forms/agent_survey'
const REVISION = 'x-lp-state-rev'

const describeSurveyFailure =
  (parts: RestParts) =>
  (failure: Failure): object => ({
    ...contextOf(nothingToAnswer),
    ...(failure.refusal instanceof DetailedRefusal && failure.refusal.body),
    ...failureEnvelope(parts)(failure),
  })

/** The revision that the client saw; absent: it does not care. Compared as a number. [HIS17] */
const expectedRevision = ({ headers }: FastifyRequest): number | undefined => {
  const value = headers[REVISION]
  if (value === undefined || value === '') return undefined
  const revision = typeof value === 'string' ? Number(value) : Number.NaN
  if (!Number.isSafeInteger(revision))
    throw new Refusal('bad_request', `${REVISION} must be a whole number`)
  return revision
}

const send = (reply: FastifyReply, standing: Standing, body: object): FastifyReply =>
  reply.header(REVISION, String(standing.revision)).send(body)

const find = async (
  parts: RestParts,
  request: FastifyRequest<Asked>,
  capability: 'view_agent_surveys' | 'submit_agent_surveys',
): Promise<{ actor: AgentActor; found: FoundSurvey }> => {
  const actor = await bearerOf(parts, request)
  const found = await findSurvey(parts, actor, { query: request.query, capability })
  return { actor, found }
}

interface Change {
  readonly status: SurveyStatus
  readonly answers: readonly SurveyAnswer[]
}

/** Writes the change for whoever knows the present revision, until the survey expires. [HIS18] */
const change = async (
  parts: RestParts,
  request: FastifyRequest<Asked>,
  decide: (found: FoundSurvey) => Change,
): Promise<{ found: FoundSurvey; standing: Standing }> => {
  const { actor, found } = await find(parts, request, 'submit_agent_surveys')
  const { conversation, skillId, survey, standing, isExpired } = found
  if (isExpired) return refuseWith(new Refusal('survey_expired'), standing)
  const expected = expectedRevision(request)
  if (expected !== undefined && expected !== standing.revision)
    return refuseWith(new Refusal('revision_changed'), standing)
  const place = { accountId: actor.accountId, conversationId: conversation.id, skillId }
  const changing = parts.store.write('saveAgentSurvey', {
    ...decide(found),
    ...place,
    surveyId: survey.id,
    agentId: actor.id,
    at: parts.clock.now(),
    ...(expected !== undefined && { expectedRevision: expected }),
  })
  const state = await changing.catch(async (error: unknown) => {
    if (!(error instanceof Refusal) || error.code !== 'revision_changed') throw error
    const present = await parts.store.read('agentSurvey', place)
    return refuseWith(error, standingOf(present, standing.closesAt))
  })
  return { found, standing: standingOf(state, standing.closesAt) }
}

const given =
  (request: FastifyRequest, status: SurveyStatus) =>
  ({ survey }: FoundSurvey): Change => {
    const answers = answersIn(request.body)
    checkAnswers(survey, answers)
    if (status === 'submitted') checkComplete(survey, answers)
    return { status, answers }
  }

const wholeWire = (found: FoundSurvey, standing: Standing): object =>
  surveyWire({ ...found, standing, questions: pathOf(found.survey, standing.answers) })

const stateRoutes = (app: FastifyInstance, parts: RestParts): void => {
  const state = `${BASE}/state`
  app.get<Asked>(state, async (request, reply) => {
    const { found } = await find(parts, request, 'view_agent_surveys')
    const { standing, isExpired } = found
    if (isExpired) return refuseWith(new Refusal('survey_expired'), standing)
    return send(reply, standing, wholeWire(found, standing))
  })
  app.post<Asked>(state, async (request, reply) => {
    const { found, standing } = await change(parts, request, given(request, 'submitted'))
    return send(reply, standing, wholeWire(found, standing))
  })
  app.put<Asked>(state, async (request, reply) => {
    const { found, standing } = await change(parts, request, given(request, 'open'))
    return send(reply, standing, wholeWire(found, standing))
  })
  app.delete<Asked>(state, async (request, reply) => {
    const { standing } = await change(parts, request, ({ standing: { answers } }) => ({
      status: 'dismissed',
      answers,
    }))
    return send(reply, standing, contextOf(standing))
  })
}

export const agentSurveyRoutes = (parts: RestParts) => async (app: FastifyInstance) => {
  acceptAnyBody(app)
  const statuses = { revision_changed: 409 }
  answerFailures(app, parts, { describe: describeSurveyFailure(parts), statuses })
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
  })
  stateRoutes(app, parts)
  app.get<Asked>(BASE, async (request, reply) => {
    const { found } = await find(parts, request, 'view_agent_surveys')
    const { survey, standing } = found
    const { seqRoot } = request.query
    const isNamed = typeof seqRoot === 'string' && seqRoot !== ''
    const root = isNamed ? findQuestion(survey, seqRoot) : survey.questions[0]
    if (!root) throw new Refusal('bad_request', 'seqRoot is no question of this survey')
    const questions = sequenceFrom(survey, root)
    return send(reply, standing, surveyWire({ ...found, questions }))
  })
}
