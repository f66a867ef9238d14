import type { SubscriptionId } from '@ringdown/protocol'
import { Refusal } from '@ringdown/protocol'
import type { RingNews } from '../bus/subjects.ts'
import { subjects } from '../bus/subjects.ts'
import { objectOf, textOf } from '../dialects/decoded.ts'
import { ConflatingFeed } from '../feeds/conflating-feed.ts'
import { announceChange } from './announce.ts'
import type { Parts } from './follow.ts'
import type { Call, Handler } from './handler.ts'

type RoutingSubscription = Call<'subscribeRoutingTasks'> | Call<'updateRoutingTaskSubscription'>

interface RingFilter {
  readonly skillId: string | undefined
  readonly conversationId: string | undefined
}

const ringFilter = (body: unknown): RingFilter => {
  const given = objectOf(body)
  return {
    skillId: textOf(given?.['skillId']),
    conversationId: textOf(given?.['conversationId']),
  }
}

const isWanted = ({ skillId, conversationId }: RingFilter, { ring }: RingNews): boolean =>
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
  const listening = services.bus.listen<RingNews>(subjects.rings(accountId), (news) => {
    if (news === 'gap' || news.ring.agentId !== agentId || !isWanted(filter, news)) return
    feed.offer(news.ring.id, 'UPSERT', { value: news, isNew: news.ring.state === 'waiting' })
  })
  const counted = services.presence.add('listening', accountId, agentId)
  session.subscribe(id, {
    kind: 'rings',
    feed,
    stop: () => {
      feed.stop()
      listening[Symbol.dispose]()
      counted[Symbol.dispose]()
      leaveRings(parts)
    },
  })
  return feed
}

/** Nobody would see the agent's rings: they go to others. [RG4] */
const leaveRings = ({ session, services }: Parts): void => {
  const { id, accountId } = session.agent
  if (services.presence.isListening(accountId, id)) return
  services.routing.cancelRings(accountId, id).catch((error: unknown) => {
    services.log.warn({ err: error }, 'rings could not be cancelled')
  })
}

const subscribe = async (call: RoutingSubscription, id: SubscriptionId) => {
  const { session, services } = call
  const { id: agentId, accountId } = session.agent
  const filter = ringFilter(call.body)
  const feed = startFeed(call, id, filter)
  const rings = await services.store.read('waitingRings', { accountId, agentId })
  const snapshot = rings
    .map((ring) => ({ id: ring.id, value: { ring, isTaskDone: false } }))
    .filter(({ value }) => isWanted(filter, value))
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
  using _ = services.presence.add('listening', session.accountId, session.agent.id)
  session.unsubscribe(id)
  return await subscribe(call, id)
}

/** Accepts or rejects a ring. The answer, then the ring, then the conversation. [RG2] */
export const updateRingState: Handler<'updateRingState'> = async ({ body, session, services }) => {
  const { id, userId, accountId } = session.agent
  const answer = textOf(body.ringState)?.toUpperCase() === 'ACCEPTED' ? 'accept' : 'reject'
  const answered = await services.store.write('answerRing', {
    accountId,
    ringId: textOf(body.ringId) ?? '',
    agent: { id, userId },
    answer,
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
      else services.routing.wake(accountId)
    },
  }
}
