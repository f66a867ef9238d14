import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type SessionNews, subjects } from '../src/bus/subjects.ts'
import { testServer } from '../src/testing/test-server.ts'
import { ADMIN_TOKEN, openWorld, type World } from './identity-world.ts'

interface KeyBody {
  readonly appKey: string
  readonly name: string
  readonly accessToken: string
  readonly userIds: readonly string[]
  readonly secret: string
  readonly accessTokenSecret: string
}

let world: World
let bot: string

beforeAll(async () => {
  world = await openWorld()
  bot = await newAgent('bot', { isBot: true })
})
afterAll(() => world[Symbol.asyncDispose]())

const newAgent = async (loginName: string, more: object = {}, account = 'acme') =>
  (await world.admin.createAgent(account, { loginName, password: 'correct horse', ...more })).userId

const administer = (method: 'GET' | 'POST' | 'DELETE', path = '', payload?: object) =>
  world.app.inject({
    method,
    url: `/api/account/acme/ringdown/v1/app-keys${path}`,
    headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
    ...(payload && { payload }),
  })

const newKey = async (body: object = {}) => (await administer('POST', '', body)).json<KeyBody>()

const login = (payload: object, account = 'acme') =>
  world.app.inject({ method: 'POST', url: `/api/account/${account}/login?v=1.3`, payload })

const refused = async (payload: object, account = 'acme') => {
  const waiting = world.clock.nextTimer()
  const answer = login(payload, account)
  await waiting
  await world.clock.advance(world.config.limits.loginDelayMs)
  return answer
}

const credentialsOf = (
  { appKey, secret, accessToken, accessTokenSecret }: KeyBody,
  username = 'bot',
) => ({ username, appKey, secret, accessToken, accessTokenSecret })

describe('application keys', () => {
  it('[AG36] are made by the administration, told once and kept as hashes', async () => {
    const answer = await administer('POST', '', { name: 'Bots', userIds: [bot] })
    expect(answer.statusCode).toBe(201)
    const key = answer.json<KeyBody>()
    expect(key).toMatchObject({ name: 'Bots', userIds: [bot] })
    for (const name of ['appKey', 'secret', 'accessToken', 'accessTokenSecret'] as const)
      expect(key[name]).toMatch(/^[0-9a-f]{32}$/)
    const listed = await administer('GET')
    expect(listed.json()).toContainEqual({
      appKey: key.appKey,
      name: 'Bots',
      accessToken: key.accessToken,
      userIds: [bot],
      createdAt: world.clock.now(),
    })
    const stored = await world.store.read('appKey', { accountId: 'acme', id: key.appKey })
    for (const secret of [key.secret, key.accessTokenSecret]) {
      expect(listed.body).not.toContain(secret)
      expect(JSON.stringify(stored)).not.toContain(secret)
    }
  })

  it('[AG36] need the administration token, known agents that are programs, known fields', async () => {
    const ana = await newAgent('ana-key')
    for (const [body, detail] of [
      [{ userIds: ['99999'] }, 'there is no agent 99999'],
      [{ userIds: [ana] }, 'neither a bot nor an API user'],
      [{ secret: 'mine' }, 'secret is not known'],
    ] as const) {
      const answer = await administer('POST', '', body)
      expect(answer.statusCode).toBe(400)
      expect(answer.body).toContain(detail)
    }
    const url = '/api/account/acme/ringdown/v1/app-keys'
    expect((await world.app.inject({ method: 'POST', url, payload: {} })).statusCode).toBe(401)
    expect((await administer('DELETE', '/unknown')).statusCode).toBe(404)
  })
})

describe('login by application key', () => {
  it('[AG32] opens a session for a bot and for an API user', async () => {
    const key = await newKey()
    const answer = await login(credentialsOf(key))
    expect(answer.statusCode).toBe(200)
    const { bearer, config } = answer.json<{ bearer: string; config: { userId: string } }>()
    expect(config.userId).toBe(bot)
    expect(await world.auth.bearer('acme', bearer)).toMatchObject({ userId: bot })
    const userId = await newAgent('api')
    expect((await refused(credentialsOf(key, 'api'))).statusCode).toBe(401)
    await world.store.write('updateAgent', { accountId: 'acme', userId, isApiUser: true })
    expect((await login(credentialsOf(key, 'api'))).statusCode).toBe(200)
    const capitals = Object.fromEntries(
      Object.entries(credentialsOf(key)).map(([name, value]) => [name.toUpperCase(), value]),
    )
    expect((await login(capitals)).statusCode).toBe(200)
  })

  it('[AG33] takes no value that is wrong, and says so like a wrong password', async () => {
    const right = credentialsOf(await newKey())
    const other = credentialsOf(await newKey())
    const wrong = (['appKey', 'secret', 'accessToken', 'accessTokenSecret'] as const).flatMap(
      (name) => [
        { ...right, [name]: other[name] },
        { ...right, [name]: `${right[name]}0` },
        { ...right, [name]: right[name].toUpperCase().padEnd(33, 'X') },
      ],
    )
    for (const payload of [
      ...wrong,
      { ...right, appKey: 'x\u0000' },
      { ...right, username: 'nobody' },
    ]) {
      const answer = await refused(payload)
      expect(answer.statusCode).toBe(401)
      expect(answer.json()).toMatchObject({
        error: { message: 'Bad credentials', internalCode: 1 },
      })
    }
    for (const name of ['username', 'secret', 'accessToken', 'accessTokenSecret'] as const)
      expect((await login({ ...right, [name]: undefined })).statusCode).toBe(400)
  })

  it('[AG33] lets in only whom key and agent name', async () => {
    const second = await newAgent('second', { isBot: true })
    await newAgent('person')
    const forSecond = await newKey({ userIds: [second] })
    const forAll = await newKey()
    expect((await login(credentialsOf(forSecond, 'second'))).statusCode).toBe(200)
    for (const username of ['bot', 'person'])
      expect((await refused(credentialsOf(forSecond, username))).statusCode).toBe(401)
    const allow = (allowedAppKeys: unknown) =>
      world.store.write('updateAgent', {
        accountId: 'acme',
        userId: second,
        details: { allowedAppKeys },
      })
    await allow(`nothing, ${forAll.appKey}`)
    expect((await refused(credentialsOf(forSecond, 'second'))).statusCode).toBe(401)
    expect((await login(credentialsOf(forAll, 'second'))).statusCode).toBe(200)
    await allow([forSecond.appKey])
    expect((await login(credentialsOf(forSecond, 'second'))).statusCode).toBe(200)
    await allow('')
    await world.admin.changeAgent('acme', 'second', { isEnabled: false })
    expect((await refused(credentialsOf(forSecond, 'second'))).statusCode).toBe(401)
  })

  it('[AG35] is the only one of an API user, whatever password it had', async () => {
    const userId = await newAgent('api-only')
    const credentials = { username: 'api-only', password: 'correct horse' }
    expect((await login(credentials)).statusCode).toBe(200)
    await world.store.write('updateAgent', { accountId: 'acme', userId, isApiUser: true })
    expect((await refused(credentials)).statusCode).toBe(401)
    const key = await newKey()
    expect((await login({ ...credentialsOf(key, 'api-only') })).statusCode).toBe(200)
  })

  it('[AG33] J06 keys of one account open nothing of another', async () => {
    await newAgent('bot', { isBot: true, userId: bot }, 'other')
    const key = await newKey()
    expect((await refused(credentialsOf(key), 'other')).statusCode).toBe(401)
    expect((await login(credentialsOf(key))).statusCode).toBe(200)
  })

  it('[AG37] J16 ends with the key, and so do the sessions that it opened', async () => {
    const ended: string[] = []
    using _ = world.bus.listen<SessionNews>(subjects.sessions('acme'), (news) => {
      if (news !== 'gap') ended.push(...news.sessionIds)
    })
    const key = await newKey()
    const byKey = (await login(credentialsOf(key))).json<{ bearer: string }>()
    const byPassword = (await login({ username: 'bot', password: 'correct horse' })).json<{
      bearer: string
    }>()
    const session = await world.auth.bearer('acme', byKey.bearer)
    expect((await administer('DELETE', `/${key.appKey}`)).statusCode).toBe(204)
    expect(ended).toEqual([session?.sessionId])
    expect(await world.auth.bearer('acme', byKey.bearer)).toBeUndefined()
    expect(await world.auth.bearer('acme', byPassword.bearer)).toBeDefined()
    expect((await refused(credentialsOf(key))).statusCode).toBe(401)
    expect((await administer('DELETE', `/${key.appKey}`)).statusCode).toBe(404)
  })

  it('[AG37] closes the sockets of a revoked key with 4401', async () => {
    await using server = await testServer()
    const { id: account } = await server.account()
    const call = async (method: string, path: string, body?: object) => {
      const response = await fetch(`${server.url}/api/account/${account}/${path}`, {
        method,
        headers: { authorization: `Bearer ${server.running.adminToken}` },
        ...(body && { body: JSON.stringify(body) }),
      })
      return response.status === 204 ? undefined : response.json()
    }
    await call('POST', 'ringdown/v1/agents', { loginName: 'bot', isBot: true })
    const key = (await call('POST', 'ringdown/v1/app-keys', {})) as KeyBody
    const { bearer } = (await call('POST', 'login', credentialsOf(key))) as { bearer: string }
    await using socket = await server.agentSocket(account, bearer)
    await call('DELETE', `ringdown/v1/app-keys/${key.appKey}`)
    expect((await socket.closed).code).toBe(4401)
  })
})
