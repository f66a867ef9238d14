import { methods } from '@ringdown/protocol'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { testServer } from '../src/testing/index.ts'
import type { Frame, SocketClient } from '../src/testing/socket-client.ts'
import type { TestServer } from '../src/testing/test-server.ts'
import { consumerOf, managerOf, open, say, unhurried } from './given.ts'

let server: TestServer
let account: string

beforeAll(async () => {
  server = await testServer({ limits: { ...unhurried, malformedFrames: 1_000_000 } })
  account = (await server.account({ maxOpenConversations: 0 })).id
})
afterAll(() => server[Symbol.asyncDispose]())

const requestNames = [
  ...new Set(
    Object.values(methods).flatMap(({ names }) =>
      Object.values(names).flatMap((byVersion) =>
        Object.values(byVersion as Record<string, { request: string }>).map(
          ({ request }) => request,
        ),
      ),
    ),
  ),
]

/** Values that mean something somewhere, so that fuzz gets past the first check. */
const words = (known: readonly string[]) =>
  fc.constantFrom(
    ...known,
    ...['', '0', '-1', '1e9', 'null', '__proto__', 'constructor', 'x'.repeat(300), '\u0000', '😀'],
    ...[
      'OPEN',
      'CLOSE',
      'ADD',
      'REMOVE',
      'UPDATE',
      'CREATE',
      'ASSIGNED_AGENT',
      'MANAGER',
      'ONLINE',
    ],
    ...['ContentEvent', 'RichContentEvent', 'AcceptStatusEvent', 'ChatStateEvent', 'hosted/file'],
    ...['text/plain', 'READ', 'COMPOSING', 'ConversationStateField', 'DialogChange', 'TTRField'],
    ...['CSATRate', 'ParticipantsChange', 'Skill', 'ManualETTR', 'DelayField', 'FILLED', 'URGENT'],
  )

const keys = [
  ...[
    'dialogId',
    'conversationId',
    'event',
    'type',
    'contentType',
    'message',
    'content',
    'eventId',
  ],
  ...[
    'sequenceList',
    'status',
    'chatState',
    'metadata',
    'messageAudience',
    'fromSeq',
    'maxQuantity',
  ],
  ...['newerThanSequence', 'olderThanSequence', 'subscriptionId', 'convState', 'stage', 'agentIds'],
  ...['consumerId', 'brandId', 'skillId', 'ttrDefName', 'conversationContext', 'conversationField'],
  ...[
    'field',
    'conversationState',
    'dialog',
    'role',
    'userId',
    'csatRate',
    'value',
    'ttrType',
    'time',
  ],
  ...[
    'availability',
    'ringId',
    'ringState',
    'privateData',
    'authenticatedData',
    '__proto__',
    'lp_sdes',
  ],
]

const bodies = (known: readonly string[]) =>
  fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      words(known),
      fc.constantFrom(null, true, false, 0, 1, 5, -1, 1.5, 2 ** 53, 1e308),
      tie('object'),
      fc.array(tie('value'), { maxLength: 3 }),
    ),
    object: fc.dictionary(fc.constantFrom(...keys), tie('value'), { maxKeys: 6 }),
  })).value

const frameText = (known: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc
        .record(
          {
            id: fc.oneof(fc.constantFrom('a', 7, null, '', {}, 'y'.repeat(400)), fc.string()),
            type: fc.oneof(
              { weight: 9, arbitrary: fc.constantFrom(...requestNames) },
              { weight: 1, arbitrary: fc.string() as fc.Arbitrary<string> },
            ),
            body: bodies(known),
            metadata: fc.oneof(fc.constant(undefined), bodies(known)),
            headers: fc.oneof(fc.constant(undefined), bodies(known)),
          },
          { requiredKeys: ['type'] },
        )
        .map((frame) => JSON.stringify(frame)),
    },
    { weight: 1, arbitrary: fc.json({ maxDepth: 70 }) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) },
  )

/** Sends and takes the one response; a second one would be found by the round trip after it. */
const exchange = async (socket: SocketClient, text: string): Promise<readonly Frame[]> => {
  socket.send(text)
  socket.send({ kind: 'req', id: 'the-end', type: 'GetClock' })
  await socket.next((frame) => frame.reqId === 'the-end')
  return socket.frames.splice(0).filter(({ kind }) => kind === 'resp')
}

it.each(['consumer', 'agent'])(
  '[FRM2] [FRM4] [FRM10] W15 whatever a %s sends has exactly one response, and nobody else notices',
  async (who) => {
    await using ann = await consumerOf(server, account)
    await using max = await managerOf(server, account)
    await using bystander = await consumerOf(server, account)
    const known = [await open(ann), ann.id, max.agent.id, max.agent.oldId]
    const { socket } = who === 'agent' ? max : ann
    const codes = new Set<number>()
    await fc.assert(
      fc.asyncProperty(frameText(known), async (text) => {
        const [answer, ...more] = await exchange(socket, text)
        expect(more).toEqual([])
        expect(answer?.body).not.toBeNull()
        expect(answer?.body).toBeDefined()
        codes.add(answer?.code ?? 0)
        // A fault of ours answers 500; nothing that is sent may cause one.
        expect(answer?.code, text).not.toBe(500)
        if ((answer?.code ?? 0) >= 400) expect(answer?.body).toEqual(expect.any(String))
      }),
      { numRuns: 500, seed: 77 },
    )
    expect([...codes]).toEqual(expect.arrayContaining([200, 400]))
    expect((await say(bystander, await open(bystander), 'still here')).body).toEqual({
      sequence: 0,
    })
    await using fresh = await consumerOf(server, account)
    expect((await fresh.socket.request('GetClock')).code).toBe(200)
    expect(({} as Record<string, unknown>)['type']).toBeUndefined()
  },
)
