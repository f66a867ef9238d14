import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ManualClock, TestAgent, TestServer } from '../src/testing/index.ts'
import { hire, openConversation, setState } from './bots/duty.ts'
import { stillServer } from './bots/still-server.ts'
import { assign, callService } from './service-calls.ts'

type Worker = TestAgent & { accountId: string }

let server: TestServer
let clock: ManualClock

beforeAll(async () => {
  ;({ server, clock } = await stillServer())
})
afterAll(() => server[Symbol.asyncDispose]())

/** Ana has a socket and one conversation; her manager has neither. */
const furnish = async () => {
  const { id: account } = await server.account()
  const ana = await hire(server, account)
  const boss = await hire(server, account, { roles: ['manager'] })
  await using talk = await openConversation(server, account)
  await assign(server, ana, talk.id)
  return { account, ana, boss, socket: await server.agentSocket(account, ana.bearer) }
}

describe('the status of agents', () => {
  const statuses = async (agent: Worker, body: object = {}) => {
    const { status, body: answer } = await callService(
      server,
      `POST /messaging_history/api/account/${agent.accountId}/agent-view/status`,
      { bearer: agent.bearer, body },
    )
    expect(status, JSON.stringify(answer)).toBe(200)
    return answer
  }
  const who = ({ agentStatusRecords }: { agentStatusRecords: { agentId: string }[] }) =>
    agentStatusRecords.map(({ agentId }) => agentId)

  it('[HIS9] [HIS10] tells state, load and presence', async () => {
    const { account, ana, boss, socket } = await furnish()
    await setState(socket, 'ONLINE')
    await clock.leap(5000)
    const answer = await statuses(boss, { agentIds: [ana.userId] })
    expect(answer).toMatchObject({ _metadata: { count: 1 }, accountID: account })
    expect(answer.agentStatusRecords).toEqual([
      {
        agentId: ana.userId,
        agentPid: ana.id,
        agentName: 'Ana Test',
        agentNickname: ana.loginName,
        agentLoginName: ana.loginName,
        currentStatus: 'ONLINE',
        currentStatusStartTime: expect.any(String),
        currentStatusStartTimeL: clock.now() - 5000,
        currentStatusDuration: 5000,
        agentSkills: [],
        agentGroupId: -1,
        agentGroupName: 'Main Group',
        load: 10,
        configuredMaxSlots: 10,
        busySlots: 1,
        ringingSlots: 0,
        openAssignedConversations: 1,
        intenseConversations: 0,
        agentPresence: 'true',
        currentConnectionState: 'CONNECTED',
        lastUpdatedTime: expect.any(String),
        lastUpdatedTimeL: clock.now(),
      },
    ])
    await socket.request('.ams.routing.SetAgentState', {
      availability: 'OCCUPIED',
      description: 'writing',
    })
    const [record] = (await statuses(boss, { agentIds: [ana.userId] })).agentStatusRecords
    expect(record).toMatchObject({ currentStatus: 'BACK_SOON', currentStatusReason: 'writing' })
  })

  it('[HIS9] is filtered, and an empty list when nobody fits', async () => {
    const { account, ana, boss, socket } = await furnish()
    const { store } = server.services
    const skill = await store.write('createSkill', { accountId: account, name: 'Sales', ttr: {} })
    await store.write('updateAgent', {
      accountId: account,
      userId: ana.userId,
      skillIds: [skill.id],
    })
    await setState(socket, 'AWAY')
    const all = [ana.userId, boss.userId]
    expect(who(await statuses(boss)).toSorted()).toEqual(all.toSorted())
    for (const filter of [
      { status: ['away'] },
      { Status: ['AWAY'] },
      { skillIds: [Number(skill.id)] },
      { connectionStates: ['CONNECTED'] },
      { agentPresence: true },
      { agentIds: [ana.oldId] },
    ])
      expect([filter, who(await statuses(boss, filter))]).toEqual([filter, [ana.userId]])
    expect(who(await statuses(boss, { agentGroupIds: ['-1'] }))).toHaveLength(2)
    expect(who(await statuses(boss, { agentGroupIds: ['9'] }))).toEqual([])
    expect(who(await statuses(boss, { agentIds: ['undefined'] }))).toEqual([])
    await store.write('updateAgent', { accountId: account, userId: ana.userId, isEnabled: false })
    expect(who(await statuses(boss))).toEqual([boss.userId])
  })

  it('[HIS11] shows an agent itself and those that it names', async () => {
    const { ana, boss } = await furnish()
    expect(who(await statuses(ana))).toEqual([ana.userId])
    expect(who(await statuses(ana, { agentIds: [boss.userId] }))).toEqual([boss.userId])
  })
})
