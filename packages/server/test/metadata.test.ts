import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testServer } from '../src/testing/index.ts'
import type { TestServer } from '../src/testing/test-server.ts'
import {
  change,
  consumerOf,
  eventsIn,
  follow,
  isEvents,
  joining,
  managerOf,
  open,
  type Person,
  receipt,
  say,
  text,
  unhurried,
  type Worker,
} from './given.ts'

let server: TestServer
const stack = new AsyncDisposableStack()
let ann: Person
/** One who speaks each version, both in the conversation. */
let agents: readonly Worker[]
let id: string

beforeAll(async () => {
  server = stack.use(await testServer({ limits: unhurried }))
  const { id: account } = await server.account()
  ann = stack.use(await consumerOf(server, account))
  const max = stack.use(await managerOf(server, account))
  const eva = stack.use(await managerOf(server, account, '2.1'))
  agents = [max, eva]
  id = await open(ann)
  await change(max, id, joining('ASSIGNED_AGENT'))
  await eva.socket.request('.ams.cm.UpdateConversationField', {
    conversationId: id,
    conversationField: [joining('MANAGER')],
  })
  await follow(ann, id)
  await follow(max, id)
  await eva.socket.request('.ams.ms.SubscribeMessagingEvents', { dialogId: id, fromSeq: 0 })
})
afterAll(() => stack.disposeAsync())

const eventAt = async ({ socket }: Pick<Worker, 'socket'>, sequence: number) => {
  for (;;) {
    const found = eventsIn(await socket.next(isEvents)).find((one) => one.sequence === sequence)
    if (found) return found
  }
}

const answer = [
  { type: 'Answer', questionId: 'q-1', id: 'a-2', provider: 'survey', groupId: 7 },
  { type: 'ExternalId', id: 'choice-2' },
]

describe('a click', () => {
  it('[CNT10] reaches agents twice, both times with its metadata and conversation', async () => {
    const { sequence } = (await say(agents[0]!, id, 'Yes or no?')).body
    const clicked = { metadata: answer }
    const action = receipt(id, [sequence], 'ACTION')
    const one = await ann.socket.request('ms.PublishEvent', action, clicked)
    const other = await ann.socket.request('ms.PublishEvent', text(id, 'Yes'), clicked)
    for (const agent of agents) {
      expect(await eventAt(agent, one.body.sequence)).toMatchObject({
        conversationId: id,
        dialogId: id,
        metadata: answer,
        event: { type: 'AcceptStatusEvent', status: 'ACTION', sequenceList: [sequence] },
      })
      expect(await eventAt(agent, other.body.sequence)).toMatchObject({
        conversationId: id,
        metadata: answer,
        event: { type: 'ContentEvent', message: 'Yes' },
      })
    }
  })
})

const publish = (extra: Record<string, unknown>) =>
  ann.socket.request('ms.PublishEvent', text(id, 'x'), extra)

describe('metadata', () => {
  it('[CNT11] comes back as it was sent', async () => {
    const item = fc.dictionary(
      fc.string().filter((name) => name !== '__proto__'),
      fc.jsonValue(),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(item, { minLength: 1, maxLength: 5 }), async (metadata) => {
        const sent = JSON.parse(JSON.stringify(metadata))
        fc.pre(!JSON.stringify(sent).match(/\\ud[89a-f]/i))
        const { code, body } = await publish({ metadata: sent })
        expect(code).toBe(200)
        const reached = await eventAt(agents[0]!, body.sequence)
        expect(JSON.stringify(reached.metadata)).toBe(JSON.stringify(sent))
      }),
      { numRuns: 60 },
    )
  })

  it('[CNT12] has at most 32 KiB', async () => {
    const sized = (bytes: number) => [{ a: 'x'.repeat(bytes - '[{"a":""}]'.length) }]
    expect((await publish({ metadata: sized(32 * 1024) })).code).toBe(200)
    expect(await publish({ metadata: sized(32 * 1024 + 1) })).toMatchObject({
      code: 400,
      body: 'Bad request: metadata is too large',
    })
  })
})

describe('encoded metadata', () => {
  it('[CNT13] reaches every reader, live and in a replay', async () => {
    const encodedMetadata = 'eyJhIjoi\u0000w7wifQ== "quoted"'
    const { body } = await publish({ encodedMetadata })
    for (const reader of [ann, ...agents])
      expect(await eventAt(reader, body.sequence)).toMatchObject({ encodedMetadata })
    const query = { dialogId: id, fromSeq: body.sequence }
    const { body: found } = await ann.socket.request('ms.QueryMessages', query)
    expect(found[0]).toMatchObject({ encodedMetadata })
  })

  it.each([null, undefined])('[CNT13] %s means none', async (encodedMetadata) => {
    const { body } = await publish({ encodedMetadata })
    expect(await eventAt(agents[0]!, body.sequence)).not.toHaveProperty('encodedMetadata')
  })

  it('[CNT13] is a text within the limit', async () => {
    expect((await publish({ encodedMetadata: { a: 1 } })).code).toBe(400)
    expect((await publish({ encodedMetadata: 'x'.repeat(32 * 1024 - 2) })).code).toBe(200)
    expect(await publish({ encodedMetadata: 'x'.repeat(32 * 1024 - 1) })).toMatchObject({
      code: 400,
      body: 'Bad request: encodedMetadata is too large',
    })
  })
})
