/** What only agents follow: their rings, and who is at work. */
import { Channel } from './channel.ts'
import type { Link } from './link.ts'
import { RequestRefused } from './problems.ts'
import { wireNames } from './requests.ts'
import type { Notification } from './wire.ts'

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
  /** Forgets what a new connection tells anew. */
  reset(): void
  take(items: readonly Item[]): Seen
}

/** Subscribes on each connection and passes on what comes, also if it comes before the answer. */
const follow = <Item, Seen>(
  link: Link,
  feed: Feed<Item, Seen>,
  signal?: AbortSignal,
): AsyncIterableIterator<Seen, undefined> => {
  const following = { stop: () => {} }
  const seen = new Channel<Seen>({ ...(signal && { signal }), onEnd: () => following.stop() })
  if (seen.isOver) return seen
  const followed = link.follow({
    connected: () => {
      feed.reset()
      link.request({ type: feed.type, body: feed.body }).catch((error: unknown) => {
        if (error instanceof RequestRefused && error.code < 500) seen.end({ error })
      })
    },
    heard: ({ type, body }: Notification) => {
      if (!type.endsWith(feed.notification)) return
      const changes = body.changes as readonly { readonly result: Item }[]
      seen.push(feed.take(changes.map(({ result }) => result)))
    },
  })
  following.stop = () => followed[Symbol.dispose]()
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
