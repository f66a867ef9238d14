/**
 * The order in which conversations and their events reach a bot. A bot on node-agent-sdk ends of an
 * uncaught TypeError when an event comes for a dialog that it was not told of, or no longer has.
 */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ManualClock, TestServer } from '../src/testing/index.ts'
import type { Frame } from '../src/testing/socket-client.ts'
import {
  answerRing,
  atWork,
  change,
  closing,
  EVENTS,
  followConversations,
  hire,
  nextChange,
  nextRing,
  openConversation,
  participant,
  setState,
  takeRing,
} from './bots/duty.ts'
import { gatedStore } from './bots/gated-store.ts'
import { recorded, recordedAtWork, story } from './bots/inspect.ts'
import { stillServer } from './bots/still-server.ts'

type Body = Frame['body']

let server: TestServer
let clock: ManualClock

beforeAll(async () => {
  ;({ server, clock } = await stillServer())
})
afterAll(() => server[Symbol.asyncDispose]())

it('[CV24] [SUB8] a DELETE is whole, and there is one, also amid messages', async () => {
  const { id: account } = await server.account()
  const { socket, frames } = await recordedAtWork(server, account)
  await using _socket = socket
  await using talk = await openConversation(server, account)
  await takeRing(socket)
  // Changes that follow from messages wait for the next quarter of a second, and closing overtakes them.
  for (const text of ['one', 'two', 'three']) await talk.say(text)
  await change(talk.consumer, talk.id, closing)
  await clock.advance(5_000)
  await socket.settled()
  const told = story(frames, talk.id)
  expect(told.filter((one) => one === 'DELETE')).toHaveLength(1)
  expect(told.at(-1)).toBe('DELETE')
  const deleted = frames
    .flatMap(({ body }) => body?.changes ?? [])
    .find((one: Body) => one.type === 'DELETE')
  expect(deleted.result.conversationDetails).toMatchObject({
    skillId: '-1',
    state: 'CLOSE',
    stage: 'CLOSE',
    closeReason: 'CONSUMER',
    participants: { CONSUMER: [talk.consumerId] },
  })
  expect(deleted.result.lastContentEventNotification.event.message).toBe('three')
})

it('[SUB10] the conversation comes before any of its events, whatever is said meanwhile', async () => {
  const { id: account } = await server.account()
  const { socket, frames } = await recordedAtWork(server, account)
  await using _socket = socket
  for (let round = 0; round < 10; round += 1) {
    const talk = await openConversation(server, account)
    const { ringId } = await nextRing(socket, 'WAITING', talk.id)
    const saying = ['a', 'b', 'c'].map((text) => talk.say(text))
    await answerRing(socket, ringId)
    await Promise.all(saying)
    await talk.say('d')
    await socket.settled()
    const told = story(frames, talk.id)
    expect(told[0]).toBe('UPSERT')
    expect(told.filter((one) => one === 'ContentEvent').length).toBeGreaterThan(0)
    await talk[Symbol.asyncDispose]()
  }
})

it('[SUB10] a bot that comes back hears nothing before its snapshot, however long that takes', async () => {
  await using stack = new AsyncDisposableStack()
  const gated = await gatedStore()
  stack.use(gated.store)
  const { server: own } = await stillServer({ store: gated.store })
  stack.use(own)
  const { id: account } = await own.account()
  const [ana, max] = [await hire(own, account), await hire(own, account, { roles: ['manager'] })]
  const gone = await atWork(own, ana)
  await using talk = await openConversation(own, account)
  await takeRing(gone)
  await nextChange(gone, talk.id)
  await gone[Symbol.asyncDispose]()
  await using chief = await own.agentSocket(account, max.bearer)
  await using back = await own.agentSocket(account, ana.bearer)
  const frames = recorded(back)
  // Connected, and nothing asked for.
  await change(chief, talk.id, participant('ADD', 'MANAGER'))
  await talk.say('too early')
  expect(await back.settled()).toEqual([])
  // Asked for, and not told yet.
  const open = gated.hold('conversations')
  const subscribed = followConversations(back, { agentIds: [ana.oldId] })
  await gated.reached('conversations')
  await change(chief, talk.id, participant('ADD', 'READER'))
  await talk.say('still too early')
  open()
  await subscribed
  await nextChange(back, talk.id)
  await talk.say('now')
  await back.next(({ type, body }) => type.endsWith(EVENTS) && body.event.message === 'now')
  expect(story(frames, talk.id)[0]).toBe('UPSERT')
  const said = frames.filter(({ type }) => type.endsWith(EVENTS)).map(({ body }) => body.sequence)
  expect(said).toEqual(said.toSorted((a, b) => a - b))
  expect(new Set(said).size).toBe(said.length)
})

it('[SUB10] nothing of a conversation follows its DELETE', async () => {
  const { id: account } = await server.account()
  const { agent, socket, frames } = await recordedAtWork(server, account)
  await using _socket = socket
  const max = await hire(server, account, { roles: ['manager'] })
  await using chief = await server.agentSocket(account, max.bearer)
  await using talk = await openConversation(server, account)
  await takeRing(socket)
  await nextChange(socket, talk.id)
  await setState(socket, 'AWAY')
  const saying = ['a', 'b', 'c'].map((text) => talk.say(text))
  await change(chief, talk.id, participant('REMOVE', 'ASSIGNED_AGENT', agent.oldId))
  await Promise.all(saying)
  await talk.say('d')
  await talk.consumer.request('ms.PublishEvent', {
    dialogId: talk.id,
    event: { type: 'AcceptStatusEvent', status: 'READ', sequenceList: [0] },
  })
  await clock.advance(5_000)
  await socket.settled()
  expect(story(frames, talk.id).at(-1)).toBe('DELETE')
})

it('[SUB10] a bot that reads a message after it closed is not told of its own receipt', async () => {
  const { id: account } = await server.account()
  const { socket, frames } = await recordedAtWork(server, account)
  await using _socket = socket
  await using talk = await openConversation(server, account)
  await takeRing(socket)
  await talk.say('#close')
  const closed = change(socket, talk.id, closing)
  const read = socket.request('.ams.ms.PublishEvent', {
    dialogId: talk.id,
    event: { type: 'AcceptStatusEvent', status: 'READ', sequenceList: [0] },
  })
  expect(await closed).toMatchObject({ code: 200 })
  expect(await read).toMatchObject({ code: 200 })
  await clock.advance(5_000)
  await socket.settled()
  expect(story(frames, talk.id).at(-1)).toBe('DELETE')
})

it('[EV3] events go to participants only, and none for conversations that were never told', async () => {
  const { id: account } = await server.account()
  const { socket, frames } = await recordedAtWork(server, account)
  await using _socket = socket
  await using other = await atWork(server, await hire(server, account), { availability: 'AWAY' })
  const seen = recorded(other)
  await using talk = await openConversation(server, account)
  await takeRing(socket)
  await talk.say('for one')
  await talk.consumer[Symbol.asyncDispose]()
  await clock.advance(1_000)
  await socket.settled()
  await other.settled()
  expect(story(frames, talk.id)).toContain('ContentEvent')
  expect(story(seen, talk.id)).toEqual([])
})

it('[SUB10] a joining while the snapshot is still being read is told before its events', async () => {
  await using stack = new AsyncDisposableStack()
  const gated = await gatedStore()
  stack.use(gated.store)
  const { server: own } = await stillServer({ store: gated.store })
  stack.use(own)
  const { id: account } = await own.account()
  const max = await hire(own, account, { roles: ['manager'] })
  await using talk = await openConversation(own, account)
  await using one = await own.agentSocket(account, max.bearer)
  await using other = await own.agentSocket(account, max.bearer)
  const frames = recorded(other)
  const open = gated.hold('conversations')
  const subscribed = followConversations(other)
  await gated.reached('conversations')
  await change(one, talk.id, participant('ADD', 'MANAGER'))
  await talk.say('early')
  await one.next(({ type, body }) => type.endsWith(EVENTS) && body.event.message === 'early')
  open()
  await subscribed
  await nextChange(other, talk.id)
  await talk.say('now')
  await other.next(({ type, body }) => type.endsWith(EVENTS) && body.event.message === 'now')
  expect(story(frames, talk.id)[0]).toBe('UPSERT')
})
