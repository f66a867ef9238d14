/** Who changed what by administration, as the server tells the holder of its token. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { AuditEntry } from '../src/domain/audit.ts'
import type { AuditPage } from '../src/rest/admin/audit.ts'
import { ManualClock } from '../src/testing/manual-clock.ts'
import { type TestServer, testServer } from '../src/testing/test-server.ts'
import { configurationWorld, newUser, SKILLS, USERS } from './configuration-world.ts'

const DAY = 24 * 60 * 60 * 1000
let server: TestServer
const clock = new ManualClock()

beforeAll(async () => {
  server = await testServer({ clock, limits: { auditDays: 2 } })
})
afterAll(() => server[Symbol.asyncDispose]())

const administer = async (method: string, path: string, body?: object) => {
  const response = await fetch(server.url + path, {
    method,
    headers: { authorization: `Bearer ${server.running.adminToken}` },
    ...(body && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
}

const inAccount = (account: string, path: string) => `/api/account/${account}/ringdown/v1/${path}`

const auditOf = async (account: string, query = ''): Promise<AuditPage> =>
  (await administer('GET', `${inAccount(account, 'audit')}${query}`)).body

const told = ({ by, action, subjects, fields }: AuditEntry) => [by, action, subjects, fields]

it('[AG53] notes what the token and what administrators change, and no value', async () => {
  const { ask, account, administrator, agent, as } = await configurationWorld(server)
  const before = (await auditOf(account)).entries.length
  const password = 'a very good password'
  const agents = inAccount(account, 'agents')
  const { body: made } = await administer('POST', agents, { loginName: 'kim', password })
  const own = `${agents}/${made.userId}`
  await administer('PATCH', own, { nickname: 'Kimberley', password: `${password}!` })
  await administer('PATCH', inAccount(account, 'settings'), { maxOpenConversations: 7 })
  const { body: user } = await ask('POST', USERS, newUser('sam', { passwordSh: password }))
  const { body: skill } = await ask('POST', SKILLS, { name: 'Sales' })
  await ask('DELETE', `${SKILLS}/${skill.id}`)
  await as(agent.bearer)('PUT', `${USERS}/${agent.userId}/changePassword`, {
    oldPassword: agent.password,
    newPassword: password,
    confirmPassword: password,
  })
  await administer('DELETE', own)
  const { entries } = await auditOf(account)
  const token = 'administration-token'
  expect(
    entries
      .slice(0, entries.length - before)
      .map(told)
      .toReversed(),
  ).toEqual([
    [token, 'createAgent', [made.userId], []],
    [token, 'updateAgent', [made.userId], ['nickname', 'password']],
    [token, 'updateAccount', [account], ['settings.maxOpenConversations']],
    [administrator.userId, 'saveAgents', [String(user.id)], ['password']],
    [administrator.userId, 'saveSkills', [String(skill.id)], []],
    [administrator.userId, 'deleteSkills', [String(skill.id)], []],
    [agent.userId, 'updateAgent', [agent.userId], ['password', 'details']],
    [token, 'deleteAgents', [made.userId], []],
  ])
  expect(entries[0]).toMatchObject({ accountId: account, at: clock.now(), from: '127.0.0.1' })
  expect(JSON.stringify(entries)).not.toMatch(/good password|scrypt|Kimberley/)
})

it('[AG53] notes keys of accounts and of the server, without their secrets', async () => {
  const { id: account } = await server.account()
  const { body: key } = await administer('POST', inAccount(account, 'app-keys'))
  await administer('DELETE', inAccount(account, `app-keys/${key.appKey}`))
  const { entries } = await auditOf(account, '?limit=2')
  expect(entries.map(told)).toEqual([
    ['administration-token', 'revokeAppKey', [key.appKey], []],
    ['administration-token', 'createAppKey', [key.appKey], []],
  ])
  const { body: signing } = await administer('POST', '/ringdown/v1/keys/rotate')
  const { body: all } = await administer('GET', '/ringdown/v1/audit?limit=2')
  expect(all.entries.map(told)).toEqual(
    expect.arrayContaining([
      ['administration-token', 'saveKey', [signing.kid], ['state=active']],
      ['administration-token', 'saveKey', [expect.any(String)], ['state=retired']],
    ]),
  )
  expect(JSON.stringify(all)).not.toContain(key.secret)
})

it('[AG53] what was refused is not noted', async () => {
  const { ask, account } = await configurationWorld(server)
  const before = await auditOf(account)
  expect((await ask('DELETE', `${SKILLS}/4711`)).status).toBe(404)
  expect((await administer('PATCH', inAccount(account, 'agents/4711'), {})).status).toBe(404)
  expect(await auditOf(account)).toEqual(before)
})

it('[AG54] [AG55] is read page by page, by time, for as long as it is kept', async () => {
  const { id: account } = await server.account()
  const rename = (name: string) => administer('PATCH', `/ringdown/v1/accounts/${account}`, { name })
  const began = clock.now()
  for (const name of ['a', 'b', 'c']) await rename(name)
  const first = await auditOf(account, '?limit=2')
  expect(first.entries).toHaveLength(2)
  const rest = await auditOf(account, `?limit=2&after=${first.next}`)
  expect(rest.next).toBeUndefined()
  const whole = await auditOf(account)
  expect([...first.entries, ...rest.entries]).toEqual(whole.entries)
  await clock.advance(1)
  await rename('d')
  const since = new Date(clock.now()).toISOString()
  expect((await auditOf(account, `?from=${since}`)).entries).toHaveLength(1)
  expect((await auditOf(account, `?to=${began + 1}`)).entries).toEqual(whole.entries)
  await clock.advance(2 * DAY)
  await rename('e')
  expect((await auditOf(account)).entries).toHaveLength(2)
})

it('[AG54] is for the administration token, and asked for in its words', async () => {
  const { account, administrator } = await configurationWorld(server)
  const authorization = `Bearer ${administrator.bearer}`
  const refused = await fetch(server.url + inAccount(account, 'audit'), {
    headers: { authorization },
  })
  expect(refused.status).toBe(401)
  for (const query of ['limit=0', 'limit=1001', 'from=2026-99-99', 'from=x', 'after=x', 'to=-1'])
    expect([query, (await administer('GET', `/ringdown/v1/audit?${query}`)).status]).toEqual([
      query,
      400,
    ])
  for (const from of ['x', '2026-99-99'])
    expect((await administer('GET', `/ringdown/v1/audit?from=${from}`)).body).toMatchObject({
      error: { message: expect.stringContaining('from must be a date such as 2026-05-12, or') },
    })
})
