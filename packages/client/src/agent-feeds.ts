/** What only agents follow: their rings, and who is at work. */
import { Channel } from './channel.ts'
import type { Link } from './link.ts'
import { wireNames } from './requests.ts'
import { leavingById, Subscription } from './subscription.ts'

/** A conversation that is offered to this agent. */
export interface Ring {
  readonly ringId: string
  readonly ringState: 'WAITING' | 'ACCEPTED' | 'REJECTED' | 'EXPIRED' | 'CANCELLED' | 'AUTO_ACCEPT'
  /** When it ends by itself, in ms of the server’s clock. */
  readonly ringExpirationTs: number
  /** How long it waits altogether, in ms. */
  readonly ringExpiration: number
  /** When an answer to the consumer is due, in ms of the server’s clock. */
  readonly weight: number
  readonly convId: string
  readonly consumerId: string
  readonly skillId: string
}

export interface AgentState {
  readonly agentId: string
  readonly availability: 'ONLINE' | 'OCCUPIED' | 'BACK_SOON' | 'AWAY' | 'OFFLINE'
  /** The reason that the agent gave, or nothing. */
  readonly description: string
}

interface Feed<Item, Seen> {
  readonly type: string
  readonly body: object
  readonly notification: string
  /** Forgets what a new subscription tells anew. */
  reset(): void
  take(items: readonly Item[]): Seen
}

/** What it yields is all there is: a reader that is behind gets the newest alone. */
const follow = <Item, Seen>(
  link: Link,
  feed: Feed<Item, Seen>,
  signal?: AbortSignal,
): AsyncIterableIterator<Seen, undefined> => {
  let subscription: Subscription | undefined
  let subscriptionId: string | undefined
  const seen = new Channel<Seen>({ ...(signal && { signal }), onEnd: () => subscription?.stop() })
  if (seen.isOver) return seen
  subscription = new Subscription(link, {
    asked: () => ({ type: feed.type, body: feed.body }),
    begins: () => {
      subscriptionId = undefined
    },
    taken: (answer) => {
      subscriptionId = (answer as { subscriptionId: string }).subscriptionId
      feed.reset()
    },
    heard: ({ type, body }) => {
      if (!type.endsWith(feed.notification) || body.subscriptionId !== subscriptionId) return
      const changes = body.changes as readonly { readonly result: Item }[]
      seen.replace(feed.take(changes.map(({ result }) => result)))
    },
    ended: (failure) => seen.end(failure),
    leaving: leavingById,
  })
  return seen
}

/** The rings that wait now, soonest end first; again with every change. */
export const waitingRings = (
  link: Link,
  signal?: AbortSignal,
): AsyncIterableIterator<readonly Ring[], undefined> => {
  const waiting = new Map<string, Ring>()
  return follow<{ readonly ringsDetails: readonly Ring[] }, readonly Ring[]>(
    link,
    {
      type: wireNames.subscribeRoutingTasks,
      body: { channelType: 'MESSAGING' },
      notification: 'RoutingTaskNotification',
      reset: () => waiting.clear(),
      take: (tasks) => {
        for (const ring of tasks.flatMap(({ ringsDetails }) => ringsDetails))
          if (ring.ringState === 'WAITING') waiting.set(ring.ringId, ring)
          else waiting.delete(ring.ringId)
        return [...waiting.values()].sort((a, b) => a.ringExpirationTs - b.ringExpirationTs)
      },
    },
    signal,
  )
}

/** The states of one agent, or of all whom the caller may see; all of them with every change. */
export const agentStates = (
  link: Link,
  { agentId, signal }: { readonly agentId?: string; readonly signal?: AbortSignal } = {},
): AsyncIterableIterator<ReadonlyMap<string, AgentState>, undefined> => {
  const states = new Map<string, AgentState>()
  return follow<AgentState, ReadonlyMap<string, AgentState>>(
    link,
    {
      type: wireNames.subscribeAgentStates,
      body: { ...(agentId !== undefined && { agentId }), agentAvailability: '' },
      notification: 'AgentStateNotification',
      reset: () => states.clear(),
      take: (told) => {
        for (const state of told)
          if (agentId === undefined || state.agentId === agentId) states.set(state.agentId, state)
        return new Map(states)
      },
    },
    signal,
  )
}
