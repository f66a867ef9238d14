import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ManualClock, testServer } from '../src/testing/index.ts'
import type { Frame } from '../src/testing/socket-client.ts'
import type { TestServer } from '../src/testing/test-server.ts'
import {
  agentOf,
  change,
  closing,
  consumerOf,
  eventsIn,
  follow,
  isConversations,
  joining,
  managerOf,
  open,
  range,
  say,
  sequencesOf,
  unhurried,
} from './given.ts'

let server: TestServer
let account: string
const clock = new ManualClock()

beforeAll(async () => {
  server = await testServer({ clock, limits: unhurried })
  account = (await server.account()).id
})
afterAll(() => server[Symbol.asyncDispose]())

type Speaker = Parameters<typeof say>[0]

const subscribe = ({ socket }: Speaker, filter: Record<string, unknown> = {}) =>
  socket.request('cqm.SubscribeExConversations', filter)

/** What came of conversations, as pairs of kind and id, after a round trip. */
const changesOf = async ({ socket }: Speaker) =>
  (await socket.settled()).filter(isConversations).flatMap(({ body }) => body.changes)
const kindsOf = async (speaker: Speaker): Promise<string[]> =>
  (await changesOf(speaker)).map(({ type }) => type)

describe('a subscription to conversations', () => {
  it('[SUB5] is answered with its id, then sent what matches, newest change first', async () => {
    await using ann = await consumerOf(server, account)
    const ids: string[] = []
    for (const _ of range(0, 4)) {
      ids.push(await open(ann))
      await clock.advance(10)
    }
    await change(ann, ids[1] as string, { field: 'TTRField', ttrType: 'URGENT' })
    const { body } = await subscribe(ann)
    const [first, ...more] = await ann.socket.settled()
    expect(more).toEqual([])
    expect(first?.body.subscriptionId).toBe(body.subscriptionId)
    const listed = first?.body.changes.map(
      (one: { result: { convId: string } }) => one.result.convId,
    )
    expect(listed).toEqual([ids[1], ids[3], ids[2], ids[0]])
  })

  it('[SUB5] is sent an empty list when nothing matches', async () => {
    await using ann = await consumerOf(server, account)
    await subscribe(ann)
    expect((await ann.socket.settled()).map(({ body }) => body.changes)).toEqual([[]])
  })

  it('[SUB5] is sent large lists in frames of at most 256 KiB', async () => {
    const { id: tenant } = await server.account({ maxOpenConversations: 0 })
    await using ann = await consumerOf(server, tenant)
    const long = 'x'.repeat(60_000)
    for (const _ of range(0, 12)) await say(ann, await open(ann), long)
    await using again = await server.consumer(tenant, { token: ann.token })
    await subscribe({ socket: again })
    const frames: Frame[] = []
    const changes = () => frames.flatMap(({ body }) => body.changes)
    while (changes().length < 12) frames.push(await again.next(isConversations))
    expect(frames.length).toBeGreaterThan(2)
    for (const frame of frames)
      expect(JSON.stringify(frame).length).toBeLessThan(256 * 1024 + 62_000)
    expect(changes()).toHaveLength(12)
  })

  it('[SUB8] what matches is an UPSERT, what stops matching one DELETE with its last state', async () => {
    await using ann = await consumerOf(server, account)
    await using max = await managerOf(server, account)
    await subscribe(max, { consumerId: ann.id, convState: ['OPEN'] })
    await max.socket.settled()
    const id = await open(ann)
    expect(await kindsOf(max)).toEqual(['UPSERT'])
    await change(ann, id, closing)
    const [gone, ...more] = await changesOf(max)
    expect(more).toEqual([])
    expect(gone).toMatchObject({
      type: 'DELETE',
      result: { convId: id, conversationDetails: { state: 'CLOSE', closeReason: 'CONSUMER' } },
    })
    await change(ann, id, { field: 'CSATRate', status: 'SKIPPED' })
    await clock.advance(1_000)
    expect(await changesOf(max)).toEqual([])
  })

  it('[SUB8] messages just before the close do not make a second DELETE', async () => {
    await using ann = await consumerOf(server, account)
    await using max = await managerOf(server, account)
    const id = await open(ann)
    await subscribe(max, { consumerId: ann.id, convState: ['OPEN'] })
    await max.socket.settled()
    for (const index of range(0, 3)) await say(ann, id, `${index}`)
    await change(ann, id, closing)
    await clock.advance(1_000)
    expect(await kindsOf(max)).toEqual(['UPSERT', 'DELETE'])
  })

  it('[SUB8] what never matched is nothing', async () => {
    await using ann = await consumerOf(server, account)
    await using max = await managerOf(server, account)
    await subscribe(max, { agentIds: [max.agent.id] })
    await max.socket.settled()
    const id = await open(ann)
    await say(ann, id, 'x')
    await change(ann, id, closing)
    await clock.advance(1_000)
    expect(await changesOf(max)).toEqual([])
  })

  it('[SUB7] messages go out at most four times a second and conversation, the last state always', async () => {
    await using ann = await consumerOf(server, account)
    await using max = await managerOf(server, account)
    const id = await open(ann)
    await subscribe(max, { consumerId: ann.id })
    await max.socket.settled()
    const counts: number[] = []
    for (const quarter of range(0, 4)) {
      for (const index of range(0, 5)) await say(ann, id, `${quarter}.${index}`)
      counts.push((await changesOf(max)).length)
      await clock.advance(250)
    }
    const last = (await changesOf(max)).at(-1)
    expect(counts).toEqual([1, 1, 1, 1])
    expect(last.result.lastContentEventNotification.event.message).toBe('3.4')
    await clock.advance(1_000)
    expect(await changesOf(max)).toEqual([])
  })

  it('[SUB7] structural changes go out at once', async () => {
    await using ann = await consumerOf(server, account)
    await using max = await managerOf(server, account)
    const id = await open(ann)
    await subscribe(max, { consumerId: ann.id })
    await max.socket.settled()
    await say(ann, id, 'opens the window')
    await say(ann, id, 'waits')
    for (const ttrType of ['URGENT', 'NORMAL', 'CUSTOM'])
      await change(ann, id, { field: 'TTRField', ttrType })
    const seen = await changesOf(max)
    expect(seen.map(({ result }) => result.conversationDetails.ttr.ttrType)).toEqual([
      'PRIORITIZED',
      'URGENT',
      'NORMAL',
      'CUSTOM',
    ])
    expect(seen.at(-1).result.lastContentEventNotification.sequence).toBe(1)
  })

  it('[SUB6] a reader that is behind gets one newest value of each thing', async () => {
    await using ann = await consumerOf(server, account)
    await using max = await managerOf(server, account)
    const id = await open(ann)
    await follow(max, id)
    await subscribe(max, { consumerId: ann.id })
    await max.socket.settled()
    max.socket.socket.pause()
    const message = 'm'.repeat(60_000)
    for (const index of range(0, 200)) await say(ann, id, `${index}${message}`)
    const count = 40
    for (const index of range(0, count))
      await change(ann, id, { field: 'TTRField', ttrType: 'CUSTOM', value: index })
    await clock.advance(1_000)
    max.socket.socket.resume()
    const secondsOf = (one: { result: { conversationDetails: { ttr: { value: number } } } }) =>
      one.result.conversationDetails.ttr.value
    const values: number[] = []
    while (values.at(-1) !== count - 1)
      values.push(...(await max.socket.next(isConversations)).body.changes.map(secondsOf))
    expect(values.length).toBeLessThan(count / 2)
  })

  it('[SUB13] nothing of it follows the answer that ended it', async () => {
    await using ann = await consumerOf(server, account)
    const id = await open(ann)
    const { body } = await subscribe(ann)
    await follow(ann, id)
    await ann.socket.settled()
    for (const [type, about] of [
      ['cqm.UnsubscribeExConversations', { subscriptionId: body.subscriptionId }],
      ['cqm.UnsubscribeExConversations', { subscriptionId: body.subscriptionId }],
      ['cqm.UnsubscribeExConversations', { subscriptionId: 'never' }],
      ['ms.UnsubscribeMessagingEvents', { dialogId: id }],
      ['ms.UnsubscribeMessagingEvents', { dialogId: id }],
    ] as const)
      expect(await ann.socket.request(type, about)).toMatchObject({ code: 200 })
    await say(ann, id, 'unheard')
    await change(ann, id, closing)
    await clock.advance(1_000)
    expect(await ann.socket.settled()).toEqual([])
  })
})

describe('an update of a subscription', () => {
  it('[SUB5] is sent what matches the new filter, under the same id', async () => {
    await using ann = await consumerOf(server, account)
    await using max = await managerOf(server, account)
    const id = await open(ann)
    const { body } = await subscribe(max, { consumerId: 'nobody' })
    await max.socket.settled()
    const update = (more: Record<string, unknown>) =>
      max.socket.request('cqm.UpdateExConversationSubscription', {
        subscriptionId: body.subscriptionId,
        ...more,
      })
    const updated = await update({ consumerId: ann.id })
    expect(updated).toMatchObject({ code: 200, body })
    expect((await changesOf(max)).map(({ result }) => result.convId)).toEqual([id])
    expect(await update({ convState: ['AJAR'] })).toMatchObject({ code: 400 })
    await change(ann, id, { field: 'TTRField', ttrType: 'URGENT' })
    expect(await kindsOf(max)).toEqual(['UPSERT'])
  })
})

describe('delivery that nobody asked for', () => {
  it('[SUB9] the socket that opened a conversation hears the others until it subscribes', async () => {
    await using ann = await consumerOf(server, account)
    await using window = await server.consumer(account, { token: ann.token })
    await using max = await managerOf(server, account)
    const id = await open(ann)
    await change(max, id, joining('ASSIGNED_AGENT'))
    await say(ann, id, 'own')
    await say(max, id, 'theirs')
    expect(await sequencesOf(ann)).toEqual([1])
    expect(await window.settled()).toEqual([])
    await follow(ann, id, 1)
    await say(ann, id, 'own again')
    expect(await sequencesOf(ann)).toEqual([1, 2])
  })

  it('[SUB9] an account may turn it off', async () => {
    const { id: tenant } = await server.account({ implicitDelivery: false })
    await using ann = await consumerOf(server, tenant)
    await using max = await managerOf(server, tenant)
    const id = await open(ann)
    await change(max, id, joining('ASSIGNED_AGENT'))
    await say(max, id, 'unheard')
    expect(await ann.socket.settled()).toEqual([])
  })

  it('[SUB10] an agent hears what it takes part in from its joining on, and no longer than that', async () => {
    await using ann = await consumerOf(server, account)
    await using max = await managerOf(server, account)
    const id = await open(ann)
    await say(ann, id, 'before')
    await change(max, id, joining('ASSIGNED_AGENT'))
    await say(ann, id, 'while')
    expect(await sequencesOf(max)).toEqual([1])
    await change(max, id, joining('ASSIGNED_AGENT', 'REMOVE'))
    await say(ann, id, 'after')
    expect(await sequencesOf(max)).toEqual([])
  })

  it('[SUB10] on a socket that follows conversations it begins after the UPSERT and ends with the DELETE', async () => {
    await using ann = await consumerOf(server, account)
    await using max = await managerOf(server, account)
    const id = await open(ann)
    await subscribe(max, { agentIds: [max.agent.id], convState: ['OPEN'] })
    await max.socket.settled()
    await change(max, id, joining('ASSIGNED_AGENT'))
    await say(ann, id, 'first')
    const frames = await max.socket.settled()
    const upsert = frames.findIndex(isConversations)
    const event = frames.findIndex((frame) => eventsIn(frame).length > 0)
    expect(upsert).toBeGreaterThanOrEqual(0)
    expect(event).toBeGreaterThan(upsert)
    await change(max, id, joining('ASSIGNED_AGENT', 'REMOVE'))
    await say(ann, id, 'unheard')
    expect(await sequencesOf(max)).toEqual([])
  })

  it('[SUB10] an agent that connects later hears what comes from then on', async () => {
    await using ann = await consumerOf(server, account)
    await using ana = await agentOf(server, account, { roles: ['manager'] })
    const id = await open(ann)
    await change(ana, id, joining('ASSIGNED_AGENT'))
    await say(ann, id, 'before')
    await using again = await server.agentSocket(account, ana.agent.bearer, '3')
    await subscribe({ socket: again }, { agentIds: [ana.agent.id] })
    await again.settled()
    await say(ann, id, 'after')
    expect(await sequencesOf({ socket: again })).toEqual([1])
  })
})

describe('queries', () => {
  it('[SUB12] are ascending: the newest so many, else the first from the lower bound', async () => {
    await using ann = await consumerOf(server, account)
    const id = await open(ann)
    for (const index of range(0, 10)) await say(ann, id, `${index}`)
    const query = async (bounds: Record<string, unknown>): Promise<number[]> =>
      (await ann.socket.request('ms.QueryMessages', { dialogId: id, ...bounds })).body.map(
        ({ sequence }: { sequence: number }) => sequence,
      )
    expect(await query({})).toEqual(range(0, 10))
    expect(await query({ maxQuantity: 3 })).toEqual([7, 8, 9])
    expect(await query({ newerThanSequence: 8 })).toEqual([8, 9])
    expect(await query({ olderThanSequence: 2 })).toEqual([0, 1])
    expect(await query({ newerThanSequence: 2, olderThanSequence: 5 })).toEqual([2, 3, 4])
    expect(await query({ olderThanSequence: 5, maxQuantity: 2 })).toEqual([3, 4])
    expect(await query({ newerThanSequence: 10 })).toEqual([])
    expect(await query({ newerThanSequence: -5, olderThanSequence: -1 })).toEqual(range(0, 10))
    expect(await query({ fromSeq: '4', maxQuantity: '2' })).toEqual([8, 9])
  })

  it('[SUB12] answer with at most 1,000 events', async () => {
    await using ann = await consumerOf(server, account)
    const id = await open(ann)
    await Promise.all(range(0, 1_001).map((index) => say(ann, id, `${index}`)))
    const query = async (bounds: Record<string, unknown>) =>
      (await ann.socket.request('ms.QueryMessages', { dialogId: id, ...bounds })).body
    expect((await query({})).at(-1).sequence).toBe(999)
    expect(await query({ maxQuantity: 5_000 })).toHaveLength(1_000)
    expect((await query({ maxQuantity: 5_000 }))[0].sequence).toBe(1)
    expect(await query({ maxQuantity: 999 })).toHaveLength(999)
  })
})
