/**
 * Routing across a crash and across a time without its store. What a crash leaves is what the next
 * process finds: the store's files, copied while it ran.
 */
import { expect, it } from 'vitest'
import type { TestServer } from '../src/testing/index.ts'
import {
  answerRing,
  atWork,
  hire,
  nextRing,
  openConversation,
  ringsAmong,
  takeRing,
} from './bots/duty.ts'
import { gatedStore } from './bots/gated-store.ts'
import { folder, leave, serverOn } from './bots/restart.ts'
import { stillServer } from './bots/still-server.ts'

interface TwoLives {
  readonly stack: AsyncDisposableStack
  readonly first: Life
  /** The next process, on what the first one has written until now. */
  next(now?: number): Promise<Life>
}

type Life = Awaited<ReturnType<typeof serverOn>>

/** A process, and the one that comes after it died. */
const twoLives = async (stack: AsyncDisposableStack): Promise<TwoLives> => {
  const [dir, copy] = [folder(stack), folder(stack)]
  return {
    stack,
    first: stack.use(await serverOn(dir)),
    async next(now) {
      leave(dir, copy)
      return stack.use(await serverOn(copy, now))
    },
  }
}

/** An agent at work who is rung for a conversation. */
const rung = async (
  { stack, first: { server } }: TwoLives,
  settings: Parameters<TestServer['account']>[0] = {},
) => {
  const { id: account } = await server.account(settings)
  const [ana, bob] = [await hire(server, account), await hire(server, account)]
  const agent = stack.use(await atWork(server, ana))
  const talk = stack.use(await openConversation(server, account))
  return { ana, bob, agent, talk, ringId: (await nextRing(agent)).ringId }
}

it('[RG3] [RT5] a ring that waited when the process died expires in the next one', async () => {
  await using stack = new AsyncDisposableStack()
  const lives = await twoLives(stack)
  const { ana, bob, talk, ringId } = await rung(lives, { ringExpirationMs: 30_000 })

  const second = await lives.next()
  await using other = await atWork(second.server, bob)
  await second.clock.advance(29_999)
  expect(ringsAmong(await other.settled())).toEqual([])
  await second.clock.advance(1)
  expect(await nextRing(other)).toMatchObject({ conversationId: talk.id })
  await using late = await atWork(second.server, ana)
  expect(await answerRing(late, ringId)).toMatchObject({ code: 409 })
})

it('[RG3] [RG5] the agent of a waiting ring finds it again after the restart', async () => {
  await using stack = new AsyncDisposableStack()
  const lives = await twoLives(stack)
  const { ana, talk, ringId } = await rung(lives)

  const second = await lives.next()
  await using again = await atWork(second.server, ana)
  expect(await takeRing(again)).toMatchObject({ ringId, conversationId: talk.id })
  await second.clock.advance(72_000)
  expect(ringsAmong(await again.settled()).map(({ ringState }) => ringState)).toEqual(['ACCEPTED'])
})

it('[RG3] a ring that came due while no process ran goes to others at the start', async () => {
  await using stack = new AsyncDisposableStack()
  const lives = await twoLives(stack)
  const { bob, talk, ringId } = await rung(lives)

  const second = await lives.next(lives.first.clock.now() + 3_600_000)
  await second.clock.advance(0)
  await using other = await atWork(second.server, bob)
  const ring = await nextRing(other)
  expect(ring).toMatchObject({ conversationId: talk.id })
  expect(ring.ringId).not.toBe(ringId)
})

it('[RT5] the queue is served after a restart', async () => {
  await using stack = new AsyncDisposableStack()
  const lives = await twoLives(stack)
  const { first } = lives
  const { id: account } = await first.server.account()
  const ana = await hire(first.server, account)
  await using one = await openConversation(first.server, account)
  await first.clock.advance(1)
  await using two = await openConversation(first.server, account)

  const second = await lives.next()
  await using agent = await atWork(second.server, ana)
  await takeRing(agent, one.id)
  await takeRing(agent, two.id)
})

it('[RT7] an agent that did not come back is OFFLINE a minute after the restart', async () => {
  await using stack = new AsyncDisposableStack()
  const lives = await twoLives(stack)
  const { first } = lives
  const { id: account } = await first.server.account()
  const ana = await hire(first.server, account)
  const bob = await hire(first.server, account)
  await using _agent = await atWork(first.server, ana)
  await using _other = await atWork(first.server, bob)

  const second = await lives.next()
  const states = async () =>
    new Map(
      (await second.server.services.store.read('agentStates', account)).map((state) => [
        state.agentId,
        state.availability,
      ]),
    )
  await using back = await second.server.agentSocket(account, bob.bearer)
  await second.clock.advance(59_999)
  expect((await states()).get(ana.id)).toBe('ONLINE')
  await second.clock.advance(1)
  await back.settled()
  expect(await states()).toEqual(
    new Map([
      [ana.id, 'OFFLINE'],
      [bob.id, 'ONLINE'],
    ]),
  )
})

it('[RG3] [RT5] [RT7] what came due while the store was away happens when it is back', async () => {
  await using stack = new AsyncDisposableStack()
  const gated = await gatedStore()
  stack.use(gated.store)
  const { server, clock } = await stillServer({ store: gated.store })
  stack.use(server)
  const { id: account } = await server.account({ ringExpirationMs: 30_000 })
  const [ana, bob] = [await hire(server, account), await hire(server, account)]
  await using agent = await atWork(server, ana)
  await using talk = await openConversation(server, account)
  const { ringId } = await nextRing(agent)
  await using other = await atWork(server, bob)
  const gone = await atWork(server, await hire(server, account), { availability: 'BACK_SOON' })
  await gone[Symbol.asyncDispose]()
  gated.isAway = true
  await clock.advance(90_000)
  expect(ringsAmong(await agent.settled())).toEqual([])
  gated.isAway = false
  await clock.advance(1_000)
  expect(await nextRing(agent, 'EXPIRED')).toMatchObject({ ringId })
  expect(await nextRing(other)).toMatchObject({ conversationId: talk.id })
  const states = await server.services.store.read('agentStates', account)
  expect(states.map(({ availability }) => availability).toSorted()).toEqual([
    'OFFLINE',
    'ONLINE',
    'ONLINE',
  ])
})

it('[RT5] a queue that could not be read is read again', async () => {
  await using stack = new AsyncDisposableStack()
  const gated = await gatedStore()
  stack.use(gated.store)
  const { server, clock } = await stillServer({ store: gated.store })
  stack.use(server)
  const { id: account } = await server.account()
  await using agent = await atWork(server, await hire(server, account))
  const open = gated.hold('queuedTasks')
  await using talk = await openConversation(server, account)
  await gated.reached('queuedTasks')
  gated.isAway = true
  open()
  await clock.advance(5_000)
  expect(ringsAmong(await agent.settled())).toEqual([])
  gated.isAway = false
  await clock.advance(1_000)
  await takeRing(agent, talk.id)
})
