import { findFault, notifications } from '@ringdown/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ChatState } from '../bus/subjects.ts'
import { dialectFor } from './dialects.ts'
import { agentIds, privateEvent, textEvent } from './test-fixtures.ts'

const consumerV3 = dialectFor('consumer', 3)
const consumerV2 = dialectFor('consumer', 2)
const agentV2 = dialectFor('agent', 2)
const agentV3 = dialectFor('agent', 3)
const all = [consumerV2, consumerV3, agentV2, agentV3]

const chatState: ChatState = {
  accountId: '70010001',
  conversationId: 'conv-1',
  dialogId: 'conv-1',
  publisher: { id: 'c-91f2', role: 'consumer' },
  payload: '{"type":"ChatStateEvent","chatState":"COMPOSING"}',
  from: 'socket-1',
}

const shared = {
  sequence: 4,
  originatorPId: agentIds.ana,
  serverTimestamp: 1_760_000_004_000,
  event: { type: 'ContentEvent', contentType: 'text/plain', message: 'Hello' },
  conversationId: 'conv-1',
  dialogId: 'conv-1',
  eventId: 'e-4',
  messageAudience: 'ALL',
}

const properties = { type: '.ClientProperties' }

describe('events', () => {
  it('[EV20] lists a live event of a dialog for version 3 consumers', () => {
    expect(JSON.parse(consumerV3.event(textEvent()))).toStrictEqual({
      kind: 'notification',
      type: 'ms.MessagingEventNotification',
      body: {
        dialogId: 'conv-1',
        changes: [
          {
            ...shared,
            originatorId: agentIds.ana,
            originatorMetadata: { id: agentIds.ana, role: 'ASSIGNED_AGENT' },
            previousSequence: 2,
          },
        ],
      },
    })
  })

  it('[EV20] [EV21] sends one event per frame to version 2 agents, with both ids of its originator', () => {
    expect(JSON.parse(agentV2.event(textEvent()))).toStrictEqual({
      kind: 'notification',
      type: '.ams.ms.OnlineEventDistribution',
      body: {
        ...shared,
        originatorId: '70010001.777',
        originatorMetadata: {
          id: agentIds.ana,
          role: 'ASSIGNED_AGENT',
          clientProperties: properties,
        },
        originatorClientProperties: properties,
        metadata: [],
      },
    })
  })

  it('[EV20] [EV21] gives version 3 agents public ids and the sequence before', () => {
    const [change] = JSON.parse(agentV3.event(textEvent())).body.changes
    expect(change).toMatchObject({ originatorId: agentIds.ana, previousSequence: 3, metadata: [] })
  })

  it('[EV20] sends one event per frame to version 2 consumers, without extensions', () => {
    const { type, body } = JSON.parse(consumerV2.event(textEvent()))
    expect(type).toBe('.ams.ms.OnlineEventDistribution')
    expect(body).toStrictEqual({
      ...shared,
      originatorId: '70010001.777',
      originatorMetadata: { id: agentIds.ana, role: 'ASSIGNED_AGENT' },
    })
  })

  it.each(all)('[EV21] [EV20] passes a metadata list on untouched: $role $version', (dialect) => {
    const frame = JSON.parse(
      dialect.event(textEvent({ metadata: '[{"type":"ExternalId","id":"n"}]' })),
    )
    const event = frame.body.changes?.[0] ?? frame.body
    expect(event.metadata).toStrictEqual([{ type: 'ExternalId', id: 'n' }])
  })

  it.each(all)('[EV20] agrees with the published schema: $role $version', (dialect) => {
    const schema = notifications.event[dialect.version]
    const metadata = '[{"type":"ExternalId","id":"n"}]'
    for (const frame of [
      dialect.event(textEvent({ metadata })),
      dialect.chatState(chatState),
      ...dialect.replay('conv-1', [textEvent({ sequence: 0, previousPublic: -1 })], 1000),
    ]) {
      expect(findFault(schema, JSON.parse(frame).body, 'body')).toBeUndefined()
    }
  })

  it.each(all)('[EV21] a consumer is named by one id everywhere: $role $version', (dialect) => {
    const publisher = { id: 'c-91f2', role: 'consumer' } as const
    const frame = JSON.parse(dialect.event(textEvent({ publisher })))
    const event = frame.body.changes?.[0] ?? frame.body
    expect(event).toMatchObject({
      originatorId: 'c-91f2',
      originatorPId: 'c-91f2',
      originatorMetadata: { id: 'c-91f2', role: 'CONSUMER' },
    })
  })

  it.each(all)('[EV23] a chat state has neither sequence nor time: $role $version', (dialect) => {
    const { body } = JSON.parse(dialect.chatState(chatState))
    const event = body.changes?.[0] ?? body
    expect(event).toMatchObject({
      originatorId: 'c-91f2',
      originatorPId: 'c-91f2',
      event: { type: 'ChatStateEvent', chatState: 'COMPOSING' },
      conversationId: 'conv-1',
      dialogId: 'conv-1',
    })
    for (const member of ['sequence', 'serverTimestamp', 'eventId', 'previousSequence']) {
      expect(event).not.toHaveProperty(member)
    }
  })

  it('[EV22] agents see who a private event is for; a consumer dialect refuses it', () => {
    expect(JSON.parse(agentV2.event(privateEvent())).body.messageAudience).toBe(
      'AGENTS_AND_MANAGERS',
    )
    expect(() => consumerV3.event(privateEvent())).toThrow('private event 5')
    expect(() => consumerV2.event(privateEvent())).toThrow('private event 5')
  })
})

describe('replay', () => {
  const events = [0, 1, 2, 3, 4].map((sequence) =>
    textEvent({ sequence, eventId: `e-${sequence}` }),
  )
  const sequencesOf = (frame: string): number[] =>
    JSON.parse(frame).body.changes.map((change: { sequence: number }) => change.sequence)

  it.each([consumerV3, agentV3])('[EV25] an empty one is one frame: $role', (dialect) => {
    expect(dialect.replay('conv-1', [], 1000).map((frame) => JSON.parse(frame).body)).toStrictEqual(
      [{ dialogId: 'conv-1', changes: [] }],
    )
  })

  it('[EV25] is cut into frames by size, in order and without loss', () => {
    const size = Buffer.byteLength(consumerV3.queryBody(events.slice(0, 2)))
    const frames = consumerV3.replay('conv-1', events, size)
    expect(frames.map(sequencesOf)).toStrictEqual([[0, 1], [2, 3], [4]])
    expect(consumerV3.replay('conv-1', events, 1)).toHaveLength(5)
    expect(consumerV3.replay('conv-1', events, 1_000_000)).toHaveLength(1)
  })

  it.each([consumerV2, agentV2])('[EV25] is one frame per event in version 2: $role', (dialect) => {
    const frames = dialect.replay('conv-1', events, 1_000_000)
    expect(frames).toStrictEqual(events.map((event) => dialect.event(event)))
    expect(dialect.replay('conv-1', [], 1000)).toStrictEqual([])
  })

  it('[EV22] private events are left out for consumers', () => {
    const mixed = [textEvent(), privateEvent()]
    expect(consumerV3.replay('conv-1', mixed, 10_000).map(sequencesOf)).toStrictEqual([[4]])
    expect(consumerV2.replay('conv-1', mixed, 10_000)).toHaveLength(1)
    expect(JSON.parse(consumerV3.queryBody(mixed))).toHaveLength(1)
    expect(JSON.parse(agentV3.queryBody(mixed))).toHaveLength(2)
  })

  it('[EV20] a query answers with the same changes as a notification', () => {
    for (const dialect of all) {
      const [queried] = JSON.parse(dialect.queryBody([textEvent()]))
      const { body } = JSON.parse(dialect.event(textEvent()))
      expect(queried).toStrictEqual(body.changes?.[0] ?? body)
      expect(dialect.queryBody([])).toBe('[]')
    }
  })
})

const anyText = fc.string({
  unit: fc.constantFrom('"', '\\', '\0', '\n', '\ud83d', '\udca9', '\u2028', 'a', '€', '<'),
})

describe('any text', () => {
  it('[EV20] every event frame is JSON whatever ids and texts hold', () => {
    fc.assert(
      fc.property(anyText, anyText, anyText, (id, eventId, message) => {
        const payload = JSON.stringify({ type: 'ContentEvent', contentType: 'text/plain', message })
        const event = textEvent({
          conversationId: id,
          dialogId: id,
          eventId,
          payload,
          publisher: { id, role: 'consumer' },
        })
        for (const dialect of all) {
          const frames = [
            dialect.event(event),
            ...dialect.replay(id, [event, event], 10),
            dialect.chatState({ ...chatState, dialogId: id, publisher: event.publisher, payload }),
          ]
          for (const frame of frames) {
            const { body } = JSON.parse(frame)
            const change = body.changes?.[0] ?? body
            expect(change.event.message).toBe(message)
            expect(change.originatorPId).toBe(id)
          }
        }
      }),
    )
  })
})
