/** What agents hear of the coming and going of a consumer's window, and what that costs. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type TestServer, testServer } from '../src/testing/index.ts'
import { type CountedStore, countedStore } from './counted-store.ts'
import {
  agentOf,
  change,
  closing,
  consumerOf,
  eventsIn,
  follow,
  isEvents,
  joining,
  managerOf,
  open,
  type Person,
  unhurried,
  type Worker,
} from './given.ts'

let counted: CountedStore
let server: TestServer
let account: string

beforeAll(async () => {
  counted = await countedStore()
  server = await testServer({ limits: unhurried, store: counted.store })
  account = (await server.account()).id
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await counted.elsewhere[Symbol.asyncDispose]()
})

/** The window goes and is back. */
const blink = async ({ id, socket, token }: Person) => {
  socket.close()
  await expect.poll(() => server.services.sessions.of(account, id).size).toBe(0)
  return server.consumer(account, { token })
}

const heardBy = async ({ socket }: Worker) =>
  (await socket.settled())
    .flatMap(eventsIn)
    .map(({ event, dialogId }) => [event.chatState, dialogId])

it('[EV9] is told of each open conversation that is followed, and of no other', async () => {
  await using ann = await consumerOf(server, account)
  await using ben = await consumerOf(server, account)
  await using max = await managerOf(server, account)
  const dialogs = [await open(ann), await open(ann), await open(ann), await open(ben)] as const
  for (const id of dialogs) await change(max, id, joining('MANAGER'))
  const [first, second, closed, foreign] = dialogs
  for (const id of [first, second, closed, foreign]) await follow(max, id)
  await change(max, closed, closing)
  await max.socket.settled()
  await using back = await blink(ann)
  await back.settled()
  const heard = await heardBy(max)
  expect(heard.toSorted()).toEqual([
    ...[first, second].toSorted().map((id) => ['ACTIVE', id]),
    ...[first, second].toSorted().map((id) => ['BACKGROUND', id]),
  ])
})

it('[EV9] asks the store for no conversation, whoever follows', async () => {
  await using ann = await consumerOf(server, account)
  await using max = await agentOf(server, account, { roles: ['manager'] })
  const id = await open(ann)
  const before = counted.issued('conversations')
  await using once = await blink(ann)
  await once.settled()
  await change(max, id, joining('MANAGER'))
  await follow(max, id)
  await max.socket.settled()
  await using back = await blink({ ...ann, socket: once })
  await back.settled()
  expect((await max.socket.next(isEvents)).body.changes[0].event.chatState).toBe('BACKGROUND')
  expect(counted.issued('conversations')).toBe(before)
})
