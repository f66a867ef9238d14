/** Skills, groups, profiles, and what is written to be said. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ManualClock } from '../src/testing/manual-clock.ts'
import { type TestServer, testServer } from '../src/testing/test-server.ts'
import {
  AUTO,
  CANNED,
  CATEGORIES,
  configurationWorld,
  DECLINES,
  GROUPS,
  newUser,
  PROFILES,
  REASONS,
  SKILLS,
  USERS,
} from './configuration-world.ts'

let server: TestServer
beforeAll(async () => {
  server = await testServer({ clock: new ManualClock() })
})
afterAll(() => server[Symbol.asyncDispose]())

type Item = Readonly<Record<string, unknown>> & { readonly id: number }

describe('skills', () => {
  it('[ADM15] carry all members; those that routing knows are its own', async () => {
    const { ask, account } = await configurationWorld(server)
    const group = (await ask('POST', GROUPS, { name: 'North' })).body
    const other = (await ask('POST', SKILLS, { name: 'Other' })).body
    const given = {
      id: '50',
      name: 'Sales',
      description: 'Buying',
      skillOrder: 2,
      maxWaitTime: 60,
      skillRoutingConfiguration: [{ agentGroupId: group.id, priority: 1, splitPercentage: 50 }],
      slaDefaultResponseTime: 100,
      slaUrgentResponseTime: 10,
      slaFirstTimeResponseTime: 50,
      canTransfer: false,
      skillTransferList: [other.id],
      transferToAgentMaxWaitInSeconds: 30,
      fallbackSkill: String(other.id),
      fallbackWhenAllAgentsAreAway: false,
      autoCloseInSeconds: 600,
      postConversationSurveyAppInstallAssociationId: 'app',
      agentSurveyForMsgId: 7,
      agentSurveyForMsgTimeoutInMinutes: 5,
      workingHoursId: 3,
      specialOccasionId: 4,
      wrapUpTime: 20,
      lobIds: ['8'],
      redistributeLoadToConnectedAgentGroups: true,
    }
    const { body: skill } = await ask('POST', SKILLS, given)
    expect(skill).toEqual({
      ...given,
      id: 50,
      fallbackSkill: other.id,
      lobIds: [8],
      deleted: false,
      dateUpdated: expect.any(String),
    })
    const stored = await server.services.store.read('skill', { accountId: account, id: '50' })
    expect(stored).toMatchObject({
      ttr: { normal: 100, urgent: 10, prioritized: 50 },
      rules: {
        groups: [{ groupId: String(group.id), priority: 1, splitPercentage: 50 }],
        canTransfer: false,
        transferTo: [String(other.id)],
        transferToAgentMaxWaitSeconds: 30,
        fallbackSkillId: String(other.id),
        fallbackWhenAllAway: false,
        autoCloseSeconds: 600,
        surveyAppId: 'app',
        agentSurveyId: '7',
        agentSurveyTimeoutMinutes: 5,
      },
    })
    // Set in another way, and none of this interface's business.
    await server.services.store.write('updateSkill', {
      accountId: account,
      id: '50',
      ttr: { custom: 9 },
      rules: { ...stored!.rules, botAnswerSeconds: 8 },
    })
    const { body: bare } = await ask('PUT', `${SKILLS}/50`, { name: 'Sales' })
    const after = await server.services.store.read('skill', { accountId: account, id: '50' })
    expect(after).toMatchObject({
      ttr: { custom: 9 },
      rules: { groups: [], canTransfer: true, fallbackWhenAllAway: true, botAnswerSeconds: 8 },
    })
    expect(Object.keys(after!.rules)).toHaveLength(4)
    expect(bare).toEqual({
      id: 50,
      name: 'Sales',
      deleted: false,
      maxWaitTime: 120,
      lobIds: [],
      skillRoutingConfiguration: [],
      canTransfer: true,
      fallbackWhenAllAgentsAreAway: true,
      dateUpdated: expect.any(String),
    })
  })

  it('[ADM16] that are deleted are taken from users and from other skills', async () => {
    const { ask } = await configurationWorld(server)
    const [gone, stays] = (await ask('POST', SKILLS, [{ name: 'A' }, { name: 'B' }])).body
    const refers = { name: 'B', fallbackSkill: gone.id, skillTransferList: [gone.id] }
    await ask('PUT', `${SKILLS}/${stays.id}`, refers)
    const user = (await ask('POST', USERS, newUser('sam', { skillIds: [gone.id, stays.id] }))).body
    await ask('DELETE', `${SKILLS}/${gone.id}`)
    expect((await ask('GET', `${USERS}/${user.id}`)).body.skillIds).toEqual([stays.id])
    const left = (await ask('GET', `${SKILLS}/${stays.id}`)).body
    expect(left).not.toHaveProperty('fallbackSkill')
    expect(left.skillTransferList).toEqual([])
  })
})

describe('groups', () => {
  it('[ADM17] are a tree below the root that every account has', async () => {
    const { ask } = await configurationWorld(server)
    const root = { id: -1, name: 'Main Group', isEnabled: true, deleted: false }
    expect((await ask('GET', GROUPS)).body).toEqual([root])
    const north = (await ask('POST', GROUPS, { name: 'North' })).body
    expect(north.parentGroupId).toBe(-1)
    const town = (await ask('POST', GROUPS, { name: 'Town', parentGroupId: `${north.id}` })).body
    expect(town.parentGroupId).toBe(north.id)
    const put = (id: number, body: object) => ask('PUT', `${GROUPS}/${id}`, body)
    const circles = [
      await put(north.id, { name: 'North', parentGroupId: town.id }),
      await put(north.id, { name: 'North', parentGroupId: north.id }),
      await put(-1, { name: 'All', parentGroupId: north.id }),
    ]
    for (const { status, body } of circles)
      expect([status, body.error.message]).toEqual([400, expect.stringContaining('parentGroupId')])
    expect((await put(-1, { name: 'Everybody' })).body).toMatchObject({ id: -1, name: 'Everybody' })
    expect((await ask('GET', `${GROUPS}/-1`)).body.name).toBe('Everybody')
    expect((await ask('DELETE', `${GROUPS}/-1`)).status).toBe(400)
  })

  it('[ADM25] are told at login, with their revision', async () => {
    const { ask, account } = await configurationWorld(server)
    const north = (await ask('POST', GROUPS, { name: 'North' })).body
    const agent = await server.agent(account)
    const response = await fetch(`${server.url}/api/account/${account}/login`, {
      method: 'POST',
      body: JSON.stringify({ username: agent.loginName, password: agent.password }),
    })
    const { accountData } = (await response.json()) as { accountData: object }
    expect(accountData).toEqual({
      agentGroupsData: {
        items: [
          { id: -1, deleted: false, name: 'Main Group' },
          { id: north.id, deleted: false, name: 'North' },
        ],
        revision: 2,
      },
    })
  })

  it('[ADM17] tell who is in them, and stay while somebody is', async () => {
    const { ask, agent } = await configurationWorld(server)
    const north = (await ask('POST', GROUPS, { name: 'North' })).body
    const town = (await ask('POST', GROUPS, { name: 'Town', parentGroupId: north.id })).body
    const memberOf = { agentGroupId: town.id }
    const user = (await ask('POST', USERS, newUser('sam', { memberOf }))).body
    const below = async (id: number) =>
      (await ask('GET', `${GROUPS}/${id}/subgroupsAndMembers`)).body
    expect(await below(north.id)).toMatchObject({ subgroups: [{ id: town.id }], members: [] })
    expect(await below(town.id)).toMatchObject({ subgroups: [], members: [{ id: user.id }] })
    expect(await below(-1)).toMatchObject({
      subgroups: [{ id: north.id }],
      members: [{ id: Number(agent.userId) }],
    })
    expect((await ask('GET', `${GROUPS}/99/subgroupsAndMembers`)).status).toBe(404)
    const refused = [
      [await ask('DELETE', `${GROUPS}/${north.id}`), 'subgroups'],
      [await ask('DELETE', `${GROUPS}/${town.id}`), '1 users'],
    ] as const
    for (const [{ status, body }, why] of refused)
      expect([status, body.error.message]).toEqual([400, expect.stringContaining(why)])
    await ask('DELETE', `${USERS}/${user.id}`)
    expect((await ask('DELETE', GROUPS, [north.id, town.id])).status).toBe(200)
  })
})

describe('profiles', () => {
  it('[ADM18] are one per role for every account, and its own, which stay while used', async () => {
    const { ask } = await configurationWorld(server)
    const listed = (await ask('GET', PROFILES)).body as Item[]
    expect(listed).toMatchObject([
      { id: 1, name: 'Administrator', roleTypeId: 1, numOfAssignedUsers: 1 },
      { id: 2, name: 'Agent', roleTypeId: 2, numOfAssignedUsers: 1 },
      { id: 3, name: 'Agent Manager', roleTypeId: 3, numOfAssignedUsers: 1 },
    ])
    const given = {
      name: 'Careful agent',
      description: 'No joining',
      roleTypeId: 2,
      permissions: [100, 1730],
      permissionPackages: [{ id: 20001, isEnabled: false, isDisplayed: true, featureKeys: ['a'] }],
      isAssignedToLPA: false,
    }
    const own = (await ask('POST', PROFILES, given)).body
    expect(own).toMatchObject({ ...given, id: 101, numOfAssignedUsers: 0 })
    const user = (await ask('POST', USERS, newUser('sam', { profileIds: [own.id] }))).body
    const one = `${PROFILES}/${own.id}`
    expect((await ask('GET', one)).body.numOfAssignedUsers).toBe(1)
    const refused = [
      await ask('DELETE', one),
      await ask('PUT', one, { ...given, roleTypeId: 3 }),
      await ask('PUT', `${PROFILES}/2`, given),
      await ask('DELETE', `${PROFILES}/2`),
    ]
    expect(refused.map(({ status }) => status)).toEqual([400, 400, 400, 400])
    expect(refused[0]?.body.error.message).toContain('1 users')
    expect((await ask('PUT', one, { ...given, permissions: [] })).status).toBe(200)
    await ask('DELETE', `${USERS}/${user.id}`)
    expect((await ask('DELETE', one)).status).toBe(200)
  })
})

describe('what is written to be said', () => {
  const canned = (msg: string, more: object = {}) => ({
    data: [{ title: msg, msg, lang: 'en-US', isDefault: true }],
    ...more,
  })

  it('[ADM19] status reasons and automatic messages carry their members', async () => {
    const { ask } = await configurationWorld(server)
    const reason = (await ask('POST', REASONS, { text: 'Lunch', state: 'Back soon' })).body
    expect(reason).toMatchObject({ id: 1, text: 'Lunch', state: 'Back soon', enabled: true })
    const given = {
      messageEventId: 'CHAT_STARTED',
      templateId: 9,
      enabled: false,
      data: [{ msg: 'Welcome', lang: 'en-US', isDefault: true }],
      attributes: [{ name: 'timer', value: '60' }],
    }
    const put = await ask('PUT', `${AUTO}/12`, given)
    expect([put.status, put.body]).toMatchObject([200, { ...given, id: 12, deleted: false }])
    expect((await ask('GET', AUTO)).body).toEqual([put.body])
    await ask('PUT', `${AUTO}/12`, { ...given, enabled: true })
    expect((await ask('GET', `${AUTO}/12`)).body.enabled).toBe(true)
  })

  it('[ADM20] predefined content is filtered by language, skill and id, and grouped', async () => {
    const { ask } = await configurationWorld(server)
    const skill = (await ask('POST', SKILLS, { name: 'Sales' })).body
    const category = (await ask('POST', CATEGORIES, { name: 'Greetings' })).body
    const dutch = { title: 'Hoi', msg: 'Hoi', lang: 'nl-NL', isDefault: false }
    const english = { title: 'Hi', msg: 'Hi', lang: 'en-US', isDefault: true }
    const written = [
      canned('all'),
      canned('sales', { skillIds: [skill.id], categoriesIds: [category.id] }),
      { data: [english, dutch], hotkey: { prefix: 'Ctrl', suffix: '7' } },
    ]
    const [all, sales, both] = (await ask('POST', CANNED, written)).body as [Item, Item, Item]
    expect(both).toMatchObject({ type: 0, enabled: true, hotkey: { prefix: 'Ctrl', suffix: '7' } })
    const ids = async (query: string) =>
      ((await ask('GET', `${CANNED}?${query}`)).body as Item[]).map(({ id }) => id)
    expect(await ids('')).toEqual([all.id, sales.id, both.id])
    expect(await ids(`skill_ids=${skill.id}`)).toEqual([all.id, sales.id, both.id])
    expect(await ids('skill_ids=99')).toEqual([all.id, both.id])
    expect(await ids(`ids=${both.id},${all.id}`)).toEqual([all.id, both.id])
    expect((await ask('GET', `${CANNED}?lang=nl`)).body).toEqual([{ ...both, data: [dutch] }])
    expect(await ids('lang=n')).toEqual([])
    const grouped = await ask('GET', `${CANNED}?group_by=CATEGORIES`)
    expect(grouped.body).toEqual([
      { id: category.id, name: 'Greetings', cannedResponses: [sales] },
      { name: '', cannedResponses: [all, both] },
    ])
    expect((await ask('GET', `${CANNED}?group_by=mood`)).status).toBe(400)
    expect((await ask('GET', `${CANNED}/categories`)).body).toEqual([category])
  })

  it('[ADM21] predefined content that changed since a revision is told, deleted ones too', async () => {
    const { ask } = await configurationWorld(server)
    const [one, two, three] = (await ask('POST', CANNED, [canned('a'), canned('b'), canned('c')]))
      .body as [Item, Item, Item]
    const changed = async (body: object) => {
      const answer = await ask('POST', `${CANNED}/query`, body)
      return [answer.headers.get('ac-revision'), answer.body]
    }
    expect(await changed({ revision: 2 })).toEqual(['2', []])
    const newer = (await ask('PUT', `${CANNED}/${two.id}`, canned('B'))).body
    await ask('DELETE', `${CANNED}/${three.id}`)
    const news = ['4', [newer, { ...three, deleted: true }]]
    expect(await changed({ revision: 2 })).toEqual(news)
    expect(await changed({ type: 0, parameters: [{ site: '1', revision: '2' }] })).toEqual(news)
    expect(await changed({ revision: 3 })).toEqual(['4', [{ ...three, deleted: true }]])
    expect((await changed({}))[1]).toEqual([one, newer, { ...three, deleted: true }])
    expect((await ask('POST', `${CANNED}/query`, { revision: 'x' })).status).toBe(400)
  })

  it('[ADM26] messaging is a granted feature, for whoever is logged in', async () => {
    const { as, agent } = await configurationWorld(server)
    const path = '/provision/featureGrants?v=1.0'
    expect((await as(undefined)('GET', path)).status).toBe(401)
    const { body } = await as(agent.bearer)('GET', path)
    expect(body.appDataList[0].accountList.accountList[0].itemsCollection.data).toEqual([
      { compoundFeatureID: 'Common.Async_Messaging', value: { value: 'true' } },
    ])
  })

  it('[ADM22] what accounts may begin with is there for all', async () => {
    const url = `${server.url}/api/configuration/defaults${CANNED}/`
    const defaults = (await (await fetch(url)).json()) as Item[]
    expect(defaults.length).toBeGreaterThan(2)
    const { ask } = await configurationWorld(server)
    const written = defaults.map(({ id: _, ...rest }) => rest)
    expect((await ask('POST', CANNED, written)).status).toBe(201)
    expect(await (await fetch(`${url}?lang=tlh`)).json()).toEqual([])
  })
})

describe('reasons for declining', () => {
  it('[ADM27] are read by everybody and written by administrators', async () => {
    const world = await configurationWorld(server)
    const { status, body } = await world.ask('POST', DECLINES, { text: 'Not my language' })
    expect(status).toBeLessThan(300)
    expect(body).toMatchObject({ text: 'Not my language', enabled: true })
    const read = await world.as(world.agent.bearer)('GET', DECLINES)
    expect(read.body).toEqual([expect.objectContaining({ text: 'Not my language', enabled: true })])
    const written = await world.as(world.manager.bearer)('POST', DECLINES, { text: 'Mine' })
    expect(written.status).toBe(403)
    expect((await world.ask('POST', DECLINES, { text: 'x'.repeat(257) })).status).toBe(400)
    expect((await world.ask('POST', DECLINES, { text: 'Away', state: 'Away' })).status).toBe(400)
  })
})
