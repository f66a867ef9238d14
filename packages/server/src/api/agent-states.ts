import type { AgentId } from '@ringdown/protocol'
import type { AgentStateNews } from '../bus/subjects.ts'
import { subjects } from '../bus/subjects.ts'
import { publicIdOf } from '../dialects/agent-references.ts'
import { objectOf, textOf, wordOf } from '../dialects/decoded.ts'
import type { Actor } from '../domain/actor.ts'
import type { AgentState, Availability } from '../domain/agent-state.ts'
import { isCapable } from '../domain/permissions.ts'
import { ConflatingFeed } from '../feeds/conflating-feed.ts'
import type { Call, Handler } from './handler.ts'

/** Sets the caller's state, for all of its sockets. [RT6] */
export const setAgentState: Handler<'setAgentState'> = async ({ body, session, services }) => {
  const { id, userId, accountId } = session.agent
  const availability = wordOf(body.availability) as Availability
  const description = textOf(objectOf(body)?.['description']) ?? ''
  const agent = { id, userId }
  const announce = await services.routing.setState(accountId, agent, { availability, description })
  return { body: 'Agent state updated successfully', after: announce }
}

/** Whose state: one agent's, or for those who may view agents everybody's. [PRM1] */
const wantedAgent = (value: unknown, actor: Actor): string | undefined => {
  const id = publicIdOf(value, actor)
  if (actor.kind === 'agent' && !isCapable(actor, 'view_agents')) return actor.id
  return value === undefined || value === null ? undefined : id
}

/** Everybody's state; who never set one is OFFLINE. [RT8] */
const statesOf = async ({
  session: { accountId },
  services: { store },
}: Call<'subscribeAgentStates'>): Promise<AgentState[]> => {
  const [agents, states] = await Promise.all([
    store.read('agents', accountId),
    store.read('agentStates', accountId),
  ])
  const known = new Map(states.map((state) => [state.agentId, state]))
  return agents.map(
    ({ id, userId, createdAt }) =>
      known.get(id) ?? {
        accountId,
        agentId: id,
        userId,
        availability: 'OFFLINE',
        description: '',
        since: createdAt,
      },
  )
}

/** The states as they are, then every change. [RT8] */
export const subscribeAgentStates: Handler<'subscribeAgentStates'> = async (call) => {
  const { body, session, services } = call
  const { accountId, dialect, outlet } = session
  session.assertRoomForSubscription()
  const id = services.ids.uuid()
  const isWanted = (agentId: AgentId): boolean => {
    // Judged each time: the right to view others may come and go while the socket is open.
    const wanted = wantedAgent(objectOf(body)?.['agentId'], session.actor)
    return wanted === undefined || wanted === agentId
  }
  const feed = new ConflatingFeed<AgentState>({
    id,
    outlet,
    encodeChange: ({ value }) => dialect.agentStateChange(value),
    encodeFrame: (changes) => dialect.agentStateFrame(id, changes),
    frameBytes: services.config.limits.snapshotBytes,
  })
  const listening = services.bus.listen<AgentStateNews>(subjects.agentStates(accountId), (news) => {
    if (news === 'gap' || !isWanted(news.after.agentId)) return
    feed.offer(news.after.agentId, 'UPSERT', { value: news.after, isNew: false })
  })
  session.subscribe(id, {
    kind: 'agent_states',
    feed,
    stop: () => {
      feed.stop()
      listening[Symbol.dispose]()
    },
  })
  const snapshot = (await statesOf(call))
    .filter(({ agentId }) => isWanted(agentId))
    .map((value) => ({ id: value.agentId, value }))
  return { body: { subscriptionId: id }, after: () => feed.open(snapshot) }
}
