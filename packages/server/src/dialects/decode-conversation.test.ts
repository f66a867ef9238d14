import { describe, expect, it } from 'vitest'
import { agentIdOf } from '../ids.ts'
import { clientProperties, upgradeProperties } from './client-properties.ts'
import { decodeCriteria, decodeNewConversation, decodeQuery } from './decode-conversation.ts'
import { agentActor, agentIds, consumerActor } from './test-fixtures.ts'

describe('new conversations', () => {
  it('[CV30] nothing is required', () => {
    expect(decodeNewConversation({})).toStrictEqual({ ok: true, value: { skillId: '-1' } })
    const nulls = { skillId: null, ttrDefName: null, campaignInfo: null, conversationContext: null }
    expect(decodeNewConversation(nulls)).toStrictEqual({ ok: true, value: { skillId: '-1' } })
  })

  it('[CV30] ids come as numbers and numbers as text', () => {
    expect(
      decodeNewConversation({
        brandId: 70010001,
        channelType: 'MESSAGING',
        skillId: 31,
        ttrDefName: 'URGENT',
        campaignInfo: { campaignId: '501', engagementId: 502 },
        conversationContext: { type: 'SharkContext', lang: 'en-GB', interactionContextId: 2, x: 1 },
        consumerId: 'c-91f2',
      }),
    ).toStrictEqual({
      ok: true,
      value: {
        brandId: '70010001',
        skillId: '31',
        ttrType: 'urgent',
        campaign: { campaignId: 501, engagementId: 502 },
        context: { type: 'SharkContext', lang: 'en-GB', interactionContextId: '2' },
        consumerId: 'c-91f2',
      },
    })
  })

  it('[CV30] half a campaign is none, a bad one is refused, and so is a bad kind of time', () => {
    expect(decodeNewConversation({ campaignInfo: { campaignId: 1 } })).not.toHaveProperty(
      'value.campaign',
    )
    expect(
      decodeNewConversation({ campaignInfo: { campaignId: 1, engagementId: 'x' } }),
    ).toMatchObject({ detail: 'Bad request: campaignInfo' })
    expect(decodeNewConversation({ ttrDefName: 'SOON' })).toMatchObject({
      detail: 'Bad request: ttrDefName',
    })
    expect(decodeNewConversation({ ttrDefName: 'NIGHT' })).not.toHaveProperty('value.ttrType')
  })

  it('[CV29] what the connection told fills the context, the address is the peer’s', () => {
    const connection = clientProperties({ os: 'LINUX', features: ['RICH_CONTENT'] }, '192.0.2.7')
    const decoded = decodeNewConversation(
      {
        conversationContext: {
          lang: 'en-US',
          features: 'MULTI_DIALOG',
          clientProperties: { type: 'ClientProperties', os: 'OSX', ipAddress: '198.51.100.1' },
        },
      },
      connection,
    )
    expect(decoded).toStrictEqual({
      ok: true,
      value: {
        skillId: '-1',
        context: {
          lang: 'en-US',
          clientProperties: {
            type: '.ClientProperties',
            os: 'OSX',
            ipAddress: '192.0.2.7',
            features: ['MULTI_DIALOG'],
          },
        },
      },
    })
    expect(decodeNewConversation({}, connection)).toMatchObject({
      value: { context: { clientProperties: connection } },
    })
    const beside = { conversationContext: { features: ['MULTI_DIALOG'] } }
    expect(decodeNewConversation(beside, connection)).toMatchObject({
      value: { context: { clientProperties: { os: 'LINUX', features: ['MULTI_DIALOG'] } } },
    })
  })
})

describe('client properties', () => {
  it('[CV29] are cut, never refused, and carry the peer’s address', () => {
    const given = {
      type: '.ams.headers.ClientProperties',
      appVersion: 'v'.repeat(40),
      os: `${'o'.repeat(63)}\ud83d\udca9`,
      deviceFamily: '',
      timeZone: { offset: 1 },
      ipAddress: 'localhost',
      jwt: 'secret',
      features: ['A', 7, '', 'B,C'],
    }
    expect(clientProperties(given, '192.0.2.7')).toStrictEqual({
      type: '.ClientProperties',
      appVersion: 'v'.repeat(32),
      os: `${'o'.repeat(63)}\ufffd`,
      deviceFamily: '',
      ipAddress: '192.0.2.7',
      features: ['A', 'B', 'C'],
    })
  })

  it.each([undefined, null, 'text', 7, [1]])('[CV29] of %j are none', (value) => {
    expect(clientProperties(value)).toStrictEqual({ type: '.ClientProperties' })
  })

  it('[CV29] stand in the header or in the query, a header that is not JSON in neither', () => {
    const query = new URLSearchParams('v=3&os=LINUX&appId=q&features=A&features=B,C')
    expect(clientProperties(upgradeProperties({ header: '{"appId":"h"}', query }))).toStrictEqual({
      type: '.ClientProperties',
      appId: 'h',
      os: 'LINUX',
      features: ['A', 'B', 'C'],
    })
    expect(upgradeProperties({ header: '{oops', query })).toMatchObject({ appId: 'q' })
    expect(upgradeProperties({ query: new URLSearchParams() })).toStrictEqual({})
  })
})

describe('criteria', () => {
  it('[CV30] states become the domain’s, one alone stands for a list', () => {
    expect(
      decodeCriteria({ convState: 'OPEN', stage: ['OPEN', 'CLOSE'] }, agentActor),
    ).toStrictEqual({ ok: true, value: { states: ['open'], stages: ['open', 'closed'] } })
  })

  it('[CV30] a state that nothing is ever in matches nothing, alone or beside others', () => {
    expect(decodeCriteria({ stage: ['LOCKED'] }, agentActor)).toMatchObject({
      value: { stages: [] },
    })
    expect(decodeCriteria({ stage: ['OPEN', 'LOCKED', 'OPEN'] }, agentActor)).toMatchObject({
      value: { stages: ['open'] },
    })
    expect(decodeCriteria({ convState: ['AJAR'] }, agentActor)).toMatchObject({
      detail: 'Bad request: convState',
    })
  })

  it.each([undefined, null, []])('[CV30] no filter is no filter: %j', (none) => {
    const body = { convState: none, stage: none, agentIds: none, minLastUpdatedTime: 0 }
    expect(decodeCriteria(body, agentActor)).toStrictEqual({ ok: true, value: {} })
  })

  it('[CV30] [CV26] agents are meant by any id, null is the caller', () => {
    expect(
      decodeCriteria({ agentIds: [null, '70010001.888', agentIds.max] }, agentActor),
    ).toMatchObject({
      value: { agentIds: [agentIds.ana, agentIdOf('70010001', '888'), agentIds.max] },
    })
    expect(decodeCriteria({ agentIds: [null] }, consumerActor)).not.toHaveProperty('value.agentIds')
  })

  it('[CV30] a consumer asks for itself whatever it says', () => {
    expect(decodeCriteria({ consumerId: 'c-other' }, consumerActor)).toStrictEqual({
      ok: true,
      value: { consumerId: 'c-91f2' },
    })
    expect(decodeCriteria({ consumerId: 'c-other' }, agentActor)).toMatchObject({
      value: { consumerId: 'c-other' },
    })
  })

  it('[CV30] bounds in milliseconds, conversation and brand pass', () => {
    expect(
      decodeCriteria(
        {
          conversationId: 'conv-1',
          brandId: 70010001,
          minLastUpdatedTime: '1760000000000',
          maxLastUpdatedTime: 1_760_000_000_001.5,
          maxETTR: 9,
        },
        agentActor,
      ),
    ).toStrictEqual({
      ok: true,
      value: {
        conversationId: 'conv-1',
        brandId: '70010001',
        minUpdatedAt: 1_760_000_000_000,
        maxUpdatedAt: 1_760_000_000_001,
        maxEttr: 9,
      },
    })
  })
})

describe('queries', () => {
  it.each([
    [{ newerThanSequence: 0 }, { from: 0 }],
    [{ newerThanSequence: 3 }, { from: 3 }],
    [{ fromSeq: '3' }, { from: 3 }],
    [{ fromSeq: 3, newerThanSequence: 4 }, { from: 4 }],
    [{ newerThanSequence: -1 }, { from: 0 }],
    [{}, { from: 0 }],
    [
      { olderThanSequence: 9, maxQuantity: 2 },
      { from: 0, before: 9, max: 2 },
    ],
    [{ olderThanSequence: -1, maxQuantity: 0 }, { from: 0 }],
  ])('[EV32] %j', (bounds, query) => {
    expect(decodeQuery({ dialogId: 'conv-1', ...bounds })).toStrictEqual({
      ok: true,
      value: { dialogId: 'conv-1', ...query },
    })
  })

  it('[EV32] a query without a dialog or with a bad bound is refused by name', () => {
    expect(decodeQuery({})).toMatchObject({ detail: 'Bad request: dialogId' })
    expect(decodeQuery({ dialogId: 'd', maxQuantity: 'all' })).toMatchObject({
      detail: 'Bad request: maxQuantity',
    })
  })
})
