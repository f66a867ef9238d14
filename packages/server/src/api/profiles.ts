import { Refusal } from '@ringdown/protocol'
import { agentProfile, decodeAgentProfile, profileTarget } from '../dialects/agent-profile.ts'
import {
  decodeProfile,
  ownProfile,
  profileForAgentV2,
  profileForAgentV3,
} from '../dialects/consumer-profile.ts'
import type { Agent } from '../domain/account.ts'
import type { AgentActor } from '../domain/actor.ts'
import { isCapable, maySee } from '../domain/permissions.ts'
import type { ConsumerRecord } from '../store/store.ts'
import { orRefuse } from './decoding.ts'
import type { Call, Handler } from './handler.ts'

type Reading = Call<'getUserProfile'>

/** Conversations of one consumer that are looked at, the latest first. */
const MANY = 500

/** Agents see the consumers of conversations that they see or are offered. [AG11] */
const maySeeConsumer = async (
  { services }: Reading,
  actor: AgentActor,
  consumerId: string,
): Promise<boolean> => {
  const { store } = services
  const { accountId, id, rights } = actor
  const isCapableOfAll = isCapable(actor, 'view_conversations')
  if (isCapableOfAll && rights?.scope.kind !== 'groups') return true
  const apps = actor.appIds ? { appIds: actor.appIds } : {}
  const own = { accountId, consumerId, agentIds: [id], ...apps, limit: 1 }
  if ((await store.read('conversations', own)).length > 0) return true
  if (isCapableOfAll) {
    const all = await store.read('conversations', { accountId, consumerId, limit: MANY })
    if (all.some((one) => maySee(actor, one))) return true
  }
  const rings = await store.read('waitingRings', { accountId, agentId: id })
  return rings.some((ring) => ring.consumerId === consumerId)
}

/** Whoever takes part in a conversation is known by that, if by nothing else. */
const strangerIn = async (
  { services: { store } }: Reading,
  accountId: string,
  id: string,
): Promise<ConsumerRecord | undefined> => {
  const [conversation] = await store.read('conversations', { accountId, consumerId: id, limit: 1 })
  if (!conversation) return undefined
  const { startedAt: createdAt } = conversation
  return { accountId, id, kind: 'signup', claims: {}, profile: {}, createdAt }
}

const consumerOf = async (call: Reading, id: string): Promise<ConsumerRecord> => {
  const { session, services } = call
  const { accountId, actor } = session
  const known = await services.store.read('consumer', { accountId, id })
  const isHidden = actor.kind === 'agent' && !(await maySeeConsumer(call, actor, id))
  // A bot that asks for the consumer of a conversation takes no refusal for an answer. [AG11]
  const consumer = isHidden ? undefined : (known ?? (await strangerIn(call, accountId, id)))
  if (!consumer) throw new Refusal('consumer_not_found')
  return consumer
}

const ownAgent = async ({
  session,
  services,
}: Pick<Reading, 'session' | 'services'>): Promise<Agent> => {
  const { accountId, userId } = session.agent
  const agent = await services.store.read('agent', { accountId, userId })
  if (!agent) throw new Refusal('agent_not_found')
  return agent
}

/** One's own profile, or a consumer's for the agents who serve it. [CV32] */
export const getUserProfile: Handler<'getUserProfile'> = async (call) => {
  const { body, session } = call
  const { actor, dialect } = session
  const target = profileTarget(body, actor)
  if (actor.kind === 'consumer') return { body: ownProfile(await consumerOf(call, actor.id)) }
  if (target.kind === 'own') return { body: agentProfile(await ownAgent(call), dialect.version) }
  const consumer = await consumerOf(call, target.consumerId)
  const account = await call.services.accounts.get(session.accountId)
  const showsId = account?.settings.profileUserIdForAll ?? false
  const profile = dialect.version === 2 ? profileForAgentV2 : profileForAgentV3
  return { body: profile(consumer, { showsId }) }
}

/** Changes what an agent's entry says of it, which it may only do for itself. [AG50] */
const setAgentProfile = async (call: Call<'setUserProfile'>): Promise<void> => {
  const { body, session, services } = call
  if (profileTarget(body, session.actor).kind !== 'own') throw new Refusal('not_permitted')
  const { accountId, userId, fullName, details } = await ownAgent(call)
  const patch = orRefuse(decodeAgentProfile(body, { fullName, details }))
  await services.store.write('updateAgent', { accountId, userId, ...patch })
}

/** Merges what the caller says about itself into its profile. */
export const setUserProfile: Handler<'setUserProfile'> = async (call) => {
  const { body, session, services } = call
  if (session.role === 'agent') {
    await setAgentProfile(call)
    return { body: 'OK User Profile set successfully' }
  }
  const { accountId, id: consumerId } = session.consumer
  const profile = orRefuse(decodeProfile(body))
  await services.store.write('updateProfile', { accountId, consumerId, profile })
  return { body: 'OK User Profile set successfully' }
}
