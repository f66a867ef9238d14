/** Every REST address with tokens and ids of others. Made from the server's table of routes. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { hire } from './bots/duty.ts'
import { openWorld } from './identity-world.ts'
import { isForAgents, isPublic, type Route, routesOf } from './walls/routes.ts'
import { type Attacker, nobodys, SECRETS, UUID, type WallWorld, wallWorld } from './walls/world.ts'

let world: WallWorld
let routes: readonly Route[]
let administrator: { accountId: string; bearer: string }

/** A user id that no other account has. */
const THEIR_USER = '909090'
const NOBODYS_ACCOUNT = 'zz_9999'

beforeAll(async () => {
  await using identity = await openWorld()
  routes = routesOf(identity.app)
  world = await wallWorld()
  await world.server.services.store.write('createAgent', {
    accountId: world.account,
    userId: THEIR_USER,
    loginName: 'their user',
    fullName: 'Their User',
    nickname: 'their',
    email: '',
    isEnabled: true,
    isBot: false,
    roles: ['agent'],
    skillIds: [],
    createdAt: 0,
  })
  const elsewhere = attacker("another account's manager").accountId
  administrator = await hire(world.server, elsewhere, { roles: ['administrator'] })
})
afterAll(() => world[Symbol.asyncDispose]())

const attacker = (name: string): Attacker => {
  const found = world.attackers.find((one) => one.name === name)
  if (!found) throw new Error(`no ${name}`)
  return found
}

interface Ask {
  readonly account: string
  readonly id: string
  readonly consumerId: string
  readonly conversationId: string
  readonly token?: string
}

const ask = async ({ method, path }: Route, { account, id, token, ...named }: Ask) => {
  const address = path
    .replace(':account', account)
    .replace('/conversations/:id', `/conversations/${named.conversationId}`)
    .replaceAll(/:[a-z]+/g, id)
  const body = {
    consumer: named.consumerId,
    conversationId: named.conversationId,
    agentIds: [id],
    start: { from: 0, to: 9_999_999_999_999 },
    contentToRetrieve: ['messageRecords'],
  }
  const response = await fetch(world.server.url + address, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(method !== 'GET' && { 'content-type': 'application/json' }),
    },
    ...(method !== 'GET' && { body: JSON.stringify(body) }),
  })
  return { status: response.status, text: await response.text() }
}

/** What is left of an answer without what differs each time and what the request said itself. */
const comparable = (
  { status, text }: { status: number; text: string },
  { account, id, consumerId, conversationId }: Ask,
): string => {
  let left = text
  for (const one of [account, id, consumerId, conversationId]) left = left.replaceAll(one, '<id>')
  return `${status} ${left.replaceAll(UUID, '<uuid>')}`
}

const theirs = (): Ask => ({
  account: world.account,
  id: THEIR_USER,
  consumerId: world.victim.consumerId,
  conversationId: world.victim.conversationId,
})
const nobody = (): Ask => {
  const { consumerId, conversationId } = nobodys(world.victim)
  return { account: NOBODYS_ACCOUNT, id: '808080', consumerId, conversationId }
}

const theirRows = (): readonly string[] =>
  world
    .dump()
    .filter(({ table, row }) => table === 'accounts' || row['account_id'] === world.account)
    .map((one) => JSON.stringify(one))

const tokens = () => ({
  nothing: undefined,
  garbage: 'abcdef',
  'a consumer of the brand': attacker('a consumer of the same brand').consumerToken,
  'a consumer of another account': attacker("another account's consumer").consumerToken,
  'an agent of another account': attacker("another account's agent").bearer,
  'a manager of another account': attacker("another account's manager").bearer,
  'an administrator of another account': administrator.bearer,
})

it('[PRM21] the table of routes is read whole', () => {
  expect(routes).toContainEqual({ method: 'POST', path: '/api/account/:account/login' })
  expect(routes).toContainEqual({
    method: 'PATCH',
    path: '/api/account/:account/ringdown/v1/agents/:id',
  })
  expect(routes).toContainEqual({ method: 'DELETE', path: '/ringdown/v1/keys/:id' })
  expect(routes.length).toBeGreaterThan(30)
})

it('[PRM21] [PRM22] tokens of others open nothing, and tell nothing of the account', async () => {
  const before = theirRows()
  const wrong = new Set<string>()
  for (const route of routes.filter((one) => !isPublic(one)))
    for (const [who, token] of Object.entries(tokens())) {
      const with_ = token === undefined ? {} : { token }
      const foreign = await ask(route, { ...theirs(), ...with_ })
      const none = await ask(route, { ...nobody(), ...with_ })
      const [actual, expected] = [comparable(foreign, theirs()), comparable(none, nobody())]
      if (foreign.status < 400 || foreign.status >= 500 || actual !== expected)
        wrong.add(`${who}: ${route.method} ${route.path} ${actual} and not ${expected}`)
    }
  expect([...wrong]).toEqual([])
  expect(theirRows()).toEqual(before)
})

it('[PRM21] ids of another account in the own one are as unknown as any', async () => {
  const before = theirRows()
  const wrong = new Set<string>()
  const account = administrator.accountId
  for (const route of routes.filter((one) => !isPublic(one)))
    for (const token of [administrator.bearer, world.server.running.adminToken])
      for (const id of [THEIR_USER, world.victim.skillId]) {
        // Which accounts there are is the local administrator's business, and keys are nobody's.
        if (route.path.startsWith('/ringdown/')) continue
        const foreign = { ...theirs(), account, id, token }
        const none = { ...nobody(), account, token }
        const actual = comparable(await ask(route, foreign), foreign)
        const expected = comparable(await ask(route, none), none)
        if (actual !== expected || SECRETS.some((secret) => actual.includes(secret)))
          wrong.add(`${route.method} ${route.path} ${actual} and not ${expected}`)
      }
  expect([...wrong]).toEqual([])
  expect(theirRows()).toEqual(before)
})

it('[PRM21] a plain agent changes nothing by any address, and reads no message of others', async () => {
  const { bearer = '' } = attacker('an agent who is not assigned')
  const before = theirRows()
  const wrong: string[] = []
  for (const route of routes.filter((one) => !isPublic(one))) {
    const { status, text } = await ask(route, { ...theirs(), token: bearer })
    const isRead = route.method === 'GET' || /search$|query$|status$/.test(route.path)
    const isLocal = route.path.includes('/ringdown/v1') && !isForAgents(route)
    if ((!isRead && status < 400) || (isLocal && status !== 401 && status !== 403) || status >= 500)
      wrong.push(`${route.method} ${route.path}: ${status} ${text}`)
    if (SECRETS.some((secret) => text.includes(secret))) wrong.push(`${route.path} tells a secret`)
  }
  expect(wrong).toEqual([])
  expect(theirRows()).toEqual(before)
})
