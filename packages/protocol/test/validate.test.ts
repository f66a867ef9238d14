import { Ajv } from 'ajv'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bodyOf,
  findFault,
  findMethod,
  type MethodName,
  methodNames,
  methods,
  notifications,
  ResponseFrame,
  schemas,
  validateBody,
  validateFrame,
  validateInitHeaders,
  validateQuickReplies,
  validateStructuredContent,
  versions,
} from '../src/index.ts'

const conversationId = '2f6d9c1b-8a40-4e53-b7f2-915c0de4a683'
const publish = (event: unknown, more: object = {}) =>
  validateBody('publishEvent', { dialogId: conversationId, event, ...more })
const text = { type: 'ContentEvent', contentType: 'text/plain', message: 'hello' }
const change = (conversationField: unknown) =>
  validateBody('updateConversationField', { conversationId, conversationField })

describe('envelope', () => {
  it('[FRM1] needs a type and nothing else', () => {
    expect(validateFrame({ type: 'GetClock' })).toBeUndefined()
    expect(validateFrame({ id: '1' })).toBe('type is required')
    expect(validateFrame(['GetClock'])).toBe('frame must be an object')
    expect(validateFrame(null)).toBe('frame must be an object')
  })

  it('[FRM3] takes ids of any form that can be echoed', () => {
    for (const id of ['1', 1, -1.5, '', '108,', 'x'.repeat(200), null, undefined]) {
      expect(validateFrame({ type: 'GetClock', id })).toBeUndefined()
    }
    expect(validateFrame({ type: 'GetClock', id: true })).toBe('id must be a string or a number')
  })

  it('[FRM3] answers with the id as a string', () => {
    const frame = { kind: 'resp', reqId: '1', code: 200, type: 'StringResponse', body: 'OK' }
    expect(findFault(ResponseFrame, frame, 'frame')).toBeUndefined()
    expect(findFault(ResponseFrame, { ...frame, reqId: 1 }, 'frame')).toBe(
      'frame.reqId must be a string',
    )
  })

  it('[FRM4] always answers with a body', () => {
    const frame = { kind: 'resp', reqId: '1', code: 200, type: 'StringResponse' }
    for (const body of [{}, [], 'OK']) {
      expect(findFault(ResponseFrame, { ...frame, body }, 'frame')).toBeUndefined()
    }
    expect(findFault(ResponseFrame, { ...frame, body: null }, 'frame')).toContain('frame.body')
    expect(findFault(ResponseFrame, frame, 'frame')).toBe('frame.body is required')
  })

  it('[FRM4] sends lists as lists', () => {
    expect(findFault(notifications.event[3], { changes: {} }, 'body')).toBe(
      'body.changes must be an array',
    )
  })

  it('[FRM7] headers may be anything outside InitConnection', () => {
    for (const headers of [undefined, null, {}, [], true]) {
      expect(validateFrame({ type: 'GetClock', headers })).toBeUndefined()
    }
  })
})

describe('leniency', () => {
  it.each([
    'getClock',
    'keepAlive',
    'requestConversation',
    'subscribeConversations',
    'getUserProfile',
    'setUserProfile',
  ] as const)('[FRM7] %s needs no body', (method) => {
    for (const body of [undefined, null, {}]) expect(validateBody(method, body)).toBeUndefined()
  })

  it('[FRM7] null stands for a field that is not set', () => {
    expect(publish(text, { conversationId: null, eventId: null, metadata: null })).toBeUndefined()
    expect(
      validateBody('subscribeConversations', { convState: null, agentIds: null }),
    ).toBeUndefined()
  })

  it('[FRM7] hands an absent body on as an empty one', () => {
    expect(bodyOf('requestConversation', undefined)).toEqual({})
    expect(bodyOf('getUserProfile', 'someone')).toBe('someone')
  })

  it('[FRM8] an element stands for a list of one', () => {
    expect(change({ field: 'Stage', conversationState: 'CLOSE' })).toBeUndefined()
    expect(publish({ type: 'AcceptStatusEvent', status: 'READ', sequenceList: 0 })).toBeUndefined()
    expect(publish(text, { metadata: { type: 'ExternalId', id: 'a' } })).toBeUndefined()
    for (const filter of [{ convState: 'OPEN' }, { stage: 'CLOSE' }, { agentIds: 'x' }]) {
      expect(validateBody('subscribeConversations', filter)).toBeUndefined()
    }
    expect(validateInitHeaders({ type: '.ams.headers.ClientProperties' })).toBeUndefined()
    expect(validateFrame({ type: 'GetClock', metadata: { type: 'x' } })).toBeUndefined()
  })

  it('[FRM9] numbers stand for ids and strings for numbers', () => {
    expect(validateBody('requestConversation', { skillId: -1 })).toBeUndefined()
    expect(validateBody('subscribeMessagingEvents', { dialogId: 5, fromSeq: '3' })).toBeUndefined()
    expect(validateBody('generateUploadUrl', { fileSize: '1000', fileType: 'PNG' })).toBeUndefined()
    expect(validateBody('subscribeMessagingEvents', { dialogId: 5, fromSeq: '3x' })).toBe(
      'body.fromSeq must be an integer',
    )
  })

  it('[FRM11] unknown fields are ignored in any depth', () => {
    expect(publish({ ...text, mood: 'good' }, { colour: 'red' })).toBeUndefined()
    expect(change([{ field: 'Stage', conversationState: 'CLOSE', why: 1 }])).toBeUndefined()
    expect(validateFrame({ type: 'GetClock', encoding: 'x' })).toBeUndefined()
  })
})

describe('requests', () => {
  it('[REQ1] the clock is milliseconds', () => {
    const schema = methods.getClock.answers[3]
    expect(findFault(schema, { currentTime: 1760000000123 }, 'body')).toBeUndefined()
    expect(findFault(schema, { currentTime: 1760000000.5 }, 'body')).toBeDefined()
  })

  it('[REQ2] InitConnection may come without headers, but not with a nameless or tokenless one', () => {
    expect(validateInitHeaders(undefined)).toBeUndefined()
    expect(validateInitHeaders([])).toBeUndefined()
    expect(
      validateInitHeaders([
        { type: '.ams.headers.ConsumerAuthentication', jwt: 'x'.repeat(16384) },
      ]),
    ).toBeUndefined()
    expect(validateInitHeaders([{ type: 'headers.ConsumerAuthentication' }])).toBe(
      'headers[0].jwt is required',
    )
  })

  it('[REQ3] no client property refuses a conversation', () => {
    const clientProperties = { os: 'x'.repeat(5000), features: 7, deviceFamily: 'TOASTER' }
    const body = { conversationContext: { clientProperties, features: [] } }
    expect(validateBody('requestConversation', body)).toBeUndefined()
  })

  it('[REQ4] an agent says for whom it opens a conversation', () => {
    expect(validateBody('agentRequestConversation', {})).toBe('body.consumerId is required')
    expect(validateBody('agentRequestConversation', { consumerId: 'c' })).toBeUndefined()
  })

  it('[REQ5] one request carries 1 to 50 changes', () => {
    const close = { field: 'Stage', conversationState: 'CLOSE' }
    expect(change(Array(50).fill(close))).toBeUndefined()
    expect(change(Array(51).fill(close))).toBe('body.conversationField must have at most 50 items')
    expect(change([])).toBe('body.conversationField must not be empty')
  })

  it('[REQ6] a rating is 1 to 5 unless it was skipped', () => {
    const rate = (csatRate: unknown, status: string) =>
      change({ field: 'CSATRate', csatRate, status })
    for (const value of [1, 5, '3']) expect(rate(value, 'FILLED')).toBeUndefined()
    for (const value of [0, 6, 2.5, 'x', null]) expect(rate(value, 'FILLED')).toBeDefined()
    expect(rate(null, 'PARTIALLY_FILLED')).toBeUndefined()
    expect(rate(0, 'PARTIALLY_FILLED')).toBeDefined()
    expect(rate(0, 'SKIPPED')).toBeUndefined()
    expect(change({ field: 'CSATRate', status: 'SKIPPED' })).toBeUndefined()
  })

  it('[REQ6] a dialog is named in the change or beside it', () => {
    const dialog = { state: 'CLOSE' }
    const field = 'DialogChange'
    expect(change({ field, dialog: { ...dialog, dialogId: 'd' } })).toBeUndefined()
    expect(change({ field, dialogId: 'd', dialog })).toBeUndefined()
    expect(change({ field, dialogId: null, dialog })).toContain('dialog.dialogId is required')
  })

  it('[REQ7] an event goes to a dialog or to a conversation’s main one', () => {
    expect(validateBody('publishEvent', { dialogId: 'd', event: text })).toBeUndefined()
    expect(validateBody('publishEvent', { conversationId: 'c', event: text })).toBeUndefined()
    expect(validateBody('publishEvent', { event: text })).toBe('body.dialogId is required')
  })

  it('[REQ8] an event has its client’s id beside it or in it', () => {
    expect(publish(text, { eventId: 'e-1' })).toBeUndefined()
    expect(publish({ ...text, eventId: 'e-1' })).toBeUndefined()
    expect(publish(text, { eventId: 'x'.repeat(257) })).toBe(
      'body.eventId must have at most 256 characters',
    )
  })

  it('[REQ9] a text is a string that is not empty; other content is carried as it is', () => {
    const content = (contentType: string, message: unknown) =>
      publish({ type: 'ContentEvent', contentType, message })
    expect(content('text/html', '<b>hello</b>')).toBeUndefined()
    expect(content('application/json', { a: [1] })).toBeUndefined()
    expect(content('forms/secure-invitation', { formId: 1 })).toBeUndefined()
    expect(content('text/plain', '')).toBe('body.event.message must not be empty')
    expect(content('text/plain', {})).toBe('body.event.message must be a string')
  })

  it('[REQ9] structured content has two names and three places', () => {
    const content = { type: 'text', text: 'x' }
    for (const type of ['RichContentEvent', 'RichContent']) {
      expect(publish({ type, content })).toBeUndefined()
      expect(publish({ type, message: JSON.stringify(content) })).toBeUndefined()
      expect(publish({ type, Content: content })).toBeUndefined()
      expect(publish({ type })).toBe('body.event.content is required')
    }
  })

  it('[REQ10] a chat state is sent without sequence and time, other events with their originator', () => {
    const state = {
      originatorId: 'c',
      originatorPId: 'c',
      originatorMetadata: { id: 'c', role: 'CONSUMER' },
      event: { type: 'ChatStateEvent', chatState: 'ACTIVE' },
      conversationId,
      dialogId: conversationId,
    }
    const { originatorPId: _, ...nameless } = state
    expect(findFault(notifications.event[3], { changes: [state] }, 'body')).toBeUndefined()
    expect(findFault(notifications.event[2], state, 'body')).toBeUndefined()
    expect(findFault(notifications.event[3], { changes: [nameless] }, 'body')).toBe(
      'body.changes[0].originatorPId is required',
    )
  })

  it('[REQ11] positions may lie before the start', () => {
    const dialogId = conversationId
    expect(validateBody('subscribeMessagingEvents', { dialogId, fromSeq: -5 })).toBeUndefined()
    expect(validateBody('queryMessages', { dialogId, newerThanSequence: -1 })).toBeUndefined()
    expect(validateBody('queryMessages', { dialogId, maxQuantity: -1 })).toBe(
      'body.maxQuantity must be at least 0',
    )
  })

  it('[REQ12] a null among agent ids stands for the caller', () => {
    expect(validateBody('subscribeConversations', { agentIds: [null, 7, 'a'] })).toBeUndefined()
    expect(validateBody('subscribeConversations', { agentIds: [true] })).toContain('agentIds[0]')
  })

  it('[REQ13] a profile is asked for by string, by field or as one’s own', () => {
    for (const body of ['c-1', { userId: 'c-1' }, { userId: null }, {}, undefined]) {
      expect(validateBody('getUserProfile', body)).toBeUndefined()
    }
    expect(validateBody('getUserProfile', '')).toBe('body must not be empty')
  })

  it('[REQ13] a profile’s attributes never hold null', () => {
    const profile = { userId: 'c', authenticatedData: { lp_sdes: [null] } }
    expect(findFault(methods.getUserProfile.answers[2], profile, 'body')).toBe(
      'body.authenticatedData.lp_sdes[0] must be an object',
    )
  })

  it('[REQ14] a ring’s notification carries its result whole, also when it is gone', () => {
    const task = (change: object) =>
      findFault(notifications.routingTask[2], { subscriptionId: 's', changes: [change] }, 'body')
    expect(task({ type: 'DELETE' })).toBe('body.changes[0].result is required')
    expect(task({ type: 'DELETE', result: {} })).toContain('is required')
  })

  it('[REQ14] a ring is accepted or rejected, nothing else', () => {
    expect(validateBody('updateRingState', { ringId: 'r', ringState: 'ACCEPTED' })).toBeUndefined()
    expect(validateBody('updateRingState', { ringId: 'r', ringState: 'EXPIRED' })).toBe(
      'body.ringState must be one of ACCEPTED, REJECTED',
    )
  })
})

describe('faults', () => {
  it('[FRM10] names the place inside the variant that was meant', () => {
    expect(change([{ field: 'Stage', conversationState: 'CLOSE' }, { field: 'Skill' }])).toBe(
      'body.conversationField[1].skill is required',
    )
    expect(publish({ type: 'ContentEvent', contentType: 'hosted/file', message: {} })).toBe(
      'body.event.message.relativePath is required',
    )
  })

  it('[FRM10] any JSON is accepted or refused in one short sentence', () => {
    const anything = fc.tuple(fc.constantFrom(...methodNames), fc.jsonValue())
    fc.assert(
      fc.property(anything, ([method, body]) => {
        const fault = validateBody(method, body)
        expect(fault === undefined || fault.length <= 110).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  it('[FRM10] near misses are faulted in the body, and never with words of a schema', () => {
    const value = fc.oneof(fc.jsonValue({ maxDepth: 1 }), fc.constantFrom('OPEN', 'ADD', 'READ', 1))
    const event = fc.record(
      {
        type: fc.constantFrom('ContentEvent', 'RichContentEvent', 'AcceptStatusEvent', 'x'),
        contentType: fc.constantFrom('text/plain', 'hosted/file', 'a/b'),
        message: value,
        content: value,
        status: value,
        sequenceList: value,
      },
      { requiredKeys: [] },
    )
    const field = fc.record(
      {
        field: fc.constantFrom('Stage', 'CSATRate', 'DialogChange', 'TTRField', 'Skill', 'x'),
        status: value,
        csatRate: value,
        dialog: value,
        skill: value,
      },
      { requiredKeys: [] },
    )
    const near = fc.record(
      { dialogId: value, conversationId: value, event, conversationField: fc.array(field) },
      { requiredKeys: [] },
    )
    const names: MethodName[] = ['publishEvent', 'updateConversationField', 'queryMessages']
    fc.assert(
      fc.property(fc.constantFrom(...names), near, (method, body) => {
        const fault = validateBody(method, body)
        if (fault === undefined) return
        expect(fault).toMatch(/^body[.\w[\]]* (is required|must .+)$/s)
        expect(fault).not.toMatch(/schema|anyOf|oneOf|undefined/)
      }),
      { numRuns: 2000 },
    )
  })

  it('[FRM10] no field name can make it look outside the body', () => {
    const body = JSON.parse('{"__proto__":{"dialogId":"d"},"event":{"type":"ChatStateEvent"}}')
    expect(validateBody('publishEvent', body)).toBe('body.dialogId is required')
    expect(findMethod('hasOwnProperty')).toBeUndefined()
  })

  it('every schema is sound, and compiles', () => {
    const judge = new Ajv()
    for (const [name, schema] of Object.entries(schemas))
      expect([name, judge.validateSchema(schema), judge.errors]).toEqual([name, true, null])
    expect(judge.validateSchema({ type: 'objekt' })).toBe(false)
    expect(() => validateStructuredContent({})).not.toThrow()
    expect(() => validateQuickReplies({})).not.toThrow()
    for (const name of methodNames) {
      expect(() => validateBody(name, {})).not.toThrow()
      for (const version of versions) {
        expect(() => findFault(methods[name].answers[version], 0, 'body')).not.toThrow()
      }
    }
  })
})
