import { afterAll, beforeAll, expect, it } from 'vitest'
import type { SocketClient, TestServer } from '../src/testing/index.ts'
import { hire, openConversation, refusal } from './bots/duty.ts'
import { stillServer } from './bots/still-server.ts'
import { administer, assign } from './service-calls.ts'

let server: TestServer

beforeAll(async () => {
  ;({ server } = await stillServer())
})
afterAll(() => server[Symbol.asyncDispose]())

const names = {
  '2.1': { read: '.ams.userprofile.GetUserProfile', write: '.ams.userprofile.SetUserProfile' },
  '3': { read: 'userprofile.GetUserProfile', write: 'userprofile.SetUserProfile' },
} as const

type Version = keyof typeof names

const read = (socket: SocketClient, body: unknown = {}, version: Version = '2.1') =>
  socket.request(names[version].read, body)

const write = (socket: SocketClient, body: object, version: Version = '2.1') =>
  socket.request(names[version].write, body)

const worker = async (version: Version = '2.1', settings = {}) => {
  const { id: account } = await server.account(settings)
  const ana = await hire(server, account)
  return { account, ana, socket: await server.agentSocket(account, ana.bearer, version) }
}

it('[AG50] [AG43] an agent finds its own profile in every way of saying so', async () => {
  const { account, ana, socket } = await worker()
  for (const body of [
    {},
    ana.oldId,
    ana.id,
    ana.userId,
    `${account}.undefined`,
    { userId: ana.id },
  ]) {
    const { code, type, body: profile } = await read(socket, body)
    expect({ code, type }).toEqual({ code: 200, type: '.ams.userprofile.GetUserProfile$Response' })
    expect(profile).toMatchObject({ userId: ana.oldId, firstName: 'Ana', lastName: 'Test' })
  }
  await using modern = await server.agentSocket(account, ana.bearer, '3')
  expect((await read(modern, {}, '3')).body).toMatchObject({ userId: ana.id, role: 'AGENT' })
})

it.each(['2.1', '3'] as const)('[AG50] an agent of version %s sets its own profile', async (v) => {
  const { account, ana, socket } = await worker(v)
  const profile = {
    firstName: 'Anabel',
    nickname: 'Bel',
    description: 'here to help',
    avatarUrl: 'https://img.example/bel.png',
    role: 'MANAGER',
    privateData: { mail: 'bel@example.com', mobileNum: 15_550_100 },
  }
  const answer = await write(socket, profile, v)
  expect(answer).toMatchObject({ code: 200, body: 'OK User Profile set successfully' })
  const { body } = await read(socket, {}, v)
  expect(body).toMatchObject({
    firstName: 'Anabel',
    lastName: 'Test',
    nickname: 'Bel',
    role: 'AGENT',
    description: 'here to help',
    avatarUrl: 'https://img.example/bel.png',
    privateData: { mail: 'bel@example.com', email: 'bel@example.com', mobileNum: '15550100' },
  })
  const kept = await administer(server, account, `GET agents/${ana.userId}`)
  expect(kept.body).toMatchObject({
    fullName: 'Anabel Test',
    nickname: 'Bel',
    email: 'bel@example.com',
    roles: ['agent'],
    loginName: ana.loginName,
    details: { pictureUrl: 'https://img.example/bel.png', mobileNumber: '15550100' },
  })
  await write(socket, { avatarUrl: null, nickname: null, lastName: 'de la Cruz' }, v)
  const after = (await read(socket, {}, v)).body
  expect(after).toMatchObject({ firstName: 'Anabel', lastName: 'de la Cruz', nickname: 'Bel' })
  expect(after).not.toHaveProperty('avatarUrl')
})

it.each([
  ['a picture that is no https', { avatarUrl: 'javascript:alert(1)' }, 'avatarUrl'],
  ['an empty nickname', { nickname: ' ' }, 'nickname'],
  ['a long name', { firstName: 'x'.repeat(257) }, 'firstName'],
  [
    'names that are long together',
    { firstName: 'x'.repeat(200), lastName: 'y'.repeat(200) },
    'lastName',
  ],
  ['control characters', { description: 'a\u0007' }, 'description'],
])('[AG50] %s is refused and changes nothing', async (_, body, field) => {
  const { socket } = await worker()
  const before = (await read(socket)).body
  expect(await write(socket, body)).toMatchObject(refusal(400, `Bad request: ${field}`))
  expect((await read(socket)).body).toEqual(before)
})

it('[AG50] nobody sets the profile of another', async () => {
  const { account, socket } = await worker()
  const bea = await hire(server, account)
  for (const userId of [bea.id, bea.oldId, 'c-91f2']) {
    const answer = await write(socket, { userId, nickname: 'taken' })
    expect(answer).toMatchObject(refusal(403, 'Operation not permitted'))
  }
  const kept = await administer(server, account, `GET agents/${bea.userId}`)
  expect(kept.body.nickname).toBe(bea.loginName)
})

it('[AG51] every consumer has an id in private data where the account says so', async () => {
  for (const profileUserIdForAll of [true, false]) {
    const { account, ana, socket } = await worker('2.1', { profileUserIdForAll })
    await using modern = await server.agentSocket(account, ana.bearer, '3')
    await using talk = await openConversation(server, account)
    await assign(server, ana, talk.id)
    const old = (await read(socket, talk.consumerId)).body
    const attributes = (await read(modern, talk.consumerId, '3')).body
    const customerId = talk.consumerId
    expect(old.privateData).toEqual(profileUserIdForAll ? { userId: customerId } : {})
    expect(attributes).toEqual(
      profileUserIdForAll ? [{ type: 'ctmrinfo', info: { customerId }, auth: {} }] : [],
    )
  }
})

it('[AG11] the consumer of a conversation has a profile even if nothing is known of it', async () => {
  const { account, ana, socket } = await worker()
  const { store, ids, clock } = server.services
  const consumerId = ids.uuid()
  const { conversation } = await store.write('openConversation', {
    accountId: account,
    conversationId: ids.uuid(),
    consumerId,
    skillId: '-1',
    ttrSeconds: { urgent: 1, prioritized: 1, normal: 1, custom: 1 },
    taskId: ids.uuid(),
    maxOpen: 1,
    at: clock.now(),
  })
  await assign(server, ana, conversation.id)
  expect(await store.read('consumer', { accountId: account, id: consumerId })).toBeUndefined()
  const { code, body } = await read(socket, consumerId)
  expect({ code, body }).toMatchObject({ code: 200, body: { userId: consumerId, privateData: {} } })
  expect(await read(socket, ids.uuid())).toMatchObject(refusal(404, 'Consumer not found'))
})
