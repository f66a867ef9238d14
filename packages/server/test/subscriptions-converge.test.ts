import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ManualClock, testServer } from '../src/testing/index.ts'
import type { TestServer } from '../src/testing/test-server.ts'
import { expectConverges, Picture } from './converge.ts'
import {
  agentOf,
  change,
  closing,
  consumerOf,
  joining,
  managerOf,
  open,
  receipt,
  say,
  unhurried,
} from './given.ts'

let server: TestServer
const clock = new ManualClock()

beforeAll(async () => {
  server = await testServer({ clock, limits: unhurried })
})
afterAll(() => server[Symbol.asyncDispose]())

const cast = async (stack: AsyncDisposableStack) => {
  const account = (await server.account()).id
  return {
    ann: stack.use(await consumerOf(server, account)),
    bob: stack.use(await consumerOf(server, account)),
    max: stack.use(await managerOf(server, account)),
    mia: stack.use(await managerOf(server, account, '2')),
    ana: stack.use(await agentOf(server, account)),
  }
}
type Cast = Awaited<ReturnType<typeof cast>>

const actions = [
  'open',
  'say',
  'answer',
  'whisper',
  'read',
  'join',
  'leave',
  'watch',
  'close',
  'rate',
  'hurry',
  'defer',
  'pass',
] as const

interface Step {
  readonly action: (typeof actions)[number]
  readonly die: number
}

const step: fc.Arbitrary<Step> = fc.record({
  action: fc.constantFrom(...actions, 'say', 'answer'),
  die: fc.nat(1_000),
})

/** One thing that somebody does; what is refused is part of the game. */
const play = async (people: Cast, ids: string[], { action, die }: Step): Promise<void> => {
  const consumer = die % 2 === 0 ? people.ann : people.bob
  const manager = die % 3 === 0 ? people.max : people.mia
  const id = ids[die % Math.max(1, ids.length)] ?? 'none'
  const moves: Record<Step['action'], () => Promise<unknown>> = {
    open: async () => {
      const opened = await open(consumer)
      if (opened) ids.push(opened)
    },
    say: () => say(consumer, id, `say ${die}`),
    answer: () => say(manager, id, `answer ${die}`),
    whisper: () => say(manager, id, `psst ${die}`, { messageAudience: 'AGENTS_AND_MANAGERS' }),
    read: () => manager.socket.request('ms.PublishEvent', receipt(id, [die % 4])),
    join: () => change(manager, id, joining('ASSIGNED_AGENT')),
    leave: () => change(manager, id, joining('ASSIGNED_AGENT', 'REMOVE')),
    watch: () => change(manager, id, joining('READER', die % 2 ? 'ADD' : 'REMOVE')),
    close: () => change(die % 5 === 0 ? manager : consumer, id, closing),
    rate: () =>
      change(consumer, id, { field: 'CSATRate', status: 'FILLED', csatRate: (die % 5) + 1 }),
    hurry: () => change(consumer, id, { field: 'TTRField', ttrType: 'URGENT' }),
    defer: () => change(manager, id, { field: 'ManualETTR', time: clock.now() + die }),
    pass: () => clock.advance(die),
  }
  await moves[action]()
}

it('[SUB5] [SUB7] [SUB8] [CV24] snapshot and changes make the same picture as a new snapshot', async () => {
  let deleted = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 15, maxLength: 40 }), async (steps) => {
      await using stack = new AsyncDisposableStack()
      const people = await cast(stack)
      const { ann, max, mia, ana } = people
      const views = [
        { socket: ann.socket, filter: {} },
        { socket: ann.socket, filter: { convState: ['OPEN'] } },
        { socket: max.socket, filter: {} },
        { socket: max.socket, filter: { convState: ['OPEN'] } },
        { socket: max.socket, filter: { stage: ['CLOSE'] } },
        { socket: max.socket, filter: { agentIds: [mia.agent.id] } },
        { socket: mia.socket, filter: { agentIds: [null], convState: ['OPEN'] } },
        { socket: max.socket, filter: { consumerId: ann.id, stage: ['OPEN'] } },
        { socket: ana.socket, filter: {} },
      ]
      const ids: string[] = []
      const half = Math.floor(steps.length / 2)
      await play(people, ids, { action: 'open', die: 0 })
      for (const one of steps.slice(0, half)) await play(people, ids, one)
      const pictures = []
      for (const { socket, filter } of views) pictures.push(await Picture.of(socket, filter))
      const before = pictures[1]?.conversations.size ?? 0
      for (const one of steps.slice(half)) await play(people, ids, one)
      await clock.advance(1_000)
      for (const [index, { socket, filter }] of views.entries())
        await expectConverges(pictures[index] as Picture, socket, filter)
      if ((pictures[1]?.conversations.size ?? 0) < before) deleted += 1
    }),
    { numRuns: 25, seed: 42_004 },
  )
  expect(deleted, 'a picture lost a conversation').toBeGreaterThan(0)
})
