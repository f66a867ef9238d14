import { Refusal } from '@ringdown/protocol'
import { agentProfile, profileTarget } from '../dialects/agent-profile.ts'
import {
  decodeProfile,
  ownProfile,
  profileForAgentV2,
  profileForAgentV3,
} from '../dialects/consumer-profile.ts'
import type { AgentActor } from '../domain/actor.ts'
import { isSupervisor } from '../domain/permissions.ts'
import type { ConsumerRecord } from '../store/store.ts'
import { orRefuse } from './decoding.ts'
import type { Call, Handler } from './handler.ts'

type Reading = Call<'getUserProfile'>

/** Agents see the consumers of conversations that they see or are offered. [AG11] */
const maySeeConsumer = async (
  { services }: Reading,
  { accountId, id, ...actor }: AgentActor,
  consumerId: string,
): Promise<boolean> => {
  if (isSupervisor({ accountId, id, ...actor })) return true
  const { store } = services
  const filter = { accountId, consumerId, agentIds: [id], limit: 1 }
  if ((await store.read('conversations', filter)).length > 0) return true
  const rings = await store.read('waitingRings', { accountId, agentId: id })
  return rings.some((ring) => ring.consumerId === consumerId)
}

const consumerOf = async (call: Reading, id: string): Promise<ConsumerRecord> => {
  const { session, services } = call
  const consumer = await services.store.read('consumer', { accountId: session.accountId, id })
  const { actor } = session
  const isHidden = actor.kind === 'agent' && !(await maySeeConsumer(call, actor, id))
  if (!consumer || isHidden) throw new Refusal('consumer_not_found')
  return consumer
}

const ownAgentProfile = async ({ session, services }: Reading) => {
  const { accountId, userId } = session.agent
  const agent = await services.store.read('agent', { accountId, userId })
  if (!agent) throw new Refusal('agent_not_found')
  return agentProfile(agent, session.dialect.version)
}

/** One's own profile, or a consumer's for the agents who serve it. [CV32] */
export const getUserProfile: Handler<'getUserProfile'> = async (call) => {
  const { body, session } = call
  const { actor, dialect } = session
  const target = profileTarget(body, actor)
  if (actor.kind === 'consumer') return { body: ownProfile(await consumerOf(call, actor.id)) }
  if (target.kind === 'own') return { body: await ownAgentProfile(call) }
  const consumer = await consumerOf(call, target.consumerId)
  const profile = dialect.version === 2 ? profileForAgentV2 : profileForAgentV3
  return { body: profile(consumer) }
}

/** Merges what a consumer says about itself into its profile. */
export const setUserProfile: Handler<'setUserProfile'> = async ({ body, session, services }) => {
  if (session.role === 'agent') throw new Refusal('not_implemented')
  const { accountId, id: consumerId } = session.consumer
  const profile = orRefuse(decodeProfile(body))
  await services.store.write('updateProfile', { accountId, consumerId, profile })
  return { body: 'OK User Profile set successfully' }
}
