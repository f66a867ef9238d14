import { findFault, methodNames, Refusal, ResponseFrame } from '@ringdown/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dialectFor } from './dialects.ts'
import { JsonText } from './json-text.ts'

const roles = ['consumer', 'agent'] as const
const versions = [2, 3] as const
const all = roles.flatMap((role) => versions.map((version) => dialectFor(role, version)))
const consumerV3 = dialectFor('consumer', 3)
const agentV2 = dialectFor('agent', 2)

describe('responses', () => {
  it('[EV24] names the answer and gives the body', () => {
    expect(
      JSON.parse(consumerV3.response('n1', 'requestConversation', { conversationId: 'conv-1' })),
    ).toStrictEqual({
      kind: 'resp',
      reqId: 'n1',
      code: 200,
      type: 'cm.RequestConversationResponse',
      body: { conversationId: 'conv-1' },
    })
  })

  it('[EV24] a text is a plain response of at most 128 characters', () => {
    const { type, body } = JSON.parse(
      consumerV3.response('1', 'updateConversationField', 'x'.repeat(200)),
    )
    expect(type).toBe('StringResponse')
    expect(body).toBe('x'.repeat(128))
  })

  it.each([undefined, null])('[EV24] a body of %s becomes an empty object', (body) => {
    expect(JSON.parse(consumerV3.response('1', 'subscribeMessagingEvents', body))).toStrictEqual({
      kind: 'resp',
      reqId: '1',
      code: 200,
      type: '.ams.GenericSubscribeResponse',
      body: {},
    })
  })

  it('[EV24] [EV20] JSON text is taken as it stands', () => {
    const frame = agentV2.response('1', 'queryMessages', new JsonText('[{"sequence":0}]'))
    expect(JSON.parse(frame).body).toStrictEqual([{ sequence: 0 }])
  })

  it('[EV24] older agents are told 202 where the effect follows later, nobody else is', () => {
    const codes = all.map(
      (dialect) => JSON.parse(dialect.response('1', 'setAgentState', 'ok')).code,
    )
    expect(codes).toStrictEqual([200, 200, 202, 200])
    expect(JSON.parse(agentV2.response('1', 'updateRingState', 'ok')).code).toBe(202)
    expect(JSON.parse(agentV2.response('1', 'updateConversationField', 'ok')).code).toBe(200)
  })

  it('[EV24] a refusal is a plain response of its status, never the name of the method', () => {
    const refusal = new Refusal('dialog_not_found')
    expect(all.map((dialect) => JSON.parse(dialect.refusal('e1', refusal)))).toStrictEqual(
      ['.ReqBody$StringResp', 'StringResponse', '.ReqBody$StringResp', '.ReqBody$StringResp'].map(
        (type) => ({ kind: 'resp', reqId: 'e1', code: 404, type, body: 'Dialog not found' }),
      ),
    )
  })

  it('[EV24] every response is a valid frame with its request id, whatever that holds', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom(...methodNames),
        fc.oneof(fc.string({ unit: 'binary' }), fc.dictionary(fc.string(), fc.jsonValue())),
        (reqId, method, body) => {
          for (const dialect of all) {
            for (const text of [
              dialect.response(reqId, method, body),
              dialect.refusal(reqId, new Refusal('bad_request', JSON.stringify(body))),
            ]) {
              const frame = JSON.parse(text)
              expect(findFault(ResponseFrame, frame, 'frame')).toBeUndefined()
              expect(frame.reqId).toBe(reqId)
            }
          }
        },
      ),
    )
  })
})
