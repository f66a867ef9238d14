/** Users and their passwords. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestServer, testServer } from '../src/testing/test-server.ts'
import {
  type ConfigurationWorld,
  configurationWorld,
  GROUPS,
  newUser,
  PROFILES,
  SKILLS,
  USERS,
} from './configuration-world.ts'
import { consumerOf, open } from './given.ts'

let server: TestServer
beforeAll(async () => {
  server = await testServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const PASSWORD = 'a long and good password'

const login = (account: string, username: string, password: string) =>
  fetch(`${server.url}/api/account/${account}/login`, {
    method: 'POST',
    body: JSON.stringify({ username, password }),
  })

const isLiveBearer = async ({ as }: ConfigurationWorld, bearer: string): Promise<boolean> =>
  (await as(bearer)('GET', SKILLS)).status === 200

describe('a user', () => {
  it('[ADM10] carries all members, and gives back what nothing acts on', async () => {
    const { ask, account } = await configurationWorld(server)
    const skill = (await ask('POST', SKILLS, { name: 'Sales' })).body
    const group = (await ask('POST', GROUPS, { name: 'North' })).body
    const kept = {
      maxChats: 3,
      lobIds: [4],
      permissionGroups: [5],
      allowedAppKeys: 'key',
      description: 'Speaks Dutch',
      mobileNumber: '+31 6',
      employeeId: 'E7',
      pictureUrl: 'https://pictures.example/7.png',
      backgndImgUri: 'https://pictures.example/b.png',
      pnCertName: 'cert',
      changePwdNextLogin: true,
      disabledManually: false,
    }
    const given = newUser('sam', {
      id: '4711',
      passwordSh: PASSWORD,
      maxAsyncChats: 6,
      skillIds: [String(skill.id)],
      profileIds: ['2', 3],
      memberOf: { agentGroupId: String(group.id), assignmentDate: '2020-01-01 00:00:00' },
      managerOf: [{ agentGroupId: group.id }],
      userTypeId: 1,
      ...kept,
    })
    const { body: user } = await ask('POST', USERS, given)
    const { passwordSh: _, ...visible } = given
    expect(user).toEqual({
      ...visible,
      id: 4711,
      pid: expect.any(String),
      deleted: false,
      skillIds: [skill.id],
      profileIds: [2, 3],
      memberOf: { agentGroupId: group.id, assignmentDate: '2020-01-01 00:00:00' },
      managerOf: [{ agentGroupId: group.id, assignmentDate: expect.stringMatching(/^\d{4}-/) }],
      isApiUser: false,
      dateCreated: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
      dateUpdated: expect.any(String),
      lastPwdChangeDate: expect.any(String),
    })
    const agent = await server.services.store.read('agent', { accountId: account, userId: '4711' })
    expect(agent).toMatchObject({
      roles: ['agent', 'manager'],
      capacity: 6,
      skillIds: [String(skill.id)],
      groupId: String(group.id),
      managedGroupIds: [String(group.id)],
      profileIds: [],
      isBot: false,
    })
    expect((await login(account, 'sam', PASSWORD)).status).toBe(200)
    const bot = (await ask('POST', USERS, newUser('bot', { userTypeId: 2 }))).body
    const { userId } = { userId: String(bot.id) }
    const stored = await server.services.store.read('agent', { accountId: account, userId })
    expect([bot.userTypeId, stored?.isBot]).toEqual([2, true])
  })

  it('[ADM10] is replaced as a whole: what is left out is cleared', async () => {
    const { ask } = await configurationWorld(server)
    const skill = (await ask('POST', SKILLS, { name: 'Sales' })).body
    const more = { maxAsyncChats: 4, skillIds: [skill.id], description: 'x', maxChats: 2 }
    const { body: user } = await ask('POST', USERS, newUser('sam', more))
    const one = `${USERS}/${user.id}`
    const { body: after } = await ask('PUT', one, newUser('sam', { nickname: 'Sammy' }))
    for (const gone of ['maxAsyncChats', 'description', 'maxChats'])
      expect(after).not.toHaveProperty(gone)
    expect(after).toMatchObject({ nickname: 'Sammy', skillIds: [], pid: user.pid })
    const { body: byDefault } = await ask('PUT', one, newUser('sam', { maxAsyncChats: null }))
    expect(byDefault).not.toHaveProperty('maxAsyncChats')
    const taken = await ask('POST', USERS, newUser('sam'))
    expect([taken.status, taken.body.error.code]).toEqual([400, 'already_exists'])
    const elsewhere = await ask('PUT', one, { ...newUser('sam'), id: 5 })
    expect([elsewhere.status, elsewhere.body.error.message]).toEqual([
      400,
      expect.stringContaining('id'),
    ])
  })

  it('[ADM11] loses what belongs to the roles that it loses', async () => {
    const { ask, account } = await configurationWorld(server)
    const skill = (await ask('POST', SKILLS, { name: 'Sales' })).body
    const group = (await ask('POST', GROUPS, { name: 'North' })).body
    const place = { agentGroupId: group.id }
    const both = newUser('sam', {
      profileIds: [2, 3],
      maxChats: 1,
      maxAsyncChats: 2,
      skillIds: [skill.id],
      memberOf: place,
      managerOf: [place],
    })
    const { body: user } = await ask('POST', USERS, both)
    const put = async (profileIds: readonly number[]) =>
      (await ask('PUT', `${USERS}/${user.id}`, { ...both, profileIds })).body
    const manager = await put([3])
    expect(manager).toMatchObject({ skillIds: [], managerOf: [place] })
    for (const gone of ['maxChats', 'maxAsyncChats', 'memberOf'])
      expect(manager).not.toHaveProperty(gone)
    expect(await put([2])).toMatchObject({
      maxChats: 1,
      maxAsyncChats: 2,
      skillIds: [skill.id],
      memberOf: place,
      managerOf: [],
    })
    expect(await put([1])).toMatchObject({ profileIds: [1] })
    const userId = String(user.id)
    const agent = await server.services.store.read('agent', { accountId: account, userId })
    expect(agent?.roles).toEqual(['administrator'])
  })

  it('[ADM11] has the role of its profiles, the built-in one where it has no other', async () => {
    const { ask, account, agent } = await configurationWorld(server)
    const profile = (
      await ask('POST', PROFILES, {
        name: 'Careful manager',
        roleTypeId: 3,
        permissions: [],
        permissionPackages: [],
        isAssignedToLPA: false,
      })
    ).body
    const { body: user } = await ask('POST', USERS, newUser('sam', { profileIds: [2, profile.id] }))
    expect(user.profileIds).toEqual([2, profile.id])
    const userId = String(user.id)
    const stored = await server.services.store.read('agent', { accountId: account, userId })
    expect([stored?.roles, stored?.profileIds]).toEqual([
      ['agent', 'manager'],
      [String(profile.id)],
    ])
    expect((await ask('GET', `${USERS}/${agent.userId}`)).body.profileIds).toEqual([2])
  })

  it('[ADM12] that is for an API has no password, and loses the one it had', async () => {
    const { ask, account } = await configurationWorld(server)
    const { body: user } = await ask('POST', USERS, newUser('sam', { passwordSh: PASSWORD }))
    const api = await ask('PUT', `${USERS}/${user.id}`, newUser('sam', { isApiUser: true }))
    expect(api.body).toMatchObject({ isApiUser: true, userTypeId: 2 })
    const at = { accountId: account, userId: String(user.id) }
    expect(await server.services.store.read('passwordHash', at)).toBeUndefined()
    expect((await login(account, 'sam', PASSWORD)).status).toBe(401)
    const reset = await ask('PUT', `${USERS}/${user.id}/resetPassword`, { newPassword: PASSWORD })
    expect([reset.status, reset.body.error.message]).toEqual([400, expect.stringContaining('API')])
    const bare = await ask('POST', USERS, newUser('tom'))
    expect((await login(account, 'tom', '')).status).not.toBe(200)
    expect(
      (await ask('PUT', `${USERS}/${bare.body.id}/resetPassword`, { newPassword: PASSWORD }))
        .status,
    ).toBe(200)
    expect((await login(account, 'tom', PASSWORD)).status).toBe(200)
  })

  it('[ADM6] that is disabled, deleted or loses a role loses its sessions at once', async () => {
    const world = await configurationWorld(server)
    const { ask, account } = world
    const acts = [
      (id: string, name: string) =>
        ask('PUT', `${USERS}/${id}`, { ...newUser(name), isEnabled: false }),
      (id: string, name: string) =>
        ask('PUT', `${USERS}/${id}`, newUser(name, { profileIds: [3] })),
      (id: string, name: string) =>
        ask('PUT', `${USERS}/${id}`, newUser(name, { passwordSh: PASSWORD })),
      (id: string) => ask('DELETE', `${USERS}/${id}`),
    ]
    for (const act of acts) {
      const { userId, loginName, bearer } = await server.agent(account)
      await using socket = await server.agentSocket(account, bearer)
      expect((await ask('PUT', `${USERS}/${userId}`, newUser(loginName))).status).toBe(200)
      expect(await isLiveBearer(world, bearer)).toBe(true)
      // Refused by the revision: nothing has happened.
      const stale = { 'if-match': '1' }
      expect((await ask('DELETE', `${USERS}/${userId}`, undefined, stale)).status).toBe(412)
      expect(await isLiveBearer(world, bearer)).toBe(true)
      expect((await act(userId, loginName)).status).toBe(200)
      expect(await socket.closed).toMatchObject({ code: 4401 })
      expect(await isLiveBearer(world, bearer)).toBe(false)
    }
  })

  it('[ADM6] that gets a skill is rung for it at once', async () => {
    const { ask, account } = await configurationWorld(server)
    const skill = (await ask('POST', SKILLS, { name: 'Sales' })).body
    const other = (await ask('POST', SKILLS, { name: 'Other' })).body
    const { userId, loginName, bearer } = await server.agent(account, {
      skillIds: [String(other.id)],
    })
    await using socket = await server.agentSocket(account, bearer, '3')
    await socket.request('routing.SubscribeRoutingTasks', { channelType: 'MESSAGING' })
    await socket.request('routing.SetAgentState', { availability: 'ONLINE' })
    await using consumer = await consumerOf(server, account)
    await open(consumer, { skillId: String(skill.id) })
    const rung = socket.next((frame) => JSON.stringify(frame).includes('"ringState":"WAITING"'))
    await ask('PUT', `${USERS}/${userId}`, newUser(loginName, { skillIds: [skill.id] }))
    expect(JSON.stringify(await rung)).toContain(`"skillId":"${skill.id}"`)
  })
})

describe('passwords', () => {
  it('[ADM13] are changed by their users, who prove the old one, and end all sessions', async () => {
    const world = await configurationWorld(server)
    const { account, agent, manager, as } = world
    const own = `${USERS}/${agent.userId}/changePassword`
    const body = {
      oldPassword: agent.password,
      newPassword: PASSWORD,
      confirmPassword: PASSWORD,
    }
    const refused = [
      [await as(agent.bearer)('PUT', own, { ...body, oldPassword: 'wrong' }), 403, 'oldPassword'],
      [
        await as(agent.bearer)('PUT', own, { ...body, confirmPassword: 'x' }),
        400,
        'confirmPassword',
      ],
      [await as(agent.bearer)('PUT', own, { ...body, newPassword: 'short' }), 400, 'newPassword'],
      [await as(agent.bearer)('PUT', own, {}), 400, 'newPassword'],
      [await as(manager.bearer)('PUT', own, body), 403, 'themselves'],
      [await world.ask('PUT', own, body), 403, 'reset'],
      [await as(undefined)('PUT', own, body), 401, 'bearer'],
    ] as const
    for (const [answer, status, name] of refused)
      expect([answer.status, answer.body.error.message]).toEqual([
        status,
        expect.stringContaining(name),
      ])
    expect(await isLiveBearer(world, agent.bearer)).toBe(true)
    const changed = await as(agent.bearer)('PUT', own, body)
    expect([changed.status, changed.body]).toEqual([200, {}])
    expect(await isLiveBearer(world, agent.bearer)).toBe(false)
    expect((await login(account, agent.loginName, agent.password)).status).toBe(401)
    expect((await login(account, agent.loginName, PASSWORD)).status).toBe(200)
  })

  it('[ADM13] are reset by administrators alone', async () => {
    const world = await configurationWorld(server)
    const { ask, account, agent, manager, as } = world
    const path = `${USERS}/${agent.userId}/resetPassword`
    for (const { bearer } of [agent, manager])
      expect((await as(bearer)('PUT', path, { newPassword: PASSWORD })).status).toBe(403)
    const other = await configurationWorld(server)
    const foreign = as(other.administrator.bearer)
    expect((await foreign('PUT', path, { newPassword: PASSWORD })).status).toBe(401)
    expect((await login(account, agent.loginName, agent.password)).status).toBe(200)
    const reset = await ask('PUT', path, { newPassword: PASSWORD })
    expect([reset.status, JSON.stringify(reset.body)]).toEqual([200, '{}'])
    expect(await isLiveBearer(world, agent.bearer)).toBe(false)
    expect((await login(account, agent.loginName, PASSWORD)).status).toBe(200)
  })

  it('[ADM12] are in no answer and in no list', async () => {
    const { ask } = await configurationWorld(server)
    const made = await ask('POST', `${USERS}?select=$all`, newUser('sam', { passwordSh: PASSWORD }))
    const listed = await ask('GET', `${USERS}?select=$all,passwordSh,passwordHash`)
    for (const { body } of [made, listed])
      expect(JSON.stringify(body)).not.toMatch(/passwordSh|good password|scrypt/)
    const many = Array.from({ length: 51 }, (_, n) => newUser(`u${n}`, { passwordSh: PASSWORD }))
    const refused = await ask('POST', USERS, many)
    expect([refused.status, refused.body.error.message]).toEqual([
      400,
      expect.stringContaining('50'),
    ])
  })
})

describe('the public profile', () => {
  it('[ADM14] has picture and employee id, needs no bearer, and is asked for by public id', async () => {
    const { ask, as } = await configurationWorld(server)
    const more = { pictureUrl: 'https://pictures.example/1.png', employeeId: 'E1' }
    const { body: user } = await ask('POST', USERS, newUser('sam', more))
    const shown = await as(undefined)('GET', `${USERS}/${user.pid}`)
    expect(shown.body).toEqual({
      id: String(user.id),
      pid: user.pid,
      nickname: 'sam',
      fullName: 'sam Lima',
      ...more,
    })
    expect(shown.headers.get('access-control-allow-origin')).toBe('*')
    expect((await as(undefined)('GET', `${USERS}/${user.id}`)).status).toBe(401)
    await ask('DELETE', `${USERS}/${user.id}`)
    expect((await as(undefined)('GET', `${USERS}/${user.pid}`)).status).toBe(404)
  })
})
