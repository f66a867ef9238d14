/** Two accounts: in one, people who mind their business; in both, people who would like to know it. */
import { randomUUID } from 'node:crypto'
import type { Role } from '@ringdown/protocol'
import { expect } from 'vitest'
import type { DumpedStore } from '../../src/store/contract/dumped-store.ts'
import { dumpedStore } from '../../src/store/contract/dumped-store.ts'
import type { SocketClient, TestServer } from '../../src/testing/index.ts'
import {
  atWork,
  change,
  closing,
  followConversations,
  hire,
  nextRing,
  openConversation,
  takeRing,
} from '../bots/duty.ts'
import { stillServer } from '../bots/still-server.ts'
import { consumerOf, say } from '../given.ts'
import type { NamedIds } from './bodies.ts'

export const versions = ['2', '3'] as const
export type Version = (typeof versions)[number]

/** Texts that nobody else may ever see. */
export const SECRETS = ['secret to all', 'secret among agents', 'secret note']

export interface Attacker {
  readonly name: string
  readonly role: Role
  readonly accountId: string
  readonly sockets: Readonly<Record<Version, SocketClient>>
  /** Its own things. */
  readonly own: NamedIds
  /** The ids that are foreign to it; its brand's agents and skills are not. */
  readonly foreign: readonly (keyof NamedIds)[]
  /** An agent of the account may learn that a conversation exists, and no more. */
  readonly isColleague: boolean
  readonly consumerToken?: string
  readonly bearer?: string
}

export interface WallWorld extends AsyncDisposable {
  readonly server: TestServer
  readonly account: string
  readonly victim: NamedIds
  readonly attackers: readonly Attacker[]
  /** Sockets of those whose business it is. */
  readonly witnesses: readonly SocketClient[]
  readonly dump: DumpedStore['dump']
  readonly conversationIds: readonly string[]
  readonly consumerIds: readonly string[]
}

/** Ids that nobody has, of the same forms. */
export const nobodys = (like: NamedIds): NamedIds => ({
  accountId: 'zz_9999',
  conversationId: randomUUID(),
  dialogId: randomUUID(),
  consumerId: randomUUID(),
  agentId: randomUUID(),
  oldAgentId: 'zz_9999.424242',
  ringId: like.ringId.replace(UUID, () => randomUUID()),
  skillId: '987654',
  subscriptionId: randomUUID(),
  filePath: like.filePath.replace(UUID, () => randomUUID()),
})

export const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g

const everyId = [
  'accountId',
  'conversationId',
  'dialogId',
  'consumerId',
  'agentId',
  'oldAgentId',
  'ringId',
  'skillId',
  'subscriptionId',
  'filePath',
] as const satisfies readonly (keyof NamedIds)[]

const ofTheBrand: readonly (keyof NamedIds)[] = ['accountId', 'agentId', 'oldAgentId', 'skillId']
const ofOthers = everyId.filter((name) => !ofTheBrand.includes(name))

const SKILL = '771'
const PRIVATE = { messageAudience: 'AGENTS_AND_MANAGERS' }

/** The address of a file that the consumer was given. */
const filePathOf = async (socket: SocketClient): Promise<string> => {
  const { code, body } = await socket.request('ms.GenerateURLForUploadFile', {
    fileSize: 100,
    fileType: 'JPEG',
  })
  return code === 200 ? body.relativePath : `/v1/files/${randomUUID()}`
}

/** Conversations with a colleague, closed, and ringing, in an account of its own. */
const victims = async (server: TestServer, stack: AsyncDisposableStack) => {
  const { id: account } = await server.account({ maxOpenConversations: 0 })
  await server.services.store.write('createSkill', {
    accountId: account,
    id: SKILL,
    name: 'S',
    ttr: {},
  })
  const body = { skillId: SKILL }
  const ana = await hire(server, account, { skillIds: [SKILL] })
  const max = await hire(server, account, { roles: ['manager'] })
  const working = stack.use(await atWork(server, ana))
  const watching = stack.use(await server.agentSocket(account, max.bearer))
  const talk = stack.use(await openConversation(server, account, body))
  await takeRing(working, talk.id)
  expect(await say({ socket: talk.consumer }, talk.id, 'secret to all')).toMatchObject({
    code: 200,
  })
  expect(await say({ socket: working }, talk.id, 'secret among agents', PRIVATE)).toMatchObject({
    code: 200,
  })
  await change(working, talk.id, { field: 'Note', note: 'secret note' })
  const closed = stack.use(await openConversation(server, account, body))
  await takeRing(working, closed.id)
  expect(await change(working, closed.id, closing)).toMatchObject({ code: 200 })
  const ringing = stack.use(await openConversation(server, account, body))
  const { ringId } = await nextRing(working, 'WAITING', ringing.id)
  for (const { consumer, id } of [talk, closed, ringing]) {
    await consumer.request('cqm.SubscribeExConversations', { convState: ['OPEN', 'CLOSE'] })
    await consumer.request('ms.SubscribeMessagingEvents', { dialogId: id, fromSeq: 0 })
  }
  const { body: subscribed } = await followConversations(watching, {
    convState: ['OPEN', 'CLOSE'],
  })
  await watching.request('.ams.ms.SubscribeMessagingEvents', { dialogId: talk.id, fromSeq: 0 })
  const victim: NamedIds = {
    accountId: account,
    conversationId: talk.id,
    dialogId: talk.id,
    consumerId: talk.consumerId,
    agentId: ana.id,
    oldAgentId: ana.oldId,
    ringId,
    skillId: SKILL,
    subscriptionId: subscribed.subscriptionId,
    filePath: await filePathOf(talk.consumer),
  }
  const talks = [talk, closed, ringing]
  return {
    account,
    victim,
    witnesses: [working, watching, ...talks.map(({ consumer }) => consumer)],
    conversationIds: talks.map(({ id }) => id),
    consumerIds: talks.map(({ consumerId }) => consumerId),
  }
}

const attackingConsumer = async (
  { server, stack }: { server: TestServer; stack: AsyncDisposableStack },
  accountId: string,
  who: Pick<Attacker, 'name' | 'foreign'>,
): Promise<Attacker> => {
  const eve = stack.use(await consumerOf(server, accountId))
  const other = stack.use(await server.consumer(accountId, { token: eve.token, version: '2' }))
  const { body } = await eve.socket.request('cm.ConsumerRequestConversation', {})
  const id = body.conversationId
  const none = nobodys({ ringId: '', filePath: '' } as NamedIds)
  return {
    ...who,
    role: 'consumer',
    accountId,
    sockets: { 2: other, 3: eve.socket },
    own: { ...none, accountId, conversationId: id, dialogId: id, consumerId: eve.id },
    isColleague: false,
    consumerToken: eve.token,
  }
}

const attackingAgent = async (
  { server, stack }: { server: TestServer; stack: AsyncDisposableStack },
  accountId: string,
  {
    roles,
    ...who
  }: Pick<Attacker, 'name' | 'foreign' | 'isColleague'> & { roles: ('agent' | 'manager')[] },
): Promise<Attacker> => {
  const una = await hire(server, accountId, { roles: [...roles, 'agent'] })
  const socket = stack.use(await server.agentSocket(accountId, una.bearer))
  const newer = stack.use(await server.agentSocket(accountId, una.bearer, '3'))
  const working = stack.use(await atWork(server, una))
  const talk = stack.use(await openConversation(server, accountId))
  await takeRing(working, talk.id)
  await working.request('.ams.routing.SetAgentState', { availability: 'AWAY' })
  const none = nobodys({ ringId: '', filePath: '' } as NamedIds)
  return {
    ...who,
    role: 'agent',
    accountId,
    sockets: { 2: socket, 3: newer },
    own: {
      ...none,
      accountId,
      conversationId: talk.id,
      dialogId: talk.id,
      consumerId: talk.consumerId,
      agentId: una.id,
      oldAgentId: una.oldId,
    },
    bearer: una.bearer,
  }
}

export const wallWorld = async (): Promise<WallWorld> => {
  const { store, dump } = await dumpedStore()
  await using stack = new AsyncDisposableStack()
  stack.use(store)
  const { server } = await stillServer({
    store,
    limits: { requestBurst: 10_000_000, subscriptionsPerSocket: 100_000 },
  })
  stack.use(server)
  const people = await victims(server, stack)
  const { id: elsewhere } = await server.account({ maxOpenConversations: 0 })
  const parts = { server, stack }
  const stranger = { foreign: everyId, isColleague: false }
  const attackers = [
    await attackingConsumer(parts, people.account, {
      name: 'a consumer of the same brand',
      foreign: ofOthers,
    }),
    await attackingConsumer(parts, elsewhere, {
      name: "another account's consumer",
      foreign: everyId,
    }),
    await attackingAgent(parts, elsewhere, {
      ...stranger,
      name: "another account's agent",
      roles: [],
    }),
    await attackingAgent(parts, elsewhere, {
      ...stranger,
      name: "another account's manager",
      roles: ['manager'],
    }),
    await attackingAgent(parts, people.account, {
      name: 'an agent who is not assigned',
      foreign: ofOthers,
      isColleague: true,
      roles: [],
    }),
  ]
  const parked = stack.move()
  return {
    ...people,
    server,
    attackers,
    dump,
    [Symbol.asyncDispose]: () => parked.disposeAsync(),
  }
}
