/**
 * Every request of the protocol with the ids of others in every place: answered as ids that nobody
 * has are, without touching a row or reaching anybody. Made from the table of methods, so that a new
 * request is tried as soon as there is one.
 */
import type { MethodName } from '@ringdown/protocol'
import { methodNames, methods } from '@ringdown/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Frame } from '../src/testing/socket-client.ts'
import { bodies, type NamedIds } from './walls/bodies.ts'
import {
  type Attacker,
  nobodys,
  SECRETS,
  UUID,
  versions,
  type WallWorld,
  wallWorld,
} from './walls/world.ts'

let world: WallWorld

beforeAll(async () => {
  world = await wallWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

const LONG_HEX = /[0-9a-f]{16,}/g

/** What is left of an answer when ids and secrets, which are new each time, are taken out. */
const comparable = ({ code, type, body }: Frame, ids: NamedIds): string => {
  let text = JSON.stringify(body) ?? ''
  for (const [name, id] of Object.entries(ids))
    if (id !== '') text = text.replaceAll(id, `<${name}>`)
  return `${code} ${type} ${text
    .replace(UUID, '<uuid>')
    .replace(LONG_HEX, '<hex>')
    .replace(/"token":"[^"]*"/, '"token"')}`
}

/** An agent of the account may be told that the conversation exists and is not its own. */
const isRefusal = (answer: string): boolean => /^4\d\d /.test(answer)

interface Attempt {
  readonly method: MethodName
  readonly version: (typeof versions)[number]
  readonly what: string
  readonly foreign: unknown
  readonly nobodys: unknown
}

const shapeOf = (value: unknown): string =>
  JSON.stringify(value, (_, one) => (typeof one === 'string' ? 's' : one))

/** Copies of the body with each of its texts replaced in turn. */
const withEachText = (body: unknown, by: string): readonly unknown[] => {
  if (typeof body === 'string') return [by]
  if (typeof body !== 'object' || body === null) return []
  return Object.entries(body).flatMap(([key, value]) =>
    withEachText(value, by).map((changed) =>
      Array.isArray(body)
        ? body.map((one, index) => (String(index) === key ? changed : one))
        : { ...body, [key]: changed },
    ),
  )
}

const only = (ids: NamedIds, names: readonly (keyof NamedIds)[]): Partial<NamedIds> =>
  Object.fromEntries(names.map((name) => [name, ids[name]]))

/** All foreign ids at once, where nothing else exists either. */
const allForeign = (attacker: Attacker, method: MethodName, none: NamedIds) => {
  const random = bodies[method](none)
  const foreign = bodies[method]({ ...none, ...only(world.victim, attacker.foreign) })
  return random.map((body, index) => ({ what: 'all', foreign: foreign[index], nobodys: body }))
}

/** One foreign id among the attacker's own. */
const oneAmongOwn = (attacker: Attacker, method: MethodName, none: NamedIds) => {
  const own = bodies[method](attacker.own).map((body) => JSON.stringify(body))
  return attacker.foreign.flatMap((name) => {
    const random = bodies[method]({ ...attacker.own, [name]: none[name] })
    const foreign = bodies[method]({ ...attacker.own, [name]: world.victim[name] })
    return random
      .map((body, index) => ({ what: `own but ${name}`, foreign: foreign[index], nobodys: body }))
      .filter(({ nobodys: body }, index) => JSON.stringify(body) !== own[index])
  })
}

/** A foreign id in every place where there is a text at all. */
const inEveryText = (attacker: Attacker, method: MethodName, none: NamedIds) => {
  const shapes = new Map(bodies[method](none).map((body) => [shapeOf(body), body]))
  const names = attacker.foreign.filter((name) =>
    ['dialogId', 'consumerId', 'ringId'].includes(name),
  )
  return [...shapes.values()].flatMap((body) =>
    names.flatMap((name) => {
      const random = withEachText(body, none[name])
      const foreign = withEachText(body, world.victim[name])
      return random.map((one, index) => ({
        what: `${name} in any text`,
        foreign: foreign[index],
        nobodys: one,
      }))
    }),
  )
}

const attemptsOf = (attacker: Attacker): readonly Attempt[] =>
  methodNames
    .filter((method) => (methods[method].roles as readonly string[]).includes(attacker.role))
    .flatMap((method) =>
      versions.flatMap((version) => {
        const none = nobodys(world.victim)
        return [allForeign, oneAmongOwn, inEveryText].flatMap((make) =>
          make(attacker, method, none).map((one) => ({ ...one, method, version })),
        )
      }),
    )

const wireType = ({ method, version }: Attempt, role: Attacker['role']): string => {
  const names = methods[method].names as Record<string, Record<string, { request: string }>>
  return names[role]?.[version]?.request ?? method
}

/** Sends it, and ends what subscription it may have made. */
const send = async (attacker: Attacker, attempt: Attempt, body: unknown): Promise<Frame> => {
  const socket = attacker.sockets[attempt.version]
  const answer = await socket.request(wireType(attempt, attacker.role), body)
  const id = answer.code === 200 ? answer.body?.subscriptionId : undefined
  if (id !== undefined)
    await socket.request('cqm.UnsubscribeExConversations', { subscriptionId: id })
  return answer
}

/** The rows that hold the victims' business. */
const theirRows = ({ accountId }: Attacker): readonly string[] => {
  const rows = world.dump()
  const { account, conversationIds, consumerIds } = world
  if (accountId !== account)
    return rows
      .filter(({ table, row }) => table === 'accounts' || row['account_id'] === account)
      .map((one) => JSON.stringify(one))
  const { ringId, filePath } = world.victim
  const ids = new Set<unknown>([...conversationIds, ...consumerIds, ringId, filePath])
  const keys = new Set(
    rows
      .filter(({ table, row }) => table === 'dialogs' && conversationIds.includes(`${row['id']}`))
      .map(({ row }) => row['key']),
  )
  return rows
    .filter(
      ({ row }) => keys.has(row['dialog_key']) || Object.values(row).some((one) => ids.has(one)),
    )
    .map((one) => JSON.stringify(one))
}

const mentions = (frames: readonly Frame[], words: readonly string[]): readonly string[] =>
  frames
    .map((frame) => JSON.stringify(frame))
    .filter((text) => words.some((word) => text.includes(word)))

/** As what a frame is about; attackers may have typed an id into things of their own. */
const subjects = (ids: readonly string[]): readonly string[] =>
  ids.flatMap((id) => ['convId', 'conversationId', 'dialogId'].map((name) => `"${name}":"${id}"`))

it('[PRM20] every request has bodies that name what it can name', () => {
  expect(Object.keys(bodies).toSorted()).toEqual([...methodNames].toSorted())
  for (const method of methodNames) expect(bodies[method](world.victim).length).toBeGreaterThan(0)
})

describe.each([0, 1, 2, 3, 4])('[PRM20] foreign ids from attacker %i', (index) => {
  it('answer as ids of nobody, touch nothing, and reach nobody', async () => {
    const attacker = world.attackers[index]
    if (!attacker) throw new Error('no such attacker')
    for (const witness of world.witnesses) await witness.settled()
    for (const socket of Object.values(attacker.sockets)) await socket.settled()
    const before = theirRows(attacker)
    expect(before.length).toBeGreaterThan(10)
    const attempts = attemptsOf(attacker)
    // One example of each kind of difference says enough.
    const differences = new Map<string, unknown>()
    for (const attempt of attempts) {
      const expected = comparable(await send(attacker, attempt, attempt.nobodys), attacker.own)
      const actual = comparable(await send(attacker, attempt, attempt.foreign), attacker.own)
      if (actual === expected || (attacker.isColleague && isRefusal(actual))) continue
      const { method, version, what, foreign } = attempt
      differences.set(`${method} v${version}, ${what}: ${actual} and not ${expected}`, foreign)
    }
    expect([...differences], attacker.name).toEqual([])
    expect(attempts.length).toBeGreaterThan(200)
    expect(theirRows(attacker), attacker.name).toEqual(before)
    const told = subjects(world.conversationIds)
    for (const witness of world.witnesses)
      expect(mentions(await witness.settled(), told), attacker.name).toEqual([])
    const unseen = [...SECRETS, ...told]
    for (const socket of Object.values(attacker.sockets))
      expect(mentions(await socket.settled(), unseen), attacker.name).toEqual([])
  })
})
