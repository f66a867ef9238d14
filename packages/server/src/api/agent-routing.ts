import type { RingId, SubscriptionId } from '@ringdown/protocol'
import { Refusal } from '@ringdown/protocol'
import type { RingNews } from '../bus/subjects.ts'
import { subjects } from '../bus/subjects.ts'
import { objectOf, textOf } from '../dialects/decoded.ts'
import { isCapable } from '../domain/permissions.ts'
import type { Ring } from '../domain/ring.ts'
import { isAccepted } from '../domain/ring.ts'
import type { RingFilter } from '../domain/routing/candidate.ts'
import { ConflatingFeed } from '../feeds/conflating-feed.ts'
import { announceChange } from './announce.ts'
import type { Parts } from './follow.ts'
import type { Call, Handler } from './handler.ts'
import type { Session } from './session.ts'

type RoutingSubscription = Call<'subscribeRoutingTasks'> | Call<'updateRoutingTaskSubscription'>

const ringFilter = (body: unknown): RingFilter => {
  const given = objectOf(body)
  const skillId = textOf(given?.['skillId'])
  const conversationId = textOf(given?.['conversationId'])
  return {
    ...(skillId !== undefined && { skillId }),
    ...(conversationId !== undefined && { conversationId }),
  }
}

const isWanted = (
  { skillId, conversationId }: RingFilter,
  { ring }: Pick<RingNews, 'ring'>,
): boolean =>
  (skillId === undefined || ring.skillId === skillId) &&
  (conversationId === undefined || ring.conversationId === conversationId)

const startFeed = (parts: Parts, id: SubscriptionId, filter: RingFilter) => {
  const { session, services } = parts
  const { id: agentId, accountId } = session.agent
  const feed = new ConflatingFeed<RingNews>({
    id,
    outlet: session.outlet,
    encodeChange: ({ type, value }) => session.dialect.ringChange({ type, ...value }),
    encodeFrame: (changes) => session.dialect.ringFrame(id, changes),
    frameBytes: services.config.limits.snapshotBytes,
  })
  /** Rings that the subscription knows as waiting: after a loss it is asked what became of them. */
  const waiting = new Set<RingId>()
  const offer = (news: RingNews): void => {
    const isNew = news.ring.state === 'waiting'
    if (isNew) waiting.add(news.ring.id)
    else waiting.delete(news.ring.id)
    feed.offer(news.ring.id, 'UPSERT', { value: news, isNew })
  }
  const listening = services.bus.listen<RingNews>(subjects.rings(accountId), (news) => {
    if (news === 'gap') catchUp(parts, { waiting, filter, offer })
    else if (news.ring.agentId === agentId && isWanted(filter, news)) offer(news)
  })
  const counted = services.presence.addListening(accountId, agentId, filter)
  session.subscribe(id, {
    kind: 'rings',
    feed,
    stop: () => {
      feed.stop()
      listening[Symbol.dispose]()
      counted[Symbol.dispose]()
      leaveRings(parts)
    },
    async judgeAgain() {
      if (!isCapable(session.agent, 'handle_conversations')) session.unsubscribe(id)
    },
  })
  return {
    open(rings: readonly Ring[]): void {
      for (const { id: ringId } of rings) waiting.add(ringId)
      feed.open(rings.map((ring) => ({ id: ring.id, value: { ring, isTaskDone: false } })))
    },
  }
}

interface Known {
  readonly waiting: ReadonlySet<RingId>
  readonly filter: RingFilter
  readonly offer: (news: RingNews) => void
}

/** News was lost: rings that wait unknown to the socket, and the end of those that do no more. [RG7] */
const catchUp = ({ session, services }: Parts, { waiting, filter, offer }: Known): void => {
  const { id: agentId, accountId } = session.agent
  const { store, log } = services
  const read = async (): Promise<void> => {
    const known = [...waiting]
    const rings = await store.read('waitingRings', { accountId, agentId })
    const now = new Set(rings.map(({ id }) => id))
    const ended = known.filter((id) => !now.has(id))
    const read = await Promise.all(ended.map((id) => store.read('ring', { accountId, id })))
    for (const ring of [...read, ...rings.filter(({ id }) => !waiting.has(id))]) {
      const news = ring && { ring, isTaskDone: isAccepted(ring) }
      if (news && isWanted(filter, news)) offer(news)
    }
  }
  read().catch((error: unknown) => log.warn({ err: error }, 'rings could not be read again'))
}

/** Nobody would see the agent's rings: they go to others. [RG4] */
const leaveRings = ({ session, services }: Parts): void => {
  const { id, accountId } = session.agent
  if (services.presence.isListening(accountId, id)) return
  services.routing.cancelRings(accountId, id).catch((error: unknown) => {
    services.log.warn({ err: error }, 'rings could not be cancelled')
  })
}

/** Who may not handle conversations is not rung. [PRM14] */
const assertHandles = (session: Session): void => {
  if (!isCapable(session.agent, 'handle_conversations')) throw new Refusal('not_permitted')
}

const subscribe = async (call: RoutingSubscription, id: SubscriptionId) => {
  const { session, services } = call
  assertHandles(session)
  const { id: agentId, accountId } = session.agent
  const filter = ringFilter(call.body)
  const feed = startFeed(call, id, filter)
  const rings = await services.store.read('waitingRings', { accountId, agentId })
  const snapshot = rings.filter((ring) => isWanted(filter, { ring }))
  return {
    body: { subscriptionId: id },
    after: () => {
      feed.open(snapshot)
      services.routing.wake(accountId)
    },
  }
}

/** The agent's waiting rings, then every change of one; without it an agent is not rung. [RG5] */
export const subscribeRoutingTasks: Handler<'subscribeRoutingTasks'> = (call) => {
  call.session.assertRoomForSubscription()
  return subscribe(call, call.services.ids.uuid())
}

export const updateRoutingTaskSubscription: Handler<'updateRoutingTaskSubscription'> = async (
  call,
) => {
  const id = textOf(objectOf(call.body)?.['subscriptionId'])
  if (id === undefined)
    throw new Refusal('bad_request', 'Bad request: body.subscriptionId is required')
  const { session, services } = call
  if (!session.subscription(id)) session.assertRoomForSubscription()
  // The agent listens all the while: its rings must not go to others between the two. [RG4]
  using _ = services.presence.addListening(session.accountId, session.agent.id, {})
  session.unsubscribe(id)
  return await subscribe(call, id)
}

/** Accepts or rejects a ring. The answer, then the ring, then the conversation. [RG2] */
export const updateRingState: Handler<'updateRingState'> = async ({ body, session, services }) => {
  const { id, userId, accountId } = session.agent
  const answer = textOf(body.ringState)?.toUpperCase() === 'ACCEPTED' ? 'accept' : 'reject'
  if (answer === 'accept') assertHandles(session)
  const reason = textOf(objectOf(body.ringdown)?.['reason'])?.trim() ?? ''
  const answered = await services.store.write('answerRing', {
    accountId,
    ringId: textOf(body.ringId) ?? '',
    agent: { id, userId },
    answer,
    ...(reason !== '' && { reason }),
    at: services.clock.now(),
  })
  const { ring, change, isRepeat } = answered
  if (change) services.hubs.cache.put(change.after)
  return {
    body: 'Ring state updated successfully',
    after: () => {
      if (isRepeat) return
      if (answer === 'reject') services.routing.pauseFor(ring)
      services.routing.announceRings([ring])
      if (change) announceChange(services, change)
      if (answer === 'reject') services.routing.wake(accountId)
    },
  }
}
