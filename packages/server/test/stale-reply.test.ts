import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testServer } from '../src/testing/index.ts'
import type { TestServer } from '../src/testing/test-server.ts'
import {
  change,
  consumerOf,
  joining,
  managerOf,
  open,
  range,
  receipt,
  say,
  unhurried,
} from './given.ts'

let server: TestServer
let account: string

beforeAll(async () => {
  server = await testServer({ limits: unhurried })
  account = (await server.account()).id
})
afterAll(() => server[Symbol.asyncDispose]())

/** A consumer, an assigned agent and a manager who joined. */
const talk = async (stack: AsyncDisposableStack, version = '3') => {
  const ann = stack.use(await consumerOf(server, account))
  const max = stack.use(await managerOf(server, account))
  const eva = stack.use(await managerOf(server, account, version))
  const id = await open(ann)
  await change(max, id, joining('ASSIGNED_AGENT'))
  await change(eva, id, joining('MANAGER'))
  return { ann, max, eva, id }
}

const seen = (lastSeenSequence: unknown, more: Record<string, unknown> = {}) => ({
  ringdown: { lastSeenSequence, ...more },
})
const hidden = { messageAudience: 'AGENTS_AND_MANAGERS' }

describe('a reply whose author has not seen what a colleague wrote', () => {
  it('[CNT20] [CNT22] is refused with what was missed, and published when its author insists', async () => {
    await using stack = new AsyncDisposableStack()
    const { ann, max, eva, id } = await talk(stack)
    await say(ann, id, 'Where is my parcel?')
    await say(max, id, 'I look into it')
    await say(ann, id, 'Thanks')
    await ann.socket.request('ms.PublishEvent', receipt(id, [1]))
    const refused = await say(eva, id, 'One moment please', seen(0))
    expect(refused).toMatchObject({
      code: 409,
      type: '.ReqBody$StringResp',
      body: {
        message: 'A colleague has written meanwhile',
        lastSequence: 3,
        missedEvents: [
          { sequence: 1, dialogId: id, event: { message: 'I look into it' } },
          { sequence: 2, event: { message: 'Thanks' } },
        ],
      },
    })
    const query = await eva.socket.request('ms.QueryMessages', { dialogId: id, fromSeq: 1 })
    expect(refused.body.missedEvents).toEqual(query.body.slice(0, 2))
    expect((await say(eva, id, 'One moment please', seen(0, { insist: true }))).body).toEqual({
      sequence: 4,
    })
  })

  it('[CNT20] is published once its author has seen it', async () => {
    await using stack = new AsyncDisposableStack()
    const { max, eva, id } = await talk(stack)
    await say(max, id, 'a')
    const { body } = await say(eva, id, 'b', seen(-1))
    expect((await say(eva, id, 'b', seen(body.lastSequence))).body).toEqual({ sequence: 1 })
  })

  it('[CNT20] [CNT22] sees private notes, which consumers never do', async () => {
    await using stack = new AsyncDisposableStack()
    const { ann, max, eva, id } = await talk(stack)
    await say(max, id, 'she is a regular', hidden)
    const refused = await say(eva, id, 'b', seen(-1))
    expect(refused.body.missedEvents).toMatchObject([
      { messageAudience: 'AGENTS_AND_MANAGERS', event: { message: 'she is a regular' } },
    ])
    // The consumer's own extension is not read, so that it cannot ask for what it may not see.
    expect((await say(ann, id, 'hello?', seen(-1))).body).toEqual({ sequence: 1 })
  })

  it('[CNT22] is told in the words of its version', async () => {
    await using stack = new AsyncDisposableStack()
    const { max, eva, id } = await talk(stack, '2.1')
    await say(max, id, 'a')
    const { body } = await say(eva, id, 'b', seen(-1))
    expect(body.missedEvents).toMatchObject([{ originatorId: max.agent.oldId, sequence: 0 }])
    expect(body.missedEvents[0]).not.toHaveProperty('previousSequence')
  })

  it('[CNT22] gets the newest that fit', async () => {
    await using stack = new AsyncDisposableStack()
    const { max, eva, id } = await talk(stack)
    for (const index of range(0, 5)) await say(max, id, `${index}`.repeat(60_000))
    const { body } = await say(eva, id, 'b', seen(-1))
    const sequences = body.missedEvents.map(({ sequence }: { sequence: number }) => sequence)
    expect(sequences).toEqual([3, 4])
    expect(body.lastSequence).toBe(4)
  })

  it.each([{}, { lastSeenSequence: 'x' }, { lastSeenSequence: 1.5 }, { insist: true }])(
    '[CNT20] must say what was seen: %j',
    async (ringdown) => {
      await using stack = new AsyncDisposableStack()
      const { eva, id } = await talk(stack)
      const { code, body } = await say(eva, id, 'b', { ringdown })
      expect(code).toBe(400)
      expect(body).toMatch(/^Bad request: body\.ringdown\.lastSeenSequence /)
    },
  )
})

describe('two replies at once', () => {
  it('[CNT21] one is published, and the other is refused with it', async () => {
    await using stack = new AsyncDisposableStack()
    const { max, eva, id } = await talk(stack)
    for (const round of range(0, 100)) {
      const answers = await Promise.all(
        [max, eva].map((agent) => say(agent, id, `${round}`, seen(round - 1))),
      )
      const refused = answers.find(({ code }) => code === 409)
      expect(answers.map(({ code }) => code).toSorted()).toEqual([200, 409])
      expect(refused?.body).toMatchObject({
        lastSequence: round,
        missedEvents: [{ sequence: round }],
      })
    }
  })

  it('[CNT21] the same reply again gets its first answer', async () => {
    await using stack = new AsyncDisposableStack()
    const { max, eva, id } = await talk(stack)
    const reply = { ...seen(-1), eventId: 'mine' }
    expect((await say(eva, id, 'b', reply)).body).toEqual({ sequence: 0 })
    await say(max, id, 'a')
    expect((await say(eva, id, 'b', reply)).body).toEqual({ sequence: 0 })
  })
})
