/** What all collections of configuration have in common. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AgentRole } from '../src/domain/account.ts'
import { administrationRights, mayAdminister } from '../src/domain/administration-rights.ts'
import type { ConfigurationCollection } from '../src/domain/configuration.ts'
import { sqliteStore } from '../src/store/sqlite/sqlite-store.ts'
import { ManualClock } from '../src/testing/manual-clock.ts'
import { type TestServer, testServer } from '../src/testing/test-server.ts'
import {
  AUTO,
  CANNED,
  CATEGORIES,
  type ConfigurationWorld,
  configurationWorld,
  DECLINES,
  GROUPS,
  LOBS,
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

const paths: Readonly<Partial<Record<ConfigurationCollection, string>>> = {
  users: USERS,
  skills: SKILLS,
  groups: GROUPS,
  profiles: PROFILES,
  lobs: LOBS,
  'status-reasons': REASONS,
  'decline-reasons': DECLINES,
  'canned-responses': CANNED,
  'canned-categories': CATEGORIES,
  'auto-messages': AUTO,
}
const served = Object.entries(paths) as [ConfigurationCollection, string][]

/** Something that each collection takes. */
const samples: Readonly<Record<string, object>> = {
  users: newUser('sam'),
  skills: { name: 'Sales' },
  groups: { name: 'North' },
  profiles: {
    name: 'Helper',
    roleTypeId: 2,
    permissions: [7],
    permissionPackages: [{ id: 20017, isEnabled: false }],
    isAssignedToLPA: false,
  },
  lobs: { name: 'Retail', description: 'Shops' },
  'status-reasons': { text: 'Lunch', state: 'Away' },
  'decline-reasons': { text: 'Not my language' },
  'canned-responses': { data: [{ title: 'Hi', msg: 'Hello!', lang: 'en-US' }] },
  'canned-categories': { name: 'Greetings' },
  'auto-messages': { messageEventId: 'CHAT_STARTED', data: [{ msg: 'Welcome', lang: 'en-US' }] },
}

const sampleOf = (collection: string): object => samples[collection] as object

describe('access to configuration', () => {
  it.each(served)('[ADM1] %s need a bearer of the account, or the token', async (_name, path) => {
    const world = await configurationWorld(server)
    const foreign = await configurationWorld(server)
    const bearers = [undefined, '', 'nonsense', foreign.administrator.bearer, world.agent.csrf]
    for (const bearer of bearers)
      for (const method of ['GET', 'POST', 'PUT', 'DELETE']) {
        const body = method === 'GET' ? undefined : {}
        const answer = await world.as(bearer)(method, path, body)
        expect(answer.status).toBe(401)
        expect(answer.body).toEqual({
          error: {
            time: expect.any(String),
            message: expect.any(String),
            internalCode: 401,
            responseStatus: 'UNAUTHORIZED',
            code: 'not_authenticated',
          },
          internalCode: 401,
        })
      }
    const token = server.running.adminToken
    expect((await world.as(token)('GET', path)).status).toBe(200)
    expect((await world.as(token, 'nobody')('GET', path)).status).toBe(404)
  })

  const roles: readonly AgentRole[] = ['agent', 'manager', 'administrator']

  it.each(served)('[ADM2] each role reads and writes %s as the table says', async (name, path) => {
    const world = await configurationWorld(server)
    for (const role of roles) {
      const ask = world.as(world[role].bearer)
      const { read, write } = administrationRights[name]
      expect((await ask('GET', path)).status).toBe(read[role] ? 200 : 403)
      const revision = () =>
        server.services.store.read('configurationRevision', {
          accountId: world.account,
          collection: name,
        })
      const before = await revision()
      const made = await ask('POST', path, sampleOf(name))
      expect(made.status, made.body?.error?.message).toBe(write[role] ? 201 : 403)
      if (write[role]) await ask('DELETE', `${path}/${made.body.id}`)
      else {
        expect((await ask('PUT', path, sampleOf(name))).status).toBe(403)
        expect((await ask('DELETE', `${path}/1`)).status).toBe(403)
        expect(await revision()).toBe(before)
      }
    }
  })

  it('[ADM2] no roles allow nothing, several allow what one of them does', () => {
    for (const [name] of served)
      for (const access of ['read', 'write'] as const) {
        expect(mayAdminister([], name, access)).toBe(false)
        expect(mayAdminister(['agent', 'administrator'], name, access)).toBe(true)
      }
  })

  it('[ADM2] agents see of colleagues what the workspace shows, and all of themselves', async () => {
    const { ask, as, agent, manager, administrator } = await configurationWorld(server)
    const listed = (await as(agent.bearer)('GET', `${USERS}?select=$all`)).body
    const byId = (id: string) =>
      listed.find((one: { id: number }) => one.id === Number(id)) as Record<string, unknown>
    expect(byId(agent.userId)).toMatchObject({
      loginName: agent.loginName,
      email: expect.anything(),
    })
    expect(byId(manager.userId)).toMatchObject({ nickname: expect.any(String), pid: manager.id })
    for (const secret of ['loginName', 'email', 'profileIds', 'managerOf', 'lastPwdChangeDate'])
      expect(byId(manager.userId)).not.toHaveProperty(secret)
    const one = await as(agent.bearer)(
      'GET',
      `${USERS}/${administrator.userId}?select=loginName,id`,
    )
    expect(one.body).toEqual({ id: Number(administrator.userId) })
    const whole = (await ask('GET', `${USERS}/${agent.userId}`)).body
    expect((await as(manager.bearer)('GET', `${USERS}/${agent.userId}`)).body).toEqual(whole)
  })
})

describe('a collection', () => {
  it.each(served)('[ADM3] %s are created, read, replaced and deleted', async (name, path) => {
    const { ask } = await configurationWorld(server)
    const created = await ask('POST', `${path}?v=4.0`, sampleOf(name))
    expect(created.status).toBe(201)
    const { id } = created.body
    expect(id).toEqual(expect.any(Number))
    expect(created.headers.get('location')).toMatch(new RegExp(`${path}/${id}$`))
    const one = `${path}/${id}`
    expect((await ask('GET', one)).body).toMatchObject({ id, deleted: false })
    const listed = (await ask('GET', path)).body as { id: number }[]
    expect(listed).toContainEqual(created.body)
    expect(listed.map((item) => item.id)).toEqual(
      listed.map((item) => item.id).toSorted((a, b) => a - b),
    )
    // What was read can be sent again, with its id as text too.
    const again = await ask('PUT', one, {
      ...(await ask('GET', `${one}?select=$all`)).body,
      id: `${id}`,
    })
    expect([again.status, again.body]).toEqual([200, created.body])
    expect(JSON.stringify(listed)).not.toContain('null')
    const deleted = await ask('DELETE', one)
    expect([deleted.status, deleted.body]).toMatchObject([200, { id, deleted: true }])
    for (const [method, body] of [['GET'], ['PUT', sampleOf(name)], ['DELETE']] as const) {
      // An automatic message is written to its place, whether there was one or not.
      if (method === 'PUT' && name === 'auto-messages') continue
      const answer = await ask(method, one, body)
      expect([answer.status, answer.body.error.message]).toEqual([
        404,
        expect.stringContaining(`${id}`),
      ])
    }
  })

  it.each(served)('[ADM4] %s are written in bulk, all or none', async (name, path) => {
    const { ask } = await configurationWorld(server)
    const named = (n: number) =>
      name === 'users' ? newUser(`sam${n}`) : name === 'skills' ? { name: `S${n}` } : sampleOf(name)
    const made = await ask('POST', path, [named(1), named(2)])
    expect(made.status).toBe(201)
    const ids = made.body.map((item: { id: number }) => item.id)
    const before = (await ask('GET', path)).body
    const halves = [
      await ask('POST', path, [named(3), {}]),
      await ask('PUT', path, [{ ...named(4), id: ids[0] }, { id: ids[1] }]),
      await ask('PUT', path, [
        { ...named(4), id: ids[0] },
        { ...named(5), id: ids[0] },
      ]),
      await ask('DELETE', path, [ids[0], 987654]),
      await ask('POST', path, []),
    ]
    expect(halves.map(({ status }) => status)).toEqual([400, 400, 400, 404, 400])
    expect(halves[0]?.body.error.message).toMatch(/^\[1\]\.\w+ is missing/)
    expect((await ask('GET', path)).body).toEqual(before)
    const replaced = await ask('PUT', path, made.body)
    expect([replaced.status, replaced.body]).toEqual([200, made.body])
    expect((await ask('DELETE', `${path}?ids=${ids[0]}`)).status).toBe(200)
    expect((await ask('DELETE', path, [{ id: ids[1] }])).status).toBe(200)
    const left = (await ask('GET', path)).body as { id: number }[]
    expect(left.some(({ id }) => ids.includes(id))).toBe(false)
    const all = (await ask('GET', `${path}?include_deleted=true`)).body as { id: number }[]
    for (const id of ids) expect(all).toContainEqual(expect.objectContaining({ id, deleted: true }))
  })

  it.each(served)('[ADM5] %s have a revision that grows by each change', async (name, path) => {
    const { ask } = await configurationWorld(server)
    const first = await ask('GET', path)
    const revision = Number(first.headers.get('ac-revision'))
    expect(first.headers.get('etag')).toBe(`"${revision}"`)
    const match = (value: string | number) => ({ 'if-match': String(value) })
    const unchanged = await ask('GET', path, undefined, match(revision))
    expect([unchanged.status, unchanged.body]).toEqual([304, undefined])
    for (const value of [-1, '*', revision - 1, `"${revision + 1}"`])
      expect((await ask('GET', path, undefined, match(value))).status).toBe(200)
    const refused = await ask('POST', path, sampleOf(name), match(revision + 1))
    expect([refused.status, refused.body.error.message]).toEqual([
      412,
      expect.stringContaining(String(revision)),
    ])
    const made = await ask('POST', path, sampleOf(name), match(`"${revision}"`))
    expect(made.headers.get('ac-revision')).toBe(String(revision + 1))
    const one = `${path}/${made.body.id}`
    const body = sampleOf(name)
    expect((await ask('PUT', one, body, match(revision))).status).toBe(412)
    expect((await ask('PUT', one, body, match(-1))).headers.get('etag')).toBe(`"${revision + 2}"`)
    expect((await ask('DELETE', one, undefined, match(revision))).status).toBe(412)
    expect((await ask('GET', one)).status).toBe(200)
    await ask('DELETE', one, undefined, match(revision + 2))
    const last = await ask('GET', path, undefined, match(revision + 2))
    expect([last.status, last.headers.get('ac-revision')]).toEqual([200, String(revision + 3)])
    const odd = await ask('DELETE', one, undefined, match('yesterday'))
    expect([odd.status, odd.body.error.message]).toEqual([400, expect.stringContaining('If-Match')])
  })

  it('[ADM5] the revision goes on after a restart', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ringdown-configuration-'))
    const run = async (act: (world: TestServer) => Promise<void>) => {
      const file = join(folder, 'store.db')
      await using store = await sqliteStore({ file, hosting: 'inline', epoch: 'e' })
      await using open = await testServer({ store })
      await act(open)
    }
    let world: ConfigurationWorld | undefined
    await run(async (open) => {
      world = await configurationWorld(open)
      await world.ask('POST', GROUPS, [{ name: 'a' }, { name: 'b' }])
      await world.ask('POST', GROUPS, { name: 'c' })
    })
    await run(async (open) => {
      const url = `${open.url}/api/account/${world?.account}/configuration${GROUPS}`
      const headers = { authorization: `Bearer ${world?.administrator.bearer}` }
      const listed = await fetch(url, { headers })
      expect(listed.headers.get('ac-revision')).toBe('3')
      const made = await fetch(url, { method: 'POST', headers, body: '{"name":"d"}' })
      expect(made.headers.get('ac-revision')).toBe('4')
      expect(await made.json()).toMatchObject({ id: 4 })
    })
    await rm(folder, { recursive: true })
  })
})

describe('what clients may ask for', () => {
  it('[ADM7] select picks members, also inside of others, and $all shows names', async () => {
    const { ask } = await configurationWorld(server)
    const skill = (await ask('POST', SKILLS, { name: 'Sales' })).body
    const user = (await ask('POST', USERS, newUser('sam', { skillIds: [skill.id] }))).body
    const one = async (select: string) =>
      (await ask('GET', `${USERS}/${user.id}?select=${encodeURIComponent(select)}`)).body
    expect(user).not.toHaveProperty('skills')
    expect(await one('id,nickname,nothing')).toEqual({ id: user.id, nickname: 'sam' })
    expect(await one('skills(name),profiles(id,roleTypeId)')).toEqual({
      skills: [{ name: 'Sales' }],
      profiles: [{ id: 2, roleTypeId: 2 }],
    })
    expect(await one('$all')).toMatchObject({
      ...user,
      skills: [{ id: skill.id, name: 'Sales' }],
      profiles: [{ id: 2, name: 'Agent', roleTypeId: 2 }],
    })
    for (const wrong of ['a(', ')', '(a)', 'a;b', 'a(b(c(d(e(f(g))))))']) {
      const answer = await ask('GET', `${USERS}?select=${encodeURIComponent(wrong)}`)
      expect([answer.status, answer.body.error.message], wrong).toEqual([
        400,
        expect.stringContaining('select'),
      ])
    }
  })

  it('[ADM7] a write with a bad select writes nothing; with a good one it answers so', async () => {
    const { ask } = await configurationWorld(server)
    expect((await ask('POST', `${GROUPS}?select=(`, { name: 'a' })).status).toBe(400)
    expect((await ask('GET', GROUPS)).body).toHaveLength(1)
    const made = await ask('POST', `${GROUPS}?select=name`, { name: 'a' })
    expect([made.body, made.headers.get('location')]).toEqual([
      { name: 'a' },
      expect.stringMatching(/agentGroups\/1$/),
    ])
  })

  it('[ADM8] X-HTTP-Method-Override says what a POST means', async () => {
    const { ask } = await configurationWorld(server)
    const as = (method: string) => ({ 'x-http-method-override': method })
    const made = (await ask('POST', GROUPS, { name: 'a' })).body
    const one = `${GROUPS}/${made.id}`
    expect((await ask('POST', one, { name: 'b' }, as('put'))).body).toMatchObject({ name: 'b' })
    expect((await ask('PUT', one, { name: 'c' }, as('PUT'))).body).toMatchObject({ name: 'c' })
    const bulk = await ask('POST', GROUPS, [{ id: made.id, name: 'd' }], as('PUT'))
    expect([bulk.status, bulk.body]).toMatchObject([200, [{ name: 'd' }]])
    expect((await ask('POST', one, {}, as('DELETE'))).body).toMatchObject({ deleted: true })
    expect((await ask('GET', one)).status).toBe(404)
    const odd = await ask('POST', GROUPS, {}, as('BREW'))
    expect([odd.status, odd.body.error.message]).toEqual([400, expect.stringContaining('Override')])
    expect((await ask('POST', one, {})).status).toBe(400)
  })

  it.each<[string, unknown, string]>([
    [GROUPS, '{', 'JSON'],
    [GROUPS, '"a"', 'object'],
    [GROUPS, { name: 7 }, 'name'],
    [GROUPS, { name: 'a', nome: 'b' }, 'nome'],
    [GROUPS, { name: 'a', id: 'x' }, 'id'],
    [GROUPS, { name: 'a', parentGroupId: 99 }, 'parentGroupId'],
    [GROUPS, '{"name":"a","__proto__":{"x":1}}', '__proto__'],
    [PROFILES, { name: 'a' }, 'roleTypeId'],
    [PROFILES, { ...samples['profiles'], roleTypeId: 6 }, 'roleTypeId'],
    [PROFILES, { ...samples['profiles'], permissions: ['a'] }, 'permissions[0]'],
    [PROFILES, { ...samples['profiles'], permissionPackages: [{ id: 1 }] }, 'isEnabled'],
    [REASONS, { text: 'a', state: 'Asleep' }, 'state'],
    [CANNED, { data: [] }, 'data'],
    [CANNED, { data: [{ msg: 'a', lang: '?' }] }, 'data[0].lang'],
    [CANNED, { data: [{ msg: 'a', lang: 'en' }], skillIds: [5] }, 'skillIds'],
    [CANNED, { data: [{ msg: 'a', lang: 'en' }], categoriesIds: [5] }, 'categoriesIds'],
    [CANNED, { data: [{ msg: 'x'.repeat(16385), lang: 'en' }] }, 'data[0].msg'],
    [AUTO, { messageEventId: 'a b', data: [] }, 'messageEventId'],
    [SKILLS, { name: '' }, 'name'],
    [SKILLS, { name: 'a', fallbackSkill: 5 }, 'fallbackSkill'],
    [SKILLS, { name: 'a', id: 3, fallbackSkill: 3 }, 'fallbackSkill'],
    [SKILLS, { name: 'a', skillTransferList: [9] }, 'skillTransferList'],
    [SKILLS, { name: 'a', skillRoutingConfiguration: [{ agentGroupId: 9 }] }, 'group 9'],
    [SKILLS, { name: 'a', slaDefaultResponseTime: '60' }, 'slaDefaultResponseTime'],
    [SKILLS, { name: 'a', id: 0 }, 'id'],
    [USERS, { ...newUser('a'), email: undefined }, 'email'],
    [USERS, newUser('a', { profileIds: [] }), 'profileIds'],
    [USERS, newUser('a', { profileIds: [9] }), 'profileIds'],
    [USERS, newUser('a', { skillIds: ['9'] }), 'skillIds'],
    [USERS, newUser('a', { memberOf: { agentGroupId: 9 } }), 'memberOf'],
    [USERS, newUser('a', { passwordSh: 'short' }), 'passwordSh'],
    [USERS, newUser('a', { isApiUser: true, passwordSh: 'long enough' }), 'passwordSh'],
    [USERS, newUser('a', { roles: ['administrator'] }), 'roles'],
    [USERS, newUser('a', { id: -1 }), 'id'],
  ])('[ADM9] %s refuses %j by naming %s', async (path, body, name) => {
    const { ask } = await configurationWorld(server)
    const answer = await ask('POST', path, body)
    expect(answer.status).toBe(400)
    expect(answer.body.error.message).toContain(name)
  })
})
