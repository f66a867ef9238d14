/** The rating of a conversation, on the wire. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { TestServer } from '../src/testing/index.ts'
import type { Frame } from '../src/testing/socket-client.ts'
import {
  atWork,
  CONVERSATIONS,
  change,
  closing,
  hire,
  nextChange,
  openConversation,
  refusal,
  supervisor,
  takeRing,
} from './bots/duty.ts'
import { stillServer } from './bots/still-server.ts'

let server: TestServer

beforeAll(async () => {
  ;({ server } = await stillServer())
})
afterAll(() => server[Symbol.asyncDispose]())

const rating = (csatRate: unknown, more: object = {}) => ({
  field: 'CSATRate',
  csatRate,
  csatResolutionConfirmation: true,
  status: 'FILLED',
  ...more,
})
const rated = (rate: number) => (result: Frame['body']) =>
  result.conversationDetails.csat?.csatRate === rate

it('[CV11] [DLG20] a consumer rates while it is open and after, and every matching subscription is told', async () => {
  const { id: account } = await server.account()
  await using agent = await atWork(server, await hire(server, account))
  const everything = { convState: ['OPEN', 'CLOSE'] }
  const { socket: chief } = await supervisor(server, account, everything)
  await using _chief = chief
  const other = await hire(server, account, { roles: ['manager'] })
  await using third = await server.agentSocket(account, other.bearer, '3')
  await third.request('cqm.SubscribeExConversations', everything)
  await using talk = await openConversation(server, account)
  await talk.consumer.request('cqm.SubscribeExConversations', everything)
  await takeRing(agent, talk.id)
  const sockets = [talk.consumer, chief, third]
  const all = (rate: number) =>
    Promise.all(sockets.map((socket) => nextChange(socket, talk.id, 'UPSERT', rated(rate))))
  expect(await change(talk.consumer, talk.id, rating(2))).toMatchObject({
    code: 200,
    body: 'OK CSAT updated successfully',
  })
  await all(2)
  await nextChange(agent, talk.id, 'UPSERT', rated(2))
  await change(talk.consumer, talk.id, closing)
  await nextChange(agent, talk.id, 'DELETE')
  await agent.settled()
  await change(talk.consumer, talk.id, rating('5', { csatResolutionConfirmation: null }))
  for (const { conversationDetails } of await all(5))
    expect(conversationDetails).toMatchObject({
      state: 'CLOSE',
      csat: { field: 'CSATRate', csatRate: 5, csatResolutionConfirmation: null, status: 'FILLED' },
    })
  // Who was told that it is over is not told again.
  expect((await agent.settled()).filter(({ type }) => type.endsWith(CONVERSATIONS))).toEqual([])
})

it.each([
  [rating(0), 400],
  [rating(6), 400],
  [rating(4.5), 400],
  [rating('many'), 400],
  [rating(undefined), 400],
  [rating(3, { status: 'MAYBE' }), 400],
  [rating(undefined, { status: 'SKIPPED', csatResolutionConfirmation: null }), 200],
  [rating(undefined, { status: 'PARTIALLY_FILLED' }), 200],
])('[CV28] [DLG20] %j is answered with %i', async (field, code) => {
  const { id: account } = await server.account()
  await using talk = await openConversation(server, account)
  expect(await change(talk.consumer, talk.id, field)).toMatchObject({ code })
  const known = { accountId: account, id: talk.id }
  const { csat } = (await server.services.store.read('conversation', known))!
  expect(csat === undefined).toBe(code === 400)
})

it('[CV11] agents do not rate, and nobody rates for another', async () => {
  const { id: account } = await server.account()
  await using agent = await atWork(server, await hire(server, account))
  const { socket: chief } = await supervisor(server, account)
  await using _chief = chief
  await using talk = await openConversation(server, account)
  await takeRing(agent, talk.id)
  for (const socket of [agent, chief])
    expect(await change(socket, talk.id, rating(5))).toMatchObject(
      refusal(403, 'Operation not permitted'),
    )
  await using mallory = await openConversation(server, account)
  expect(await change(mallory.consumer, talk.id, rating(1))).toMatchObject({ code: 404 })
})
