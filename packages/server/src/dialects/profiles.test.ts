import { findFault, methods } from '@ringdown/protocol'
import { describe, expect, it } from 'vitest'
import { agentProfile, profileTarget } from './agent-profile.ts'
import {
  decodeProfile,
  ownProfile,
  profileForAgentV2,
  profileForAgentV3,
} from './consumer-profile.ts'
import { agentActor, agentIds, consumerActor } from './test-fixtures.ts'

const anonymous = { id: 'c-91f2', kind: 'signup', claims: {}, profile: {} } as const

const known = {
  id: 'f0'.repeat(32),
  kind: 'authenticated',
  externalId: 'A-17',
  issuer: 'https://brand.example',
  claims: {
    given_name: 'Dana',
    email: 'd@example.com',
    gender: 'female',
    lp_sdes: [null, { type: 'ctmrinfo', info: { ctype: 'gold' } }],
  },
  profile: {
    firstName: 'Dana',
    lastName: null,
    privateData: { mobileNum: '+1-555-0100', mail: 'd@example.com' },
    authenticatedData: { lp_sdes: [null, { type: 'personal', personal: { language: 'en' } }] },
  },
} as const

const claimed = [
  { type: 'ctmrinfo', info: { customerId: 'A-17' } },
  {
    type: 'personal',
    personal: { firstname: 'Dana', gender: 'FEMALE', contacts: [{ email: 'd@example.com' }] },
  },
  { type: 'ctmrinfo', info: { ctype: 'gold' } },
]

describe('profiles of consumers', () => {
  it('[CV31] one’s own has the id and no claims that nobody made', () => {
    expect(ownProfile(anonymous)).toStrictEqual({
      userId: 'c-91f2',
      acr: '0',
      privateData: {},
      authenticatedData: { lp_sdes: [] },
    })
  })

  it('[CV31] what the brand vouches for stands apart from what the client set', () => {
    const profile = profileForAgentV2(known)
    expect(profile).toStrictEqual({
      firstName: 'Dana',
      role: 'CONSUMER',
      userId: known.id,
      acr: 'loa1',
      privateData: { mobileNum: '+1-555-0100', mail: 'd@example.com', email: 'd@example.com' },
      authenticatedData: { lp_sdes: [{ type: 'personal', personal: { language: 'en' } }] },
      claims: { iss: 'https://brand.example', lp_sdes: claimed },
    })
  })

  it('[CV31] an anonymous consumer’s is an object with private data for older agents', () => {
    expect(profileForAgentV2(anonymous)).toMatchObject({ userId: 'c-91f2', privateData: {} })
    expect(profileForAgentV2(anonymous)).not.toHaveProperty('claims')
    expect(profileForAgentV3(anonymous)).toStrictEqual([])
  })

  it('[CV31] version 3 agents get attributes, vouched ones first', () => {
    const iss = 'https://brand.example'
    expect(profileForAgentV3(known)).toStrictEqual([
      ...claimed.map((sde) => ({ ...sde, acr: 'loa1', iss, auth: { amr: [], iss } })),
      { type: 'personal', personal: { language: 'en' }, auth: {} },
      { type: 'ctmrinfo', info: { imei: '+1-555-0100' }, auth: {} },
      {
        type: 'personal',
        personal: {
          firstname: 'Dana',
          contacts: [{ email: 'd@example.com', phone: '+1-555-0100' }],
        },
        auth: {},
      },
    ])
  })

  it('[CV31] agrees with the published schema', () => {
    for (const profile of [ownProfile(known), profileForAgentV2(known), ownProfile(anonymous)]) {
      expect(findFault(methods.getUserProfile.answers[2], profile, 'body')).toBeUndefined()
    }
  })
})

describe('setting a profile', () => {
  it('[CV31] neither id nor claims can be set', () => {
    expect(
      decodeProfile({
        userId: 'c-other',
        acr: 'loa1',
        claims: { lp_sdes: [] },
        firstName: 'Ada',
        nickname: null,
        privateData: { mobileNum: 15550100, secret: 'x' },
        authenticatedData: { lp_sdes: { type: 'ctmrinfo', info: { customerId: 'c-77' } }, x: 1 },
      }),
    ).toStrictEqual({
      ok: true,
      value: {
        firstName: 'Ada',
        nickname: null,
        privateData: { mobileNum: '15550100' },
        authenticatedData: { lp_sdes: [{ type: 'ctmrinfo', info: { customerId: 'c-77' } }] },
      },
    })
    expect(decodeProfile({})).toStrictEqual({ ok: true, value: {} })
  })

  it.each([
    [{ firstName: 7 }, 'Bad request: firstName'],
    [{ description: 'x'.repeat(3000) }, 'Bad request: description'],
    [{ privateData: 'x' }, 'Bad request: privateData'],
    [{ privateData: { mail: 'x'.repeat(40_000) } }, 'Bad request: the profile is too large'],
  ])('[CV31] refuses what does not fit: %#', (body, detail) => {
    expect(decodeProfile(body)).toMatchObject({ code: 'bad_request', detail })
  })
})

describe('whose profile', () => {
  it('[CV32] nothing or the own id means the caller, a text or userId the consumer', () => {
    for (const body of [{}, null, '70010001.777', agentIds.ana, { userId: '777' }]) {
      expect(profileTarget(body, agentActor)).toStrictEqual({ kind: 'own' })
    }
    const target = { kind: 'consumer', consumerId: 'c-91f2' }
    expect(profileTarget('c-91f2', agentActor)).toStrictEqual(target)
    expect(profileTarget({ userId: 'c-91f2' }, agentActor)).toStrictEqual(target)
  })

  it('[CV32] a consumer only ever gets its own', () => {
    expect(profileTarget({ userId: 'c-other' }, consumerActor)).toStrictEqual({ kind: 'own' })
  })

  it('[CV32] an agent’s own names it as its client knows it', () => {
    const agent = {
      accountId: '70010001',
      userId: '777',
      id: agentIds.ana,
      fullName: 'Ana de la Cruz',
      nickname: 'ana',
      email: 'ana@example.com',
      details: {},
      roles: ['agent', 'manager'],
    } as const
    expect(agentProfile(agent, 2)).toStrictEqual({
      userId: '70010001.777',
      firstName: 'Ana',
      lastName: 'de la Cruz',
      nickname: 'ana',
      role: 'MANAGER',
      privateData: { mail: 'ana@example.com', email: 'ana@example.com' },
    })
    expect(agentProfile({ ...agent, roles: ['agent'] }, 3)).toMatchObject({
      userId: agentIds.ana,
      role: 'AGENT',
    })
  })
})
