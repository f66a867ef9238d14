/** Why a conversation is where it is, for the agents who may see it. [RT25] */
import type { AgentId, ConversationId, SkillId, UserId } from '@ringdown/protocol'
import { Refusal } from '@ringdown/protocol'
import type { FastifyInstance } from 'fastify'
import type { AgentActor } from '../domain/actor.ts'
import { assignedAgent, type Conversation } from '../domain/conversation.ts'
import { maySee } from '../domain/permissions.ts'
import type { RoutingStep, ShortenedStep } from '../domain/routing/explain.ts'
import { routingHistory, shortened } from '../domain/routing/explain.ts'
import { bearerOf } from './bearer.ts'
import { answerFailures } from './failures.ts'
import type { RestParts } from './rest-parts.ts'

/** Decisions told: the newest of them. What more there is has the administrator's address. */
const DECISIONS = 20
/** Agents named in each of them: large accounts have hundreds, and most only lack the skill. */
const NAMED = 20

type Step = Exclude<RoutingStep, { step: 'decided' }> | ShortenedStep

interface Why {
  readonly conversationId: ConversationId
  readonly state: Conversation['state']
  readonly skillId: SkillId
  /** Who is assigned. */
  readonly userId?: UserId
  readonly steps: readonly Step[]
  /** False when there are older decisions than those told. */
  readonly isWhole: boolean
  /** The agents that the steps speak of. */
  readonly agents: Readonly<Record<UserId, { agentId: AgentId; name: string }>>
}

const mentionedIn = (step: Step): readonly (UserId | undefined)[] => {
  if (step.step === 'ring') return [step.userId]
  if (step.step !== 'decided') return []
  return [step.userId, ...step.considered.map(({ userId }) => userId)]
}

/** The conversation, as unknown as any to those who may not see it. */
const conversationFor = async (
  { store }: Pick<RestParts, 'store'>,
  actor: AgentActor,
  id: ConversationId,
): Promise<Conversation> => {
  const conversation = await store.read('conversation', { accountId: actor.accountId, id })
  if (!conversation || !maySee(actor, conversation)) throw new Refusal('conversation_not_found')
  return conversation
}

const whyOf = async (
  { store }: Pick<RestParts, 'store'>,
  conversation: Conversation,
): Promise<Why> => {
  const { accountId, id: conversationId, state, skillId } = conversation
  const of = { accountId, conversationId }
  const [{ tasks, rings }, found, agents] = await Promise.all([
    store.read('routingOf', of),
    store.read('decisions', { ...of, limit: DECISIONS + 1 }),
    store.read('agents', accountId),
  ])
  const decisions = found.slice(-DECISIONS)
  const steps = routingHistory({ tasks, rings, decisions }).map((step) =>
    step.step === 'decided' ? shortened(step, NAMED) : step,
  )
  const userId = assignedAgent(conversation)?.userId
  const mentioned = new Set([userId, ...steps.flatMap(mentionedIn)])
  return {
    conversationId,
    state,
    skillId,
    ...(userId !== undefined && { userId }),
    steps,
    isWhole: decisions.length === found.length,
    agents: Object.fromEntries(
      agents
        .filter((one) => mentioned.has(one.userId))
        .map((one) => [one.userId, { agentId: one.id, name: one.nickname || one.fullName }]),
    ),
  }
}

interface Asked {
  Params: { account: string; id: string }
}

export const whyRoutes = (parts: RestParts) => async (app: FastifyInstance) => {
  answerFailures(app, parts)
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
  })
  const path = '/api/account/:account/ringdown/v1/conversations/:id/why'
  app.get<Asked>(path, async (request) => {
    const actor = await bearerOf(parts, request)
    return whyOf(parts, await conversationFor(parts, actor, request.params.id))
  })
}
