import { scryptSync } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { scryptPasswords } from '../src/auth/passwords.ts'
import { type AgentStateNews, type SessionNews, subjects } from '../src/bus/subjects.ts'
import { systemIds } from '../src/ids.ts'
import { openWorld, signup, type World } from './identity-world.ts'

let world: World

beforeAll(async () => {
  world = await openWorld()
  await world.admin.createAgent('acme', {
    loginName: 'bot',
    password: 'correct horse',
    isBot: true,
  })
})
afterAll(() => world[Symbol.asyncDispose]())

interface LoginBody {
  readonly bearer: string
  readonly csrf: string
  readonly sessionTTl: string
  readonly config: Record<string, unknown>
  readonly csdsCollectionResponse: { baseURIs: { service: string; account: string }[] }
}

const post = (
  path: string,
  payload: string | object,
  { open = world, account = 'acme', cookie = '' } = {},
) =>
  open.app.inject({
    method: 'POST',
    url: `/api/account/${account}/${path}`,
    payload,
    headers: { 'content-type': 'application/json', ...(cookie && { cookie }) },
  })

const credentials = { username: 'bot', password: 'correct horse' }

const login = async (open = world) => {
  const response = await post('login?v=1.3', credentials, { open })
  const [cookie = ''] = String(response.headers['set-cookie']).split(';')
  return { ...response.json<LoginBody>(), cookie, response }
}

/** A refusal comes only after the wait; the clock is moved once somebody waits. */
const refusedLogin = async (payload: object, options: { open?: World; account?: string } = {}) => {
  const { clock, config } = options.open ?? world
  const waiting = clock.nextTimer()
  const answer = post('login?v=1.3', payload, options)
  let isAnswered = false
  void answer.then(() => {
    isAnswered = true
  })
  await waiting
  await clock.advance(config.limits.loginDelayMs - 1)
  expect(isAnswered).toBe(false)
  await clock.advance(1)
  return answer
}

const sessionNews = (open: World) => {
  const ended: string[] = []
  open.bus.listen<SessionNews>(subjects.sessions('acme'), (news) => {
    if (news !== 'gap') ended.push(...news.sessionIds)
  })
  return ended
}

const sessionIdOf = async (open: World, bearer: string) =>
  (await open.auth.bearer('acme', bearer))?.sessionId

describe('login', () => {
  it('[AG20] [AG23] answers everything that clients depend on', async () => {
    const { response, ...body } = await login()
    expect(response.statusCode).toBe(200)
    const agent = await world.admin.showAgent('acme', 'bot')
    expect(body).toMatchObject({
      bearer: expect.stringMatching(/^[0-9a-f]{32,}$/),
      csrf: expect.stringMatching(/^[0-9a-f]{64}$/),
      sessionTTl: '28800000',
      wsuk: expect.stringMatching(/^\d+$/),
      config: {
        loginName: 'bot',
        userId: agent.userId,
        userPid: agent.id,
        userPrivileges: expect.arrayContaining([20015]),
        serverCurrentTime: world.clock.now(),
        timeDiff: 0,
        serverTimeZoneName: 'UTC',
        serverTimeGMTDiff: 0,
        isLPA: false,
        isAdmin: false,
        accountTimeZoneId: 'UTC',
      },
      accountData: { agentGroupsData: { items: [{ id: -1, deleted: false }], revision: 1 } },
    })
    expect(body.csdsCollectionResponse.baseURIs).toContainEqual({
      service: 'facadeMsg',
      account: 'acme',
      baseURI: 'chat.example:8443',
    })
    expect(await world.auth.bearer('acme', body.bearer)).toMatchObject({
      kind: 'agent',
      accountId: 'acme',
      id: agent.id,
      userId: agent.userId,
      roles: ['agent'],
      expiresAt: world.clock.now() + 28_800_000,
    })
  })

  it.each([
    ['login?v=1.1', credentials],
    ['login?v=1.2', { Username: 'bot', Password: 'correct horse' }],
    ['login', { USERNAME: 'bot', password: 'correct horse' }],
  ])('[AG20] %s takes %j', async (path, payload) => {
    expect((await post(path, payload)).statusCode).toBe(200)
  })

  it('[AG24] gives secrets that are new each time and kept as hashes', async () => {
    const one = await login()
    const other = await login()
    for (const name of ['bearer', 'csrf', 'cookie'] as const)
      expect(one[name]).not.toBe(other[name])
    expect(one.response.headers['set-cookie']).toMatch(
      /^Session_id=[0-9a-f]{64}; Path=\/; Secure; HttpOnly; SameSite=Strict$/,
    )
    const bearerHash = one.bearer
    expect(await world.store.read('sessionByBearer', { bearerHash })).toBeUndefined()
  })

  it('[AG25] leaves earlier sessions valid until they end', async () => {
    const one = await login()
    const other = await login()
    for (const { bearer } of [one, other])
      expect(await world.auth.bearer('acme', bearer)).toBeDefined()
  })

  it('[AG21] [AG23] says the same for a wrong account, name or password, and waits', async () => {
    const answers = [
      await refusedLogin({ ...credentials, password: 'wrong' }),
      await refusedLogin({ ...credentials, username: 'nobody' }),
      await refusedLogin({ ...credentials, username: 'bo\u0000t' }),
      await refusedLogin(credentials, { account: 'nobody' }),
      await refusedLogin(credentials, { account: 'other' }),
    ]
    for (const answer of answers) {
      expect(answer.statusCode).toBe(401)
      expect(answer.headers['set-cookie']).toBeUndefined()
      expect(answer.json()).toEqual({
        error: {
          time: expect.stringMatching(/^2030-01-01T/),
          message: 'Bad credentials',
          internalCode: 1,
          responseStatus: 'UNAUTHORIZED',
        },
        internalCode: 1,
      })
    }
  })

  it('[AG21] refuses a disabled agent like an unknown one', async () => {
    await using open = await openWorld()
    await open.admin.createAgent('acme', { loginName: 'bot', password: 'correct horse' })
    expect((await login(open)).response.statusCode).toBe(200)
    await open.admin.changeAgent('acme', 'bot', { isEnabled: false })
    expect((await refusedLogin(credentials, { open })).statusCode).toBe(401)
  })

  it.each([
    ['no JSON', '{'],
    ['a list', '[]'],
    ['nothing', ''],
    ['no name', { password: 'x' }],
    ['no password', { username: 'bot' }],
    ['a number', { username: 'bot', password: 7 }],
    ['a list as name', { username: ['bot'], password: 'x' }],
    ['a long password', { username: 'bot', password: 'x'.repeat(1025) }],
    ['a long password in bytes', { username: 'bot', password: 'é'.repeat(513) }],
    ['a long name', { username: 'x'.repeat(257), password: 'x' }],
  ])('[AG21] [AG23] P03 answers 400 to %s', async (_, payload) => {
    const response = await post('login', payload)
    expect(response.statusCode).toBe(400)
    expect(response.json()).toMatchObject({
      error: { responseStatus: 'BAD_REQUEST', internalCode: 2 },
      internalCode: 2,
    })
  })

  it('[AG20] takes the password where a body holds other ways in as well', async () => {
    const other = { assertion: 'x', appKey: 'k', secret: 's', accessToken: 't' }
    expect((await post('login', { ...credentials, ...other })).statusCode).toBe(200)
  })

  it('[IDP6] J07 no consumer token is a bearer and no bearer is of another account', async () => {
    const { bearer } = await login()
    const { userId } = await world.admin.showAgent('acme', 'bot')
    // The same number in another account: only the account tells them apart.
    await world.admin.createAgent('other', { loginName: 'bot', userId })
    expect(await world.auth.bearer('other', bearer)).toBeUndefined()
    for (const wrong of [
      await signup(world),
      '',
      bearer.slice(1),
      bearer.toUpperCase(),
      'x'.repeat(9999),
    ])
      expect(await world.auth.bearer('acme', wrong)).toBeUndefined()
  })
})

describe('refresh', () => {
  const refresh = (
    { csrf, cookie }: { csrf: string; cookie: string },
    open = world,
    account = 'acme',
  ) => post('refresh?v=1.3', { csrf }, { open, cookie, account })

  it('[AG26] gives the session its lifetime again', async () => {
    await using open = await openWorld()
    await open.admin.createAgent('acme', { loginName: 'bot', password: 'correct horse' })
    const session = await login(open)
    for (let round = 0; round < 3; round += 1) {
      await open.clock.leap(28_000_000)
      const answer = await refresh(session, open)
      expect([answer.statusCode, answer.body]).toEqual([200, ''])
    }
    expect(await open.auth.bearer('acme', session.bearer)).toMatchObject({
      expiresAt: open.clock.now() + 28_800_000,
    })
    await open.clock.leap(28_800_000)
    expect(await open.auth.bearer('acme', session.bearer)).toBeUndefined()
  })

  it('[AG26] of an ended session closes its sockets before it says 401', async () => {
    await using open = await openWorld()
    await open.admin.createAgent('acme', { loginName: 'bot', password: 'correct horse' })
    const ended = sessionNews(open)
    const session = await login(open)
    const id = await sessionIdOf(open, session.bearer)
    await open.clock.leap(28_800_001)
    const answer = await refresh(session, open)
    expect(answer.statusCode).toBe(401)
    expect(ended).toEqual([id])
    expect(answer.json()).toMatchObject({
      error: { internalCode: 10, responseStatus: 'UNAUTHORIZED' },
      internalCode: 10,
    })
  })

  it('[AG26] without a session, or with the secret of another, is 401', async () => {
    const one = await login()
    const other = await login()
    const { csrf, cookie } = one
    for (const wrong of [
      { csrf: other.csrf, cookie },
      { csrf: '', cookie },
      { csrf, cookie: '' },
      { csrf, cookie: 'Session_id=00' },
      { csrf, cookie: cookie.replace('Session_id', 'Other') },
    ])
      expect((await refresh(wrong)).statusCode).toBe(401)
    expect((await refresh(one, world, 'other')).statusCode).toBe(401)
    expect((await refresh({ csrf, cookie: `a=b; ${cookie}; c=d` })).statusCode).toBe(200)
  })

  it('[AG42] with a wrong secret is not 401 while the session has a socket', async () => {
    await using open = await openWorld({ isConnected: () => true })
    await open.admin.createAgent('acme', { loginName: 'bot', password: 'correct horse' })
    const { cookie } = await login(open)
    expect((await refresh({ csrf: 'wrong', cookie }, open)).statusCode).toBe(403)
  })
})

describe('logout', () => {
  it('[AG27] [IDP15] J16 ends the session, tells the sockets and puts the agent OFFLINE', async () => {
    await using open = await openWorld()
    const agent = await open.admin.createAgent('acme', {
      loginName: 'bot',
      password: 'correct horse',
    })
    const ended = sessionNews(open)
    const states: (AgentStateNews | 'gap')[] = []
    open.bus.listen<AgentStateNews>(subjects.agentStates('acme'), (news) => states.push(news))
    const one = await login(open)
    const other = await login(open)
    const id = await sessionIdOf(open, one.bearer)
    const wrong = await post('logout?v=1.3', { csrf: other.csrf }, { open, cookie: one.cookie })
    expect(wrong.statusCode).toBe(401)
    expect(ended).toEqual([])
    const answer = await post('logout?v=1.3', { csrf: one.csrf }, { open, cookie: one.cookie })
    expect([answer.statusCode, answer.body]).toEqual([200, ''])
    expect(answer.headers['set-cookie']).toContain('Max-Age=0')
    expect(ended).toEqual([id])
    expect(states).toMatchObject([{ after: { agentId: agent.id, availability: 'OFFLINE' } }])
    expect(await open.auth.bearer('acme', one.bearer)).toBeUndefined()
    expect(await open.auth.bearer('acme', other.bearer)).toBeDefined()
    const again = await post('refresh', { csrf: one.csrf }, { open, cookie: one.cookie })
    expect(again.statusCode).toBe(401)
  })

  it.each([
    ['disabled', { isEnabled: false }],
    ['given another password', { password: 'another one' }],
    ['given other roles', { roles: ['agent', 'manager'] }],
  ])('[IDP15] J16 an agent that is %s loses all sessions', async (_, change) => {
    await using open = await openWorld()
    await open.admin.createAgent('acme', { loginName: 'bot', password: 'correct horse' })
    const ended = sessionNews(open)
    const sessions = [await login(open), await login(open)]
    const ids = await Promise.all(sessions.map(({ bearer }) => sessionIdOf(open, bearer)))
    await open.admin.changeAgent('acme', 'bot', { nickname: 'Bo' })
    expect(ended).toEqual([])
    await open.admin.changeAgent('acme', 'bot', change)
    expect(ended.toSorted()).toEqual(ids.toSorted())
    for (const { bearer } of sessions)
      expect(await open.auth.bearer('acme', bearer)).toBeUndefined()
  })

  it('[IDP15] J16 a deleted agent loses all sessions', async () => {
    await using open = await openWorld()
    await open.admin.createAgent('acme', { loginName: 'bot', password: 'correct horse' })
    const ended = sessionNews(open)
    const { bearer } = await login(open)
    const id = await sessionIdOf(open, bearer)
    await open.admin.deleteAgent('acme', 'bot')
    expect(ended).toEqual([id])
    expect(await open.auth.bearer('acme', bearer)).toBeUndefined()
  })
})

describe('passwords', () => {
  const cheap = scryptPasswords({ ids: systemIds, logN: 8 })

  it('[AG22] P01 are hashed with the full cost and a salt of their own', async () => {
    const strong = scryptPasswords({ ids: systemIds })
    const stored = await strong.hash('correct horse')
    const [scheme, logN, r, p, salt = '', hash] = stored.split('$')
    expect([scheme, logN, r, p]).toEqual(['scrypt', '17', '8', '1'])
    const expected = scryptSync('correct horse', Buffer.from(salt, 'base64url'), 32, {
      N: 131_072,
      r: 8,
      p: 1,
      maxmem: 2 ** 28,
    })
    expect(hash).toBe(expected.toString('base64url'))
    expect(await strong.verify('correct horse', stored)).toEqual({
      isRight: true,
      needsRehash: false,
    })
    const weak = await cheap.hash('correct horse')
    expect(await strong.verify('correct horse', weak)).toEqual({ isRight: true, needsRehash: true })
    expect(weak.split('$')[4]).not.toBe((await cheap.hash('correct horse')).split('$')[4])
  })

  it('[AG22] P03 are the same in every Unicode form and exact otherwise', async () => {
    const stored = await cheap.hash('Caf\u00e9 \ufb01')
    expect(await cheap.verify('Cafe\u0301 fi', stored)).toMatchObject({ isRight: true })
    for (const wrong of ['Cafe fi', 'café fi', 'Caf\u00e9 fi ', 'Caf\u00e9 fi\u0000', ''])
      expect(await cheap.verify(wrong, stored)).toMatchObject({ isRight: false })
  })

  it('[AG21] of nobody are never right', async () => {
    for (const password of ['', 'x', '\u0000'])
      expect(await cheap.verify(password, undefined)).toMatchObject({ isRight: false })
  })

  it('[AG22] with a weaker hash get a new one at the next login', async () => {
    await using open = await openWorld()
    const { userId } = await open.admin.createAgent('acme', { loginName: 'bot' })
    const weak = scryptPasswords({ ids: systemIds, logN: 4 })
    const passwordHash = await weak.hash(credentials.password)
    await open.store.write('updateAgent', { accountId: 'acme', userId, passwordHash })
    expect((await login(open)).response.statusCode).toBe(200)
    const stored = await open.store.read('passwordHash', { accountId: 'acme', userId })
    expect(stored).toMatch(/^scrypt\$8\$/)
    expect((await login(open)).response.statusCode).toBe(200)
  })

  it('[AG22] P02 wait in a short queue and are turned away beyond it', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 200 }, () => cheap.verify('x', undefined)),
    )
    const refused = results.filter(({ status }) => status === 'rejected')
    expect(refused.length).toBe(200 - 2 - 64)
    expect(refused[0]).toMatchObject({ reason: { code: 'unavailable' } })
    expect(await cheap.verify('x', undefined)).toMatchObject({ isRight: false })
  })
})
