/** Agents ask why a conversation is where it is. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ManualClock, SocketClient, TestAgent, TestServer } from '../src/testing/index.ts'
import { atWork, change, hire, openConversation, participant, takeRing } from './bots/duty.ts'
import { newSkill } from './bots/explained.ts'
import { stillServer } from './bots/still-server.ts'
import { callService } from './service-calls.ts'

let server: TestServer
let clock: ManualClock

beforeAll(async () => {
  ;({ server, clock } = await stillServer())
})
afterAll(() => server[Symbol.asyncDispose]())

/** Once what was begun has been written. */
const settled = async (...sockets: readonly SocketClient[]) => {
  for (let turn = 0; turn < 3; turn += 1) {
    await clock.advance(0)
    for (const socket of sockets) await socket.settled()
  }
}

const why = (account: string, id: string, { bearer }: Pick<TestAgent, 'bearer'>) =>
  callService(server, `GET /api/account/${account}/ringdown/v1/conversations/${id}/why`, { bearer })

it('[RT25] who serves a conversation is told who was asked, and why the others were not', async () => {
  const { id: account } = await server.account()
  await newSkill(server, account, '7')
  const full = await hire(server, account, { skillIds: ['7'], capacity: 0 })
  const ana = await hire(server, account, { skillIds: ['7'] })
  await hire(server, account, { skillIds: [] })
  await using _full = await atWork(server, full)
  await using agent = await atWork(server, ana)
  await using talk = await openConversation(server, account, { skillId: '7' })
  await takeRing(agent, talk.id)
  await settled(agent)
  const { status, body, headers } = await why(account, talk.id, ana)
  expect(status).toBe(200)
  expect(headers.get('cache-control')).toBe('no-store')
  expect(body).toMatchObject({
    conversationId: talk.id,
    state: 'open',
    skillId: '7',
    userId: ana.userId,
    isWhole: true,
  })
  const steps = body.steps as readonly { step: string; at: number }[]
  expect(steps.map(({ step }) => step)).toEqual(['queued', 'decided', 'ring', 'ring', 'done'])
  expect(body.agents[ana.userId]).toEqual({ agentId: ana.id, name: ana.loginName })
  const decided = steps.find(({ step }) => step === 'decided')
  expect(decided).toMatchObject({ outcome: 'ring', reason: 'only_one', others: {} })
  expect((decided as unknown as { considered: unknown }).considered).toEqual([
    {
      userId: ana.userId,
      verdict: 'chosen',
      why: 'chosen at 0/10',
      availability: 'ONLINE',
      since: expect.any(Number),
      busy: 0,
      capacity: 10,
    },
    expect.objectContaining({ userId: full.userId, verdict: 'at_capacity', busy: 0, capacity: 0 }),
    expect.objectContaining({ verdict: 'lacks_skill' }),
  ])
})

it('[RT25] of many agents the nearest have names, the others are counted', async () => {
  const { id: account } = await server.account()
  await newSkill(server, account, '7')
  const boss = await hire(server, account, { roles: ['manager'] })
  for (let number = 0; number < 24; number += 1) await hire(server, account, { skillIds: [] })
  await hire(server, account, { skillIds: ['7'] })
  await using talk = await openConversation(server, account, { skillId: '7' })
  await settled(talk.consumer)
  const { body } = await why(account, talk.id, boss)
  const decided = body.steps.find(({ step }: { step: string }) => step === 'decided')
  expect(decided).toMatchObject({ outcome: 'wait', reason: 'not_listening' })
  expect(decided.considered).toHaveLength(20)
  expect(decided.considered[0].verdict).toBe('not_listening')
  // The manager has no skills either.
  expect(decided.others).toEqual({ lacks_skill: 6 })
  expect(Object.keys(body.agents)).toHaveLength(20)
})

it('[RT25] [PRM12] [PRM21] who may not see it learns no more than of one that does not exist', async () => {
  const { id: account } = await server.account()
  const { id: elsewhere } = await server.account()
  const [ana, bob] = [await hire(server, account), await hire(server, account)]
  const boss = await hire(server, account, { roles: ['manager'] })
  const stranger = await hire(server, elsewhere, { roles: ['administrator'] })
  await using agent = await atWork(server, ana)
  await using talk = await openConversation(server, account)
  await takeRing(agent, talk.id)
  await settled(agent)
  const statusFor = async (of: string, who: Pick<TestAgent, 'bearer'>) =>
    (await why(of, talk.id, who)).status
  expect(await statusFor(account, ana)).toBe(200)
  expect(await statusFor(account, boss)).toBe(200)
  const none = await why(account, '00000000-0000-4000-8000-000000000000', bob)
  expect(none.status).toBe(404)
  expect(await why(account, talk.id, bob)).toMatchObject({ status: 404, body: none.body })
  expect(await why(elsewhere, talk.id, stranger)).toMatchObject({ status: 404, body: none.body })
  expect(await statusFor(account, stranger)).toBe(401)
  expect(await statusFor(account, { bearer: server.running.adminToken })).toBe(401)
  // Who has given it back sees it no more.
  await change(agent, talk.id, participant('REMOVE', 'ASSIGNED_AGENT', ana.id))
  await settled(agent)
  expect(await why(account, talk.id, ana)).toMatchObject({ status: 404, body: none.body })
})
