/** Guesses at one password, together and from many sides. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LoginTurns } from '../src/auth/login-turns.ts'
import { defaultLimits } from '../src/config.ts'
import { openWorld, type World } from './identity-world.ts'

const WAIT = defaultLimits.loginDelayMs
const PASSWORD = 'correct horse'
let world: World

beforeAll(async () => {
  const config = { limits: { ...defaultLimits, loginsWaiting: 4 } }
  world = await openWorld({ config })
  for (const loginName of ['ann', 'ben'])
    await world.admin.createAgent('acme', { loginName, password: PASSWORD })
})
afterAll(() => world[Symbol.asyncDispose]())

const post = async (path: string, payload: object, { from = '192.0.2.1', bearer = '' } = {}) => {
  const response = await world.app.inject({
    method: 'POST',
    url: `/api/account/acme/${path}`,
    payload,
    remoteAddress: from,
    headers: { ...(bearer && { authorization: `Bearer ${bearer}` }) },
  })
  return { status: response.statusCode, body: response.json() }
}

const login = (username: string, password: string, from?: string) =>
  post('login', { username, password }, from === undefined ? {} : { from })

/** In which order they were answered, by status. */
const watched = (answers: readonly Promise<{ status: number }>[]) => {
  const told: number[] = []
  for (const answer of answers) void answer.then(({ status }) => told.push(status))
  return told
}

/** Begins something, and resolves when somebody waits after a wrong guess. */
const whenWaiting = async <T>(begin: () => T): Promise<T> => {
  const waiting = world.clock.nextTimer()
  const begun = begin()
  await waiting
  return begun
}

const endWait = () => world.clock.advance(WAIT)

const attemptFrom = (address: string, isGivenUp = () => false) => ({
  accountId: 'acme',
  loginName: 'ann',
  address,
  isGivenUp,
})

/** A line behind somebody who has the turn until told to pass it on, and who had one after. */
const lineOf = () => {
  const turns = new LoginTurns(world)
  const { promise, resolve: pass } = Promise.withResolvers<string>()
  const had: string[] = []
  const first = turns.prove(attemptFrom('192.0.2.1'), () => promise)
  const join = (address: string, isGivenUp?: () => boolean) =>
    turns.prove(attemptFrom(address, isGivenUp), async () => {
      had.push(address)
      return address
    })
  return { first, had, join, pass: () => pass('first') }
}

const guessers = Array.from({ length: 16 }, (_, index) => `guesser ${index}`)

describe('wrong passwords for one login', () => {
  it('[AG52] wait one after the other, however many come at once', async () => {
    const guess = (index: number) => login('ann', `wrong ${index}`)
    const answers = await whenWaiting(() => [0, 1, 2].map(guess))
    const told = watched(answers)
    await whenWaiting(endWait)
    expect(told).toEqual([401])
    await whenWaiting(endWait)
    expect(told).toEqual([401, 401])
    await endWait()
    await Promise.all(answers)
    expect(told).toEqual([401, 401, 401])
  })

  it('[AG52] [ADM13] wait for those at the change of the password, and the other way round', async () => {
    const { body } = await login('ann', PASSWORD)
    const { bearer } = body
    const path = `configuration/le-users/users/${body.config.userId}/changePassword`
    const change = { newPassword: 'a better one', confirmPassword: 'a better one' }
    const guess = (index: number) =>
      post(path, { ...change, oldPassword: `wrong ${index}` }, { bearer })
    const answers = await whenWaiting(() => [guess(0), guess(1), login('ann', 'wrong')])
    const told = watched(answers)
    await whenWaiting(endWait)
    expect(told).toHaveLength(1)
    await whenWaiting(endWait)
    expect(told).toHaveLength(2)
    await endWait()
    await Promise.all(answers)
    expect(told.toSorted()).toEqual([401, 403, 403])
  })

  it('[AG52] hold up no other login', async () => {
    const guesses = await whenWaiting(() => [login('ann', 'wrong')])
    expect((await login('ben', PASSWORD)).status).toBe(200)
    await endWait()
    expect(await Promise.all(guesses)).toMatchObject([{ status: 401 }])
  })

  it('[AG52] from one address keep nobody out who asks from another', async () => {
    const guess = (index: number) => login('ann', `wrong ${index}`)
    const guesses = await whenWaiting(() => [0, 1, 2, 3, 4].map(guess))
    expect(await login('ann', PASSWORD)).toMatchObject({ status: 503 })
    const told = watched(guesses)
    const owner = login('ann', PASSWORD, '198.51.100.7')
    await world.clock.advance(0)
    // The next of the guesses was there before; then it is the other address's turn.
    await whenWaiting(endWait)
    await whenWaiting(endWait)
    expect((await owner).status).toBe(200)
    expect(told).toEqual([401, 401])
    for (const _ of [0, 1]) await whenWaiting(endWait)
    await endWait()
    await Promise.all(guesses)
    expect(told).toEqual(Array(5).fill(401))
    expect((await login('ann', PASSWORD)).status).toBe(200)
  })

  it('[AG52] a failure of the server gives the turn on', async () => {
    const turns = new LoginTurns(world)
    const attempt = attemptFrom('192.0.2.1')
    const failing = turns.prove(attempt, () => Promise.reject(new Error('no store')))
    const next = turns.prove(attempt, async () => 'found')
    await expect(failing).rejects.toThrow('no store')
    expect(await next).toBe('found')
  })
})

describe('a line for one login that is full', () => {
  const rejected = (outcomes: readonly PromiseSettledResult<unknown>[]) =>
    outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []))

  it('[AG52] has room for an address that does not wait in it yet', async () => {
    const { first, had, join, pass } = lineOf()
    const guesses = guessers.flatMap((one) => [1, 2, 3, 4].map(() => join(one)))
    const outcomes = Promise.allSettled(guesses)
    const owner = join('owner')
    await expect(join('guesser 0')).rejects.toMatchObject({ code: 'unavailable' })
    pass()
    expect(await owner).toBe('owner')
    expect(rejected(await outcomes)).toEqual(['unavailable'])
    expect(had.indexOf('owner')).toBe(guessers.length)
    expect(had).toHaveLength(4 * guessers.length)
    await first
  })

  it('[AG52] takes nobody’s only place', async () => {
    const { join, pass } = lineOf()
    const addresses = Array.from({ length: 64 }, (_, index) => `address ${index}`)
    const waiting = Promise.allSettled(addresses.map((one) => join(one)))
    await expect(join('one more')).rejects.toMatchObject({ code: 'unavailable' })
    pass()
    expect(rejected(await waiting)).toEqual([])
  })

  it('[AG52] gives no turn and no place to who has hung up', async () => {
    const { had, join, pass } = lineOf()
    let isGone = false
    const guesses = guessers.flatMap((one) => [1, 2, 3, 4].map(() => join(one, () => isGone)))
    const outcomes = Promise.allSettled(guesses)
    isGone = true
    const owners = [join('guesser 0'), join('guesser 0')]
    expect(rejected(await outcomes)).toHaveLength(64)
    pass()
    await Promise.all(owners)
    expect(had).toEqual(['guesser 0', 'guesser 0'])
  })
})
