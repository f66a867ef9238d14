/** What an agent has begun to write, kept for all its browsers. Its own alone. [DRF1] */
import { Refusal } from '@ringdown/protocol'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { AgentActor } from '../domain/actor.ts'
import type { Draft, DraftContent, DraftText } from '../domain/draft.ts'
import { isEmpty, OTHERS_KEPT } from '../domain/draft.ts'
import { maySee } from '../domain/permissions.ts'
import { bearerOf } from './bearer.ts'
import { answerFailures } from './failures.ts'
import { acceptAnyBody, type JsonObject, jsonObjectBody } from './raw-body.ts'
import type { RestParts } from './rest-parts.ts'

interface Asked {
  Params: { account: string; id: string }
}

const ALL = '/api/account/:account/ringdown/v1/me/drafts'
/** JSON writes some characters with six, and a draft brings the others along. */
const BODY_PER_BYTE = 6 * (OTHERS_KEPT + 1)
const OTHER_MEMBERS = ['text', 'isNote', 'at']
const MEMBERS = [...OTHER_MEMBERS, 'others', 'revision']

const wireOf = ({ accountId: _, agentId: __, ...draft }: Draft) => draft

const checkMembers = (body: JsonObject, allowed: readonly string[]): void => {
  const unknown = Object.keys(body).find((name) => !allowed.includes(name))
  if (unknown !== undefined) throw new Refusal('bad_request', `${unknown} is not known`)
}

const textIn = (
  body: JsonObject,
  { now, most }: { readonly now: number; readonly most: number },
): DraftText => {
  const { text, isNote = false, at = now } = body
  if (typeof text !== 'string') throw new Refusal('bad_request', 'text must be a text')
  if (Buffer.byteLength(text) > most)
    throw new Refusal('bad_request', `text has at most ${most} bytes`)
  if (typeof isNote !== 'boolean') throw new Refusal('bad_request', 'isNote must be true or false')
  if (typeof at !== 'number' || !Number.isSafeInteger(at) || at < 0)
    throw new Refusal('bad_request', 'at must be a time in milliseconds')
  // PostgreSQL keeps no text with this character, and nobody can see it.
  return { text: text.replaceAll('\0', ''), isNote, at: Math.min(at, now) }
}

const contentIn = (
  { config, clock }: Pick<RestParts, 'config' | 'clock'>,
  body: JsonObject,
): DraftContent => {
  checkMembers(body, MEMBERS)
  const bounds = { now: clock.now(), most: config.limits.draftBytes }
  const { others = [] } = body
  if (!Array.isArray(others) || others.length > OTHERS_KEPT)
    throw new Refusal('bad_request', `others is a list of at most ${OTHERS_KEPT}`)
  return {
    ...textIn(body, bounds),
    others: others.map((one: unknown) => {
      if (typeof one !== 'object' || one === null)
        throw new Refusal('bad_request', 'others holds drafts')
      checkMembers(one as JsonObject, OTHER_MEMBERS)
      return textIn(one as JsonObject, bounds)
    }),
  }
}

/** The conversation that it belongs to; one that the agent may not see is as unknown as any. */
const conversationIdOf = async (
  { store }: Pick<RestParts, 'store'>,
  actor: AgentActor,
  dialogId: string,
): Promise<string> => {
  const of = { accountId: actor.accountId, dialogId }
  const conversation = await store.read('conversationOfDialog', of)
  if (!conversation || !maySee(actor, conversation)) throw new Refusal('dialog_not_found')
  return conversation.id
}

/** The revisions that the writer knew. A mark that is not ours fits no draft. [DRF2] */
const expectedIn = ({ headers }: FastifyRequest): readonly string[] =>
  [...(headers['if-match'] ?? '').matchAll(/"([^"]{1,100})"/g)].map(([, mark]) => mark as string)

/** A writer that names the revision to come knows it also when the answer is lost. [DRF7] */
const revisionIn = ({ revision }: JsonObject): string | undefined => {
  if (revision === undefined) return undefined
  if (typeof revision !== 'string' || !/^[\w-]{1,64}$/.test(revision))
    throw new Refusal('bad_request', 'revision has at most 64 letters, digits, _ and -')
  return revision
}

const save = async (
  parts: RestParts,
  request: FastifyRequest<Asked>,
): Promise<Draft | undefined> => {
  const actor = await bearerOf(parts, request)
  const { id: dialogId } = request.params
  const body = jsonObjectBody(request)
  const content = contentIn(parts, body)
  const revision = revisionIn(body) ?? parts.ids.uuid()
  // Whoever sees the conversation no longer may still empty what is its own. [DRF1]
  const conversationId = isEmpty(content)
    ? undefined
    : await conversationIdOf(parts, actor, dialogId)
  const { draftsPerAgent, draftBytesPerAgent } = parts.config.limits
  return parts.store.write('saveDraft', {
    accountId: actor.accountId,
    agentId: actor.id,
    ...(conversationId !== undefined && { conversationId }),
    dialogId,
    content,
    expectedRevisions: expectedIn(request),
    revision,
    mergedRevision: parts.ids.uuid(),
    most: draftsPerAgent,
    mostBytes: draftBytesPerAgent,
  })
}

const answer = (reply: FastifyReply, draft: Draft | undefined): FastifyReply =>
  draft ? reply.header('etag', `"${draft.revision}"`).send(wireOf(draft)) : reply.code(204).send()

export const draftRoutes = (parts: RestParts) => async (app: FastifyInstance) => {
  acceptAnyBody(app)
  answerFailures(app, parts)
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
  })
  app.get<Asked>(ALL, async (request) => {
    const { accountId, id: agentId } = await bearerOf(parts, request)
    const drafts = await parts.store.read('drafts', { accountId, agentId })
    return { drafts: drafts.map(wireOf) }
  })
  const bodyLimit = parts.config.limits.draftBytes * BODY_PER_BYTE
  app.put<Asked>(`${ALL}/:id`, { bodyLimit }, async (request, reply) =>
    answer(reply, await save(parts, request)),
  )
}
