import { describe, expect, it } from 'vitest'
import {
  closes,
  commonErrors,
  errors,
  findHeader,
  findMethod,
  type Method,
  type MethodName,
  methodNames,
  methods,
  normaliseType,
  notificationNames,
  plainResponse,
  responseName,
  roles,
  versions,
} from '../src/index.ts'

const table: Record<MethodName, Method> = methods
const everyMethod = methodNames.map((name) => ({ name, method: table[name] }))

describe('methods', () => {
  it.each(everyMethod)('[FRM12] $name has names for exactly its roles', ({ name, method }) => {
    expect(method.roles.length).toBeGreaterThan(0)
    expect(Object.keys(method.names).toSorted()).toEqual([...method.roles].toSorted())
    for (const role of method.roles) {
      for (const version of versions) {
        const wire = method.names[role]?.[version]
        expect(wire?.request).toMatch(/^\.?[A-Za-z][A-Za-z.]+$/)
        expect(wire?.response).toBe(responseName(role, version, name))
        expect(findMethod(wire?.request ?? '')).toBe(name)
      }
    }
  })

  it.each(everyMethod)('$name is described in one sentence', ({ method }) => {
    expect(method.title).not.toMatch(/\.$/)
    expect(method.description).toMatch(/^[A-Z][^.]*\.$/)
  })

  it.each(everyMethod)('[FRM15] $name refuses with codes of the catalogue', ({ method }) => {
    for (const code of [...commonErrors, ...method.errors]) expect(errors).toHaveProperty(code)
    expect(method.errors.includes('not_implemented') || method.isBuilt).toBe(true)
  })

  it('[FRM15] form keys and brand profiles are not built', () => {
    const missing = everyMethod.filter(({ method }) => !method.isBuilt).map(({ name }) => name)
    expect(missing).toEqual(['generateUploadToken', 'brandProfile'])
  })

  it('[FRM15] consumers have no part in routing, nor agents in a consumer’s opening', () => {
    const consumers = everyMethod.filter(({ method }) => method.roles.includes('consumer'))
    expect(consumers.map(({ name }) => name)).not.toContain('setAgentState')
    expect(consumers.map(({ name }) => name)).not.toContain('agentRequestConversation')
    expect(table.requestConversation.roles).toEqual(['consumer'])
    expect(table.initConnection.roles).toEqual(['consumer'])
  })
})

describe('request names', () => {
  it.each([
    ['ms.PublishEvent', 'publishEvent'],
    ['.ms.PublishEvent', 'publishEvent'],
    ['ams.ms.PublishEvent', 'publishEvent'],
    ['.ams.ms.PublishEvent', 'publishEvent'],
    ['.ams.InitConnection', 'initConnection'],
    ['.GetClock', 'getClock'],
    ['.ams.GetClock', 'getClock'],
    ['aam.SubscribeExConversations', 'subscribeConversations'],
    ['.ams.cqm.SubscribeExConversations', 'subscribeConversations'],
    ['aam.UnsubscribeExConversations', 'unsubscribeConversations'],
    ['.ams.aam.UpdateExConversationSubscription', 'updateConversationSubscription'],
    ['up.GetUserProfile', 'getUserProfile'],
    ['.ams.up.SetUserProfile', 'setUserProfile'],
    ['routing.SubscribeAgentsState', 'subscribeAgentStates'],
    ['.ams.ms.token.GenerateDownloadToken', 'generateDownloadToken'],
    ['.ams.brandprofile.SetBrandProfile', 'brandProfile'],
    ['.ams.brandprofile.GetBrands', 'brandProfile'],
  ])('[FRM6] %s is %s', (wireType, name) => {
    expect(findMethod(wireType)).toBe(name)
  })

  it.each([
    '',
    '.',
    'publishEvent',
    'ms.publishevent',
    '..ms.PublishEvent',
    'ams.ams.ms.PublishEvent',
    ' ms.PublishEvent',
    'cm.UpdateConversationField.StepUpAuthentication',
    'ms.PublishEventResponse',
    '__proto__',
    'constructor',
  ])('[FRM14] %j means nothing', (wireType) => {
    expect(findMethod(wireType)).toBeUndefined()
  })

  it.each(['cm.RequestConversation', '.ams.cm.RequestConversationResponse'])(
    '[FRM6] %s opens a conversation only with a body',
    (wireType) => {
      expect(findMethod(wireType, 'consumer', true)).toBe('requestConversation')
      expect(findMethod(wireType, 'consumer', false)).toBeUndefined()
    },
  )

  it('[REQ1] an agent’s KeepAlive is GetClock, a consumer’s is its own', () => {
    expect(findMethod('KeepAlive', 'agent')).toBe('getClock')
    expect(findMethod('.KeepAlive', 'agent')).toBe('getClock')
    expect(findMethod('KeepAlive', 'consumer')).toBe('keepAlive')
  })

  it('[FRM6] normal forms are fixed points', () => {
    for (const { method } of everyMethod) {
      for (const alias of method.aliases ?? []) expect(normaliseType(alias)).toBe(alias)
    }
    expect(normaliseType('.ams.aam.X')).toBe('cqm.X')
    expect(normaliseType('up.X')).toBe('userprofile.X')
    expect(normaliseType('update.X')).toBe('update.X')
  })
})

describe('response names', () => {
  it('[FRM5] the plain response of each dialect', () => {
    expect(plainResponse('consumer', 3)).toBe('StringResponse')
    expect(plainResponse('consumer', 2)).toBe('.ReqBody$StringResp')
    expect(plainResponse('agent', 3)).toBe('.ReqBody$StringResp')
    expect(plainResponse('agent', 2)).toBe('.ReqBody$StringResp')
  })

  it('[FRM5] what a role may not ask is answered with the plain response', () => {
    expect(responseName('consumer', 3, 'setAgentState')).toBe('StringResponse')
    expect(responseName('agent', 2, 'requestConversation')).toBe('.ReqBody$StringResp')
  })

  it('[FRM12] the subscription answer is named as each side’s clients know it', () => {
    expect(responseName('consumer', 3, 'subscribeMessagingEvents')).toBe(
      '.ams.GenericSubscribeResponse',
    )
    expect(responseName('agent', 3, 'subscribeMessagingEvents')).toBe('GenericSubscribeResponse')
    expect(responseName('agent', 2, 'subscribeMessagingEvents')).toBe(
      '.ams.GenericSubscribe$Response',
    )
  })

  it('[FRM12] notifications of version 2 start with .ams., those of version 3 do not', () => {
    for (const role of roles) {
      for (const version of versions) {
        for (const name of Object.values(notificationNames[role][version])) {
          expect(name.startsWith('.ams.')).toBe(version === 2)
        }
      }
    }
  })
})

describe('headers of InitConnection', () => {
  it.each([
    ['.ams.headers.ConsumerAuthentication', 'consumerAuthentication'],
    ['headers.ConsumerAuthentication', 'consumerAuthentication'],
    ['ams.headers.ClientProperties', 'clientProperties'],
    ['.headers.ClientProperties', 'clientProperties'],
    ['.ams.headers.Weather', undefined],
  ])('[REQ2] %s is %s', (wireType, meaning) => {
    expect(findHeader(wireType)).toBe(meaning)
  })
})

describe('catalogues', () => {
  it.each(Object.entries(errors))('[FRM16] %s', (_code, entry) => {
    const statuses = [400, 401, 403, 404, 408, 409, 410, 412, 429, 500, 501, 503, 507]
    expect(statuses).toContain(entry.status)
    expect(entry.message.length).toBeGreaterThan(0)
    expect(entry.message.length).toBeLessThanOrEqual(128)
    if ([408, 429, 500, 503].includes(entry.status)) expect(entry.retry).toBe('later')
  })

  it.each(Object.entries(closes))('[FRM17] %s', (_cause, entry) => {
    expect([1001, 1002, 1007, 1009, 1013, 4401, 4407]).toContain(entry.code)
    expect(entry.code === 4407).toBe(entry.client === 'renew-anonymous-token')
    expect(entry.code === 4401).toBe(entry.client === 'renew-token')
    expect(Buffer.byteLength(entry.reason)).toBeLessThanOrEqual(123)
  })

  it('[FRM17] reasons contain what clients look for', () => {
    expect(closes.token.reason).toContain('identity token is invalid')
    expect(closes.anonymous_token.reason).toContain('identity token is invalid')
    expect(closes.idle.reason).toContain('Connection timed out')
    expect(closes.auth_timeout.reason).toContain('Connection timed out')
  })
})
