import { describe, expect, it } from 'vitest'
import { defaultSkillRules, noPlace } from '../../domain/account.ts'
import { type ConfigurationKind, FIRST_REVISION } from '../../domain/configuration.ts'
import type { ItemWrite } from '../port/configuration.ts'
import type { OpenStores } from './contract-types.ts'
import { codeOf, newWorld, START, unique, type World } from './given.ts'

const kind = 'groups'

const items = ({ store, accountId }: World) => ({
  save: (writes: readonly ItemWrite[], expectedRevision?: number, of: ConfigurationKind = kind) =>
    store.write('saveConfigurationItems', {
      accountId,
      kind: of,
      writes,
      at: START,
      ...(expectedRevision !== undefined && { expectedRevision }),
    }),
  remove: (ids: readonly string[], expectedRevision?: number) =>
    store.write('deleteConfigurationItems', {
      accountId,
      kind,
      ids,
      at: START + 1,
      ...(expectedRevision !== undefined && { expectedRevision }),
    }),
  list: (includeDeleted = false) =>
    store.read('configurationItems', { accountId, kind, includeDeleted }),
  one: (id: string) => store.read('configurationItem', { accountId, kind, id }),
  revision: (collection: ConfigurationKind | 'users' | 'skills' = kind) =>
    store.read('configurationRevision', { accountId, collection }),
})

const named = (name: string, rest: Partial<ItemWrite> = {}): ItemWrite => ({
  mode: 'create',
  body: { name },
  ...rest,
})

const itemsAreKept = (open: OpenStores) => {
  it('[ADM4] items are numbered, read in order, replaced as a whole and marked when deleted', async () => {
    const world = await newWorld(await open())
    const { save, remove, list, one } = items(world)
    const first = await save([named('a', { id: '11' }), named('b'), named('c', { id: '2' })])
    expect(first.items.map(({ id }) => id)).toEqual(['11', '1', '2'])
    const [a, b, c] = first.items
    expect(b).toEqual({
      kind,
      id: '1',
      body: { name: 'b' },
      isDeleted: false,
      revision: first.revision,
      updatedAt: START,
    })
    expect(await list()).toEqual([b, c, a])
    // The number of an item that brought its own is not given again.
    expect((await save([named('d')])).items[0]?.id).toBe('3')
    await save([{ mode: 'replace', id: '1', body: { other: [1, null] } }])
    expect(await one('1')).toMatchObject({ body: { other: [1, null] } })
    const removed = await remove(['11'])
    expect(await one('11')).toBeUndefined()
    expect((await list()).map(({ id }) => id)).toEqual(['1', '2', '3'])
    expect((await list(true)).at(-1)).toEqual({
      ...a,
      isDeleted: true,
      revision: removed.revision,
      updatedAt: START + 1,
    })
    const { store, accountId } = world
    expect(await store.read('configurationItems', { accountId, kind: 'profiles' })).toEqual([])
  })

  it('[ADM4] a change of several items happens wholly or not at all', async () => {
    const { save, remove, list, revision } = items(await newWorld(await open()))
    await save([named('a', { id: '1' })])
    const before = [await list(true), await revision()]
    const refused = [
      [save([named('b'), named('c', { id: '1' })]), 'already_exists'],
      [save([named('b'), { mode: 'replace', id: '9', body: {} }]), 'item_not_found'],
      [remove(['1', '9']), 'item_not_found'],
    ] as const
    for (const [attempt, code] of refused) expect(await codeOf(attempt)).toBe(code)
    expect([await list(true), await revision()]).toEqual(before)
    await remove(['1'])
    expect(await codeOf(remove(['1']))).toBe('item_not_found')
    expect(await codeOf(save([{ mode: 'replace', id: '1', body: {} }]))).toBe('item_not_found')
    await save([{ mode: 'put', id: '1', body: { back: true } }])
    expect(await list()).toMatchObject([{ id: '1', body: { back: true } }])
  })
}

const revisionsGrow = (open: OpenStores) => {
  it('[ADM5] every change takes the next revision of its collection alone', async () => {
    const world = await newWorld(await open())
    const { save, remove, revision } = items(world)
    expect(await revision()).toBe(FIRST_REVISION)
    expect((await save([named('a')])).revision).toBe(FIRST_REVISION + 1)
    expect((await remove(['1'])).revision).toBe(FIRST_REVISION + 2)
    expect(await revision()).toBe(FIRST_REVISION + 2)
    expect(await revision('profiles')).toBe(FIRST_REVISION)
  })

  it('[ADM5] a change that expects another revision is refused and changes nothing', async () => {
    const { save, remove, list, revision } = items(await newWorld(await open()))
    await save([named('a')], FIRST_REVISION)
    expect(await codeOf(save([named('b')], FIRST_REVISION))).toBe('revision_changed')
    expect(await codeOf(remove(['1'], FIRST_REVISION + 2))).toBe('revision_changed')
    expect([await revision(), await list()]).toMatchObject([FIRST_REVISION + 1, [{ id: '1' }]])
    // Of changes that expect the same revision one wins.
    const raced = Array.from({ length: 8 }, () => codeOf(save([named('c')], FIRST_REVISION + 1)))
    const verdicts = await Promise.all(raced)
    expect(verdicts.filter((verdict) => verdict === 'answered')).toHaveLength(1)
    expect(await list()).toHaveLength(2)
  })

  it('[ADM5] agents and skills count, whoever changes them; a password does not', async () => {
    const world = await newWorld(await open())
    const { store, accountId } = world
    const { revision } = items(world)
    const agent = await world.agent()
    expect(await revision('users')).toBe(FIRST_REVISION + 1)
    const { userId } = agent
    await store.write('updateAgent', { accountId, userId, passwordHash: 'x' })
    expect(await revision('users')).toBe(FIRST_REVISION + 1)
    await store.write('updateAgent', { accountId, userId, nickname: 'x' })
    expect(await revision('users')).toBe(FIRST_REVISION + 2)
    const { id } = await store.write('createSkill', { accountId, name: 'S', ttr: {} })
    await store.write('updateSkill', { accountId, id, name: 'T' })
    expect(await revision('skills')).toBe(FIRST_REVISION + 2)
    expect(await codeOf(store.write('updateSkill', { accountId, id: 'x', name: 'T' }))).toBe(
      'skill_not_found',
    )
    expect(await revision('skills')).toBe(FIRST_REVISION + 2)
  })
}

const people = (open: OpenStores) => {
  it('[ADM4] agents are written whole: what is absent is taken away', async () => {
    const world = await newWorld(await open())
    const { store, accountId } = world
    const place = { groupId: '5', managedGroupIds: ['6'], profileIds: ['7'], details: { a: 1 } }
    const before = await world.agent({ capacity: 3, skillIds: ['1'], passwordHash: 'p', ...place })
    const { capacity: _, groupId: __, accountId: ___, id: ____, createdAt, ...body } = before
    const { userId } = before
    const saved = await store.write('saveAgents', {
      accountId,
      writes: [
        { ...body, ...noPlace, nickname: 'new', mode: 'replace' },
        { ...body, mode: 'create', userId: '77', loginName: unique('l'), passwordHash: 'q' },
      ],
      at: START + 5,
    })
    const [one, other] = saved.agents
    expect(one).toEqual({
      ...body,
      ...noPlace,
      nickname: 'new',
      accountId,
      id: before.id,
      createdAt,
    })
    expect(other).toMatchObject({ userId: '77', managedGroupIds: ['6'], createdAt: START + 5 })
    expect(await store.read('agents', accountId)).toEqual([one, other])
    expect(await store.read('passwordHash', { accountId, userId })).toBe('p')
    await store.write('saveAgents', {
      accountId,
      writes: [{ ...body, mode: 'replace', passwordHash: null }],
      at: START,
    })
    expect(await store.read('passwordHash', { accountId, userId })).toBeUndefined()
    const taken = { ...body, mode: 'create', userId: '78' } as const
    const writes = [{ ...body, mode: 'replace', nickname: 'half' } as const, taken]
    expect(await codeOf(store.write('saveAgents', { accountId, writes, at: START }))).toBe(
      'already_exists',
    )
    expect(await store.read('agent', { accountId, userId })).toMatchObject({ nickname: 'Ana' })
  })

  it('[ADM4] a deleted agent leaves its names, and nothing once its number is taken again', async () => {
    const world = await newWorld(await open())
    const { store, accountId } = world
    const { userId, id: pid, loginName, fullName, nickname } = await world.agent()
    const { revision } = await store.write('deleteAgents', { accountId, userIds: [userId], at: 9 })
    const marks = () =>
      store.read('configurationItems', { accountId, kind: 'users', includeDeleted: true })
    const body = { pid, loginName, fullName, nickname }
    const mark = { kind: 'users', id: userId, body, isDeleted: true, revision, updatedAt: 9 }
    expect(await marks()).toEqual([mark])
    await world.agent({ userId })
    expect(await marks()).toEqual([])
  })

  it('[ADM4] a deleted skill is taken from agents and from other skills', async () => {
    const world = await newWorld(await open())
    const { store, accountId } = world
    const { revision } = items(world)
    const skill = (id: string, rules: object = {}) => ({
      mode: 'create' as const,
      id,
      name: `skill ${id}`,
      ttr: {},
      rules: { ...defaultSkillRules, ...rules },
      details: {},
    })
    const writes = [
      skill('1'),
      skill('2', { transferTo: ['1', '3'], fallbackSkillId: '1' }),
      skill('3', { fallbackSkillId: '2' }),
    ]
    const { skills } = await store.write('saveSkills', { accountId, writes, at: START })
    const has = await world.agent({ skillIds: ['3', '1'] })
    const hasNot = await world.agent({ skillIds: ['2'] })
    const users = await revision('users')
    await store.write('deleteSkills', { accountId, ids: ['1'], at: START })
    expect(await store.read('skills', accountId)).toEqual([
      { ...skills[1], rules: { ...defaultSkillRules, transferTo: ['3'] } },
      skills[2],
    ])
    const ids = (await store.read('agents', accountId)).map(({ skillIds }) => skillIds)
    expect(ids).toEqual([['3'], hasNot.skillIds])
    expect(has.skillIds).toEqual(['3', '1'])
    expect(await revision('users')).toBe(users + 1)
    const unheard = store.write('deleteSkills', { accountId, ids: ['2', '1'], at: START })
    expect(await codeOf(unheard)).toBe('skill_not_found')
    expect(await store.read('skill', { accountId, id: '2' })).toBeDefined()
  })
}

export const configurationContract = (open: OpenStores): void => {
  describe('configuration', () => {
    itemsAreKept(open)
    revisionsGrow(open)
    people(open)
  })
}
