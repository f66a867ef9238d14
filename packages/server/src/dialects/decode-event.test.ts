import { bodyOf, validateBody } from '@ringdown/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodePublish } from './decode-event.ts'

const limits = { textBytes: 64, metadataBytes: 64 }

const publish = (
  body: Record<string, unknown>,
  { role = 'consumer', metadata }: { role?: 'consumer' | 'agent'; metadata?: unknown } = {},
) => decodePublish(body, { role, limits, metadata })

/** What readers get of an accepted event. */
const payloadOf = (event: unknown): unknown => {
  const decoded = publish({ dialogId: 'conv-1', event })
  if (!decoded.ok) throw new Error(decoded.detail)
  return JSON.parse(decoded.value.payload)
}

const refusalOf = (event: unknown): string | undefined => {
  const decoded = publish({ dialogId: 'conv-1', event })
  return decoded.ok ? undefined : decoded.detail
}

const text = (message: unknown) => ({ type: 'ContentEvent', contentType: 'text/plain', message })

describe('content', () => {
  it('[EV31] a text is a public event of its dialog', () => {
    const body = bodyOf('publishEvent', {
      conversationId: 'conv-1',
      dialogId: 'conv-1',
      event: text('Is my parcel late?'),
    })
    expect(decodePublish(body, { role: 'consumer', limits })).toStrictEqual({
      ok: true,
      value: {
        conversationId: 'conv-1',
        dialogId: 'conv-1',
        kind: 'content',
        audience: 'all',
        isAutomatic: false,
        payload:
          '{"type":"ContentEvent","contentType":"text/plain","message":"Is my parcel late?"}',
      },
    })
  })

  it('[EV29] the older spelling of a file is unified', () => {
    const message = { relativePath: '/v1/a.PNG', caption: '', fileType: 'PNG', preview: null }
    expect(payloadOf({ type: 'ContentEvent', contentType: 'HostedFile', message })).toStrictEqual({
      type: 'ContentEvent',
      contentType: 'hosted/file',
      message,
    })
    expect(refusalOf({ type: 'ContentEvent', contentType: 'hosted/file', message: 'a.png' })).toBe(
      'Bad request: event.message',
    )
    expect(refusalOf({ type: 'ContentEvent', contentType: 'hosted/file', message: {} })).toBe(
      'Bad request: event.message.relativePath',
    )
  })

  const card = { type: 'vertical', elements: [] }

  it.each([
    { type: 'RichContentEvent', content: card },
    { type: 'RichContent', content: card },
    { type: 'RichContentEvent', message: card },
    { type: 'RichContentEvent', Content: card },
    { type: 'RichContentEvent', content: JSON.stringify(card) },
  ])('[EV29] structured content has one spelling for readers: $type', (event) => {
    expect(payloadOf(event)).toStrictEqual({ type: 'RichContentEvent', content: card })
  })

  it.each(['not json', '"text"', '[1]', 7, null, undefined])(
    '[EV29] structured content that is no object is refused: %s',
    (content) => {
      expect(refusalOf({ type: 'RichContentEvent', content })).toBe('Bad request: event.content')
    },
  )

  it('[EV29] quick replies and members unknown to the server pass untouched', () => {
    const quickReplies = { type: 'quickReplies', replies: [{ type: 'button', title: 'Yes' }] }
    expect(payloadOf({ ...text('Still there?'), quickReplies, tone: 'kind' })).toStrictEqual({
      ...text('Still there?'),
      quickReplies,
      tone: 'kind',
    })
    const message = { submissionId: 't-1', invitationId: 'i-1' }
    const form = { type: 'ContentEvent', contentType: 'forms/secure-submission', message }
    expect(payloadOf(form)).toStrictEqual(form)
  })

  it.each([
    ['', 'Bad request: event.message'],
    [undefined, 'Bad request: event.message'],
    [{ a: 1 }, 'Bad request: event.message'],
    ['half a \ud83d', 'Bad request: event.message is not valid Unicode'],
    ['x'.repeat(65), 'Bad request: event.message is too large'],
    ['€'.repeat(22), 'Bad request: event.message is too large'],
  ])('[EV29] a bad text is refused by name: %j', (message, detail) => {
    expect(refusalOf(text(message))).toBe(detail)
  })

  it('[EV29] the limit of a text counts its bytes and is inclusive', () => {
    expect(refusalOf(text('x'.repeat(64)))).toBeUndefined()
    expect(refusalOf(text('€'.repeat(21)))).toBeUndefined()
  })

  it.each([undefined, null, 'x', { type: 'Nonsense' }, { message: 'no type' }])(
    '[EV31] what is no event is refused: %j',
    (event) => {
      expect(refusalOf(event)).toMatch(/^Bad request: event/)
    },
  )
})

describe('receipts and chat states', () => {
  it.each([
    [3, [3]],
    ['3', [3]],
    [
      [2, '3'],
      [2, 3],
    ],
  ])('[EV27] [EV31] a receipt lists sequences, also from %j', (sequenceList, sequences) => {
    const event = { type: 'AcceptStatusEvent', status: 'read', sequenceList }
    const decoded = publish({ dialogId: 'conv-1', event })
    expect(decoded).toMatchObject({
      value: { kind: 'receipt', receipt: { status: 'READ', sequences } },
    })
    expect(payloadOf(event)).toStrictEqual({
      type: 'AcceptStatusEvent',
      status: 'READ',
      sequenceList: sequences,
    })
  })

  it.each([[[]], [undefined], [-1], [1.5], ['x'], [[1, null]], [Array(10_001).fill(1)]])(
    '[EV31] a receipt for nothing that can be read is refused: %#',
    (sequenceList) => {
      expect(refusalOf({ type: 'AcceptStatusEvent', status: 'READ', sequenceList })).toBe(
        'Bad request: event.sequenceList',
      )
    },
  )

  it('[EV31] an unknown status or chat state is refused', () => {
    expect(refusalOf({ type: 'AcceptStatusEvent', status: 'EATEN', sequenceList: 1 })).toBe(
      'Bad request: event.status',
    )
    expect(refusalOf({ type: 'ChatStateEvent', chatState: 'SLEEPING' })).toBe(
      'Bad request: event.chatState',
    )
  })

  it('[EV31] a chat state is upper-cased and carries nothing else', () => {
    const event = { type: 'ChatStateEvent', chatState: 'composing', other: 1 }
    expect(publish({ dialogId: 'conv-1', event })).toStrictEqual({
      ok: true,
      value: {
        kind: 'chat_state',
        dialogId: 'conv-1',
        payload: '{"type":"ChatStateEvent","chatState":"COMPOSING"}',
      },
    })
  })
})

describe('what stands beside the event', () => {
  const body = { dialogId: 'conv-1', event: text('hi') }

  it('[EV30] a consumer speaks to all, an agent to whom it says', () => {
    const hidden = { ...body, messageAudience: 'AGENTS_AND_MANAGERS' }
    expect(publish(hidden)).toMatchObject({ value: { audience: 'all' } })
    expect(publish(hidden, { role: 'agent' })).toMatchObject({ value: { audience: 'agents' } })
    expect(publish(body, { role: 'agent' })).toMatchObject({ value: { audience: 'all' } })
  })

  it('[EV30] an audience that is not understood is refused rather than widened', () => {
    expect(publish({ ...body, messageAudience: 'MANAGERS' }, { role: 'agent' })).toStrictEqual({
      ok: false,
      code: 'bad_request',
      detail: 'Bad request: messageAudience',
    })
  })

  it('[EV28] metadata is one list, from the request or its body', () => {
    const item = { type: 'ExternalId', id: 'choice-2' }
    const stored = { value: { metadata: JSON.stringify([item]) } }
    expect(publish(body, { metadata: [item] })).toMatchObject(stored)
    expect(publish(body, { metadata: item })).toMatchObject(stored)
    expect(publish({ ...body, metadata: [item] })).toMatchObject(stored)
    for (const none of [undefined, null, []]) {
      expect(publish(body, { metadata: none })).not.toHaveProperty('value.metadata')
    }
  })

  it('[EV28] metadata that is too large or no object is refused', () => {
    expect(publish(body, { metadata: ['x'] })).toMatchObject({ detail: 'Bad request: metadata' })
    expect(publish(body, { metadata: [{ a: '€'.repeat(30) }] })).toMatchObject({
      detail: 'Bad request: metadata is too large',
    })
  })

  it('[EV28] an automatic message of an agent is marked, a consumer cannot mark one', () => {
    const metadata = [{ type: 'AutoMessage' }]
    expect(publish(body, { role: 'agent', metadata })).toMatchObject({
      value: { isAutomatic: true },
    })
    expect(publish(body, { metadata })).toMatchObject({ value: { isAutomatic: false } })
  })

  it('[EV31] the client’s id is taken from the body or the event and is not repeated inside', () => {
    expect(publish({ ...body, eventId: 'a-1' })).toMatchObject({ value: { clientEventId: 'a-1' } })
    const inside = publish({ dialogId: 'conv-1', event: { ...text('hi'), eventId: 17 } })
    expect(inside).toMatchObject({
      value: { clientEventId: '17', payload: JSON.stringify(text('hi')) },
    })
    for (const eventId of ['x'.repeat(257), 'a\0b', '\ud83d']) {
      expect(publish({ ...body, eventId })).toMatchObject({ detail: 'Bad request: eventId' })
    }
  })

  it('[EV27] ids also come as numbers', () => {
    expect(publish({ ...body, dialogId: 17 })).toMatchObject({ value: { dialogId: '17' } })
  })
})

describe('any body', () => {
  it('[EV31] is decoded to JSON text or refused by name, and never throws', () => {
    const event = fc.oneof(
      fc.jsonValue(),
      fc.record({
        type: fc.constantFrom(
          'ContentEvent',
          'RichContentEvent',
          'AcceptStatusEvent',
          'ChatStateEvent',
        ),
        contentType: fc.oneof(fc.constantFrom('text/plain', 'hosted/file'), fc.jsonValue()),
        message: fc.jsonValue(),
        content: fc.jsonValue(),
        sequenceList: fc.jsonValue(),
        status: fc.oneof(fc.constant('READ'), fc.jsonValue()),
      }),
    )
    fc.assert(
      fc.property(event, fc.jsonValue(), fc.jsonValue(), (given, metadata, eventId) => {
        const decoded = publish({ dialogId: 'conv-1', event: given, eventId }, { metadata })
        if (decoded.ok) expect(JSON.parse(decoded.value.payload)).toHaveProperty('type')
        else expect(decoded.detail).toMatch(/^Bad request: /)
      }),
    )
  })

  it('[EV29] what the published schema accepts of texts and receipts, the decoder accepts', () => {
    const bodies = [
      { dialogId: 'd', event: text('hi') },
      { conversationId: 'd', event: { type: 'RichContent', message: '{"type":"vertical"}' } },
      { dialogId: 'd', event: { type: 'AcceptStatusEvent', status: 'ACTION', sequenceList: '4' } },
      { dialogId: 'd', event: { type: 'ChatStateEvent', chatState: 'pause' } },
    ]
    for (const body of bodies) {
      expect(validateBody('publishEvent', body)).toBeUndefined()
      expect(publish(body).ok).toBe(true)
    }
  })
})
