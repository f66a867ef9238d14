import { describe, expect, it } from 'vitest'
import { type Agent, defaultSettings, defaultSkillRules } from '../../domain/account.ts'
import { agentIdOf } from '../../ids.ts'
import type { LoginSession } from '../store.ts'
import type { OpenStores } from './contract-types.ts'
import { codeOf, newWorld, START, unique } from './given.ts'

const accounts = (open: OpenStores) => {
  it('[ST6] accounts are created once, changed in part, and removed with all they own', async () => {
    const store = await open()
    const world = await newWorld(store)
    const { accountId: id } = world
    const account = { id, name: 'Brand', settings: defaultSettings, createdAt: START }
    expect(await store.read('account', id)).toEqual(account)
    expect(await codeOf(store.write('createAccount', account))).toBe('already_exists')
    const changed = await store.write('updateAccount', {
      id,
      name: 'New',
      settings: { defaultCapacity: 4 },
    })
    expect(changed).toEqual({
      ...account,
      name: 'New',
      settings: { ...defaultSettings, defaultCapacity: 4 },
    })
    expect(await store.read('accounts', null)).toContainEqual(changed)
    expect(await codeOf(store.write('updateAccount', { id: unique('A') }))).toBe(
      'account_not_found',
    )
    const { conversation } = await world.open()
    await world.append(conversation)
    expect(await store.write('deleteAccount', { id })).toEqual({ deleted: true })
    expect(await store.write('deleteAccount', { id })).toEqual({ deleted: false })
    expect(await store.read('account', id)).toBeUndefined()
    expect(await codeOf(world.append(conversation))).toBe('dialog_not_found')
    expect(await store.read('accountsWithQueue', null)).not.toContain(id)
  })

  it('[ST6] skills are numbered, changed and removed', async () => {
    const world = await newWorld(await open())
    const { store, accountId } = world
    const create = (rest: object) =>
      store.write('createSkill', { accountId, name: 'Sales', ttr: { urgent: 10 }, ...rest })
    const first = await create({})
    const second = await create({ id: '77' })
    expect(first).toEqual({
      accountId,
      id: first.id,
      name: 'Sales',
      ttr: { urgent: 10 },
      rules: defaultSkillRules,
      details: {},
    })
    expect(await codeOf(create({ id: '77' }))).toBe('already_exists')
    expect(await codeOf(create({ accountId: unique('A') }))).toBe('account_not_found')
    const renamed = await store.write('updateSkill', { accountId, id: '77', name: 'Service' })
    expect(renamed).toEqual({ ...second, name: 'Service' })
    const unknown = store.write('updateSkill', { accountId, id: 'none', name: 'x' })
    expect(await codeOf(unknown)).toBe('skill_not_found')
    expect(await store.read('skills', accountId)).toEqual([first, renamed])
    const remove = () => store.write('deleteSkills', { accountId, ids: ['77'], at: START })
    expect(await codeOf(remove())).toBe('answered')
    expect(await codeOf(remove())).toBe('skill_not_found')
    expect(await store.read('skill', { accountId, id: '77' })).toBeUndefined()
  })
}

const agents = (open: OpenStores) => {
  it('[AG2] agents are numbered once and found by user id, id and login', async () => {
    const world = await newWorld(await open())
    const { store, accountId } = world
    const [one, two] = await Promise.all([world.agent({ passwordHash: 'hash' }), world.agent()])
    expect(Number(two.userId)).toBe(Number(one.userId) + 1)
    expect(one.id).toBe(agentIdOf(accountId, one.userId))
    for (const by of [{ userId: one.userId }, { id: one.id }, { loginName: one.loginName }])
      expect(await store.read('agent', { accountId, ...by })).toEqual(one)
    const byUser = { accountId, userId: one.userId }
    expect(await store.read('passwordHash', byUser)).toBe('hash')
    const withoutPassword = { accountId, userId: two.userId }
    expect(await store.read('passwordHash', withoutPassword)).toBeUndefined()
    expect(await codeOf(world.agent({ loginName: one.loginName }))).toBe('already_exists')
    expect(await codeOf(world.agent({ userId: one.userId }))).toBe('already_exists')
    expect(await codeOf(world.agent({ accountId: unique('A') }))).toBe('account_not_found')
    const remove = () =>
      store.write('deleteAgents', { accountId, userIds: [two.userId], at: START })
    expect(await codeOf(remove())).toBe('answered')
    expect(await codeOf(remove())).toBe('agent_not_found')
    // Neither the refused ones nor the deleted one changed the count.
    expect(Number((await world.agent()).userId)).toBe(Number(two.userId) + 1)
  })

  it('[ST6] an update of an agent changes what it names', async () => {
    const world = await newWorld(await open())
    const { store, accountId } = world
    const agent = await world.agent({ capacity: 3, skillIds: ['1'] })
    const changes = {
      loginName: unique('l'),
      fullName: 'F',
      nickname: 'N',
      email: 'e@example.com',
      isEnabled: false,
      isBot: true,
      roles: ['administrator'],
      skillIds: ['2', '3'],
      capacity: 9,
    } as const
    const { userId } = agent
    expect(await store.write('updateAgent', { accountId, userId, nickname: 'B' })).toEqual({
      ...agent,
      nickname: 'B',
    })
    const after = await store.write('updateAgent', {
      accountId,
      userId,
      ...changes,
      passwordHash: 'new',
    })
    expect(after).toEqual({ ...agent, ...changes })
    expect(await store.write('updateAgent', { accountId, userId })).toEqual(after)
    expect(await store.read('passwordHash', { accountId, userId })).toBe('new')
    expect(await codeOf(store.write('updateAgent', { accountId, userId: 'none' }))).toBe(
      'agent_not_found',
    )
    expect(await store.read('agents', accountId)).toEqual([after])
  })

  it('[ST6] an agent state is kept with the time since when it holds', async () => {
    const world = await newWorld(await open())
    const { store, accountId } = world
    const { id, userId } = await world.agent()
    const set = (availability: 'ONLINE' | 'AWAY', at: number) =>
      store.write('setAgentState', {
        accountId,
        agent: { id, userId },
        availability,
        description: '',
        at,
      })
    const first = await set('ONLINE', 1)
    expect(first).toEqual({
      after: { accountId, agentId: id, userId, availability: 'ONLINE', description: '', since: 1 },
    })
    expect((await set('ONLINE', 2)).after.since).toBe(1)
    const third = await set('AWAY', 3)
    expect(third).toMatchObject({ before: first.after, after: { since: 3 } })
    expect(await store.read('agentStates', accountId)).toEqual([third.after])
    expect(await store.read('agentState', { accountId, agentId: id })).toEqual(third.after)
    expect(await store.read('agentState', { accountId, agentId: 'nobody' })).toBeUndefined()
  })

  it('[ST6] who is not OFFLINE is found in all accounts at once', async () => {
    const store = await open()
    const worlds = [await newWorld(store), await newWorld(store)]
    const [away, online] = [await worlds[0]!.agent(), await worlds[1]!.agent()]
    const offline = await worlds[1]!.agent()
    const set = ({ accountId, id, userId }: Agent, availability: 'ONLINE' | 'AWAY' | 'OFFLINE') =>
      store.write('setAgentState', {
        accountId,
        agent: { id, userId },
        availability,
        description: '',
        at: START,
      })
    await set(away, 'AWAY')
    await set(online, 'ONLINE')
    await set(offline, 'ONLINE')
    await set(offline, 'OFFLINE')
    const present = (await store.read('statesOfPresent', null)).map(({ agentId }) => agentId)
    expect(present).toEqual(expect.arrayContaining([away.id, online.id]))
    expect(present).not.toContain(offline.id)
  })
}

const identities = (open: OpenStores) => {
  it('[ST6] consumers are saved, their claims refreshed, their profile merged', async () => {
    const { store, accountId } = await newWorld(await open())
    const consumer = {
      accountId,
      id: unique('u'),
      kind: 'authenticated',
      externalId: 'sub',
      issuer: 'iss',
      claims: { name: 'A' },
      createdAt: START,
    } as const
    expect(await store.write('saveConsumer', consumer)).toEqual({ ...consumer, profile: {} })
    const update = (profile: object, consumerId: string = consumer.id) =>
      store.write('updateProfile', { accountId, consumerId, profile: { ...profile } })
    await update({ firstName: 'A', lastName: 'B' })
    await update({ lastName: 'C' })
    const saved = await store.write('saveConsumer', {
      ...consumer,
      claims: { name: 'B' },
      createdAt: START + 9,
    })
    const expected = {
      ...consumer,
      claims: { name: 'B' },
      profile: { firstName: 'A', lastName: 'C' },
    }
    expect(saved).toEqual(expected)
    expect(await store.read('consumer', { accountId, id: consumer.id })).toEqual(expected)
    expect(await codeOf(update({}, 'none'))).toBe('consumer_not_found')
  })

  it('[ST6] keys change their state and nothing else', async () => {
    const store = await open()
    const key = {
      kid: unique('k'),
      use: 'sign',
      state: 'active',
      privateJwk: { kty: 'RSA' },
      createdAt: START,
    } as const
    expect(await store.write('saveKey', key)).toEqual(key)
    const retired = { ...key, state: 'retired' } as const
    expect(await store.write('saveKey', { ...retired, createdAt: 1 })).toEqual(retired)
    expect(await store.read('keys', null)).toContainEqual(retired)
  })

  it('[ST6] sessions are found while they live, extended and ended', async () => {
    const { store, accountId } = await newWorld(await open())
    const session = (agentId: string): LoginSession => ({
      id: unique('s'),
      accountId,
      agentId,
      userId: '1',
      bearerHash: unique('b'),
      csrfHash: 'csrf',
      cookieHash: unique('k'),
      createdAt: START,
      expiresAt: START + 100,
    })
    const [a, b, c] = [session('x'), session('x'), session('y')] as const
    for (const one of [a, b, c]) expect(await store.write('openSession', one)).toEqual(one)
    expect(await store.read('sessionByBearer', a)).toEqual(a)
    expect(await store.read('sessionByCookie', b)).toEqual(b)
    const extend = (at: number) =>
      store.write('extendSession', { id: a.id, expiresAt: START + 200, at })
    expect(await extend(START + 100)).toBeUndefined()
    expect(await extend(START + 99)).toEqual({ ...a, expiresAt: START + 200 })
    const end = (of: object) => store.write('endSessions', { accountId, at: START + 5, ...of })
    expect(await end({})).toEqual([])
    expect(await end({ sessionId: c.id })).toEqual([{ ...c, endedAt: START + 5 }])
    const ended = await end({ agentId: 'x' })
    expect(ended.map(({ id }) => id).toSorted()).toEqual([a.id, b.id].toSorted())
    expect(await end({ agentId: 'x' })).toEqual([])
    expect(await extend(START + 6)).toBeUndefined()
    expect(await store.read('sessionByBearer', a)).toBeUndefined()
    expect(await store.read('sessionByCookie', b)).toEqual({ ...b, endedAt: START + 5 })
  })

  it("[ST6] a deleted agent's sessions are gone", async () => {
    const world = await newWorld(await open())
    const { store, accountId } = world
    const { id, userId } = await world.agent()
    const session = {
      id: unique('s'),
      accountId,
      agentId: id,
      userId,
      bearerHash: unique('b'),
      csrfHash: 'csrf',
      cookieHash: unique('k'),
      createdAt: START,
      expiresAt: START + 100,
    }
    await store.write('openSession', session)
    await store.write('deleteAgents', { accountId, userIds: [userId], at: START })
    expect(await store.read('sessionByBearer', session)).toBeUndefined()
  })

  it('[ST6] a token id is new once, also when it comes twice at the same time', async () => {
    const { store, accountId } = await newWorld(await open())
    const use = () =>
      store.write('recordTokenUse', { accountId, tokenId: 'jti', expiresAt: START, at: START })
    expect((await Promise.all([use(), use(), use()])).toSorted()).toEqual([false, false, true])
  })
}

export const accountContract = (open: OpenStores): void => {
  describe('accounts', () => {
    accounts(open)
    agents(open)
    identities(open)
  })
}
