import { describe, expect, it } from 'vitest'
import { assignedAgent } from '../../domain/conversation.ts'
import type { OpenStores } from './contract-types.ts'
import { codeOf, newWorld, START, type World } from './given.ts'

const answer = (
  world: World,
  ringId: string,
  agent: { id: string; userId: string },
  given: 'accept' | 'reject' = 'accept',
) =>
  world.store.write('answerRing', {
    accountId: world.accountId,
    ringId,
    agent: { id: agent.id, userId: agent.userId },
    answer: given,
    at: START + 5,
  })

const queued = (world: World) =>
  world.store.read('queuedTasks', { accountId: world.accountId, limit: 100 })

const offering = (open: OpenStores) => {
  it('[RT1] a task is offered once; the ring carries what the agent needs', async () => {
    const world = await newWorld(await open())
    const [agent, other] = [await world.agent(), await world.agent()]
    const { conversation, taskId } = await world.open()
    const offers = await Promise.all([world.offer(taskId, agent), world.offer(taskId, other)])
    const [ring, ...none] = offers.filter(Boolean)
    expect(none).toEqual([])
    expect(ring).toMatchObject({
      taskId,
      conversationId: conversation.id,
      consumerId: conversation.consumerId,
      state: 'waiting',
      weight: START + 600_000,
    })
    expect(await queued(world)).toEqual([])
    const { accountId } = world
    expect(await world.store.read('waitingRings', { accountId })).toEqual([ring])
    const byAgent = { accountId, agentId: ring!.agentId }
    expect(await world.store.read('waitingRings', byAgent)).toEqual([ring])
    expect(await world.store.read('nextRingExpiry', null)).toBeLessThanOrEqual(ring!.expiresAt)
  })

  it('[RT2] offers at once never exceed what the agent can carry', async () => {
    const world = await newWorld(await open())
    const agent = await world.agent()
    const opened = await Promise.all(Array.from({ length: 8 }, () => world.open()))
    await world.assign(opened[0]!.taskId, agent)
    const offers = await Promise.all(
      opened.slice(1).map(({ taskId }) => world.offer(taskId, agent, { capacity: 4 })),
    )
    expect(offers.filter(Boolean)).toHaveLength(3)
    expect(await queued(world)).toHaveLength(4)
    const [load] = await world.store.read('agentLoads', world.accountId)
    expect(load).toMatchObject({ agentId: agent.id, assigned: 1, ringing: 3 })
    expect(load?.lastAssignedAt).toBe(START + 5)
  })
}

const answering = (open: OpenStores) => {
  it('[RT1] accepting assigns the agent and ends the task', async () => {
    const world = await newWorld(await open())
    const agent = await world.agent()
    const { conversation, taskId } = await world.open()
    const ring = await world.offer(taskId, agent)
    const answered = await answer(world, ring!.id, agent)
    expect(answered).toMatchObject({ isRepeat: false, ring: { ...ring, state: 'accepted' } })
    expect(answered.change?.before).toEqual(conversation)
    expect(answered.change?.task).toMatchObject({ id: taskId, state: 'done' })
    expect(assignedAgent(answered.change!.after)).toMatchObject({ id: agent.id })
    expect(await world.load(conversation.id)).toEqual(answered.change?.after)
    expect(await queued(world)).toEqual([])
  })

  it('[RG6] of two accepts at once one changes, and the other is its repeat', async () => {
    const world = await newWorld(await open())
    const agent = await world.agent()
    const { taskId } = await world.open()
    const ring = await world.offer(taskId, agent)
    const answers = await Promise.all([
      answer(world, ring!.id, agent),
      answer(world, ring!.id, agent),
    ])
    expect(answers.map(({ isRepeat }) => isRepeat).toSorted()).toEqual([false, true])
    expect(answers.filter(({ change }) => change)).toHaveLength(1)
    expect(await codeOf(answer(world, ring!.id, agent, 'reject'))).toBe('ring_not_waiting')
  })

  it('[RG6] an accept after the agent lost the conversation is refused', async () => {
    const world = await newWorld(await open())
    const agent = await world.agent()
    const { conversation, taskId } = await world.open()
    const ring = await world.offer(taskId, agent)
    await answer(world, ring!.id, agent)
    const leave = { kind: 'remove_participant', role: 'assigned_agent', agent } as const
    await world.change(conversation.id, agent, leave)
    expect(await codeOf(answer(world, ring!.id, agent))).toBe('ring_not_waiting')
  })

  it('[RG6] refuses rings that are unknown, of others, or over', async () => {
    const world = await newWorld(await open())
    const [agent, other] = [await world.agent(), await world.agent()]
    const { taskId } = await world.open()
    const ring = await world.offer(taskId, agent)
    expect(await codeOf(answer(world, 'none', agent))).toBe('ring_not_found')
    expect(await codeOf(answer(world, ring!.id, other))).toBe('other_agents_ring')
    await answer(world, ring!.id, agent, 'reject')
    expect(await codeOf(answer(world, ring!.id, agent))).toBe('ring_not_waiting')
    expect(await codeOf(answer(world, ring!.id, agent, 'reject'))).toBe('ring_not_waiting')
  })

  it('[RT1] one that was assigned past its ring is not assigned twice', async () => {
    const world = await newWorld(await open())
    const [agent, manager] = [await world.agent(), await world.agent()]
    const { conversation, taskId } = await world.open()
    const ring = await world.offer(taskId, agent)
    const takeOver = { kind: 'add_participant', role: 'assigned_agent', agent: manager } as const
    const [, code] = await Promise.all([
      world.change(conversation.id, manager, takeOver),
      codeOf(answer(world, ring!.id, agent)),
    ])
    expect(['ring_not_waiting', 'already_assigned']).toContain(code)
    expect(assignedAgent(await world.load(conversation.id))?.id).toBe(manager.id)
  })
}

const ending = (open: OpenStores) => {
  it('[RG3] a rejected or expired ring queues its task, and the agent is asked last', async () => {
    const world = await newWorld(await open())
    const [agent, other] = [await world.agent(), await world.agent()]
    const { taskId } = await world.open()
    const ring = await world.offer(taskId, agent)
    const rejected = await answer(world, ring!.id, agent, 'reject')
    expect(rejected).toMatchObject({ ring: { state: 'rejected' } })
    expect(rejected.change).toBeUndefined()
    expect((await queued(world))[0]).toMatchObject({ id: taskId, passedBy: [agent.id] })
    const second = await world.offer(taskId, other, { expiresAt: 1000 })
    const end = (at: number) =>
      world.store.write('endRings', { input: 'expire', at, of: { dueAt: at } })
    expect(await end(999)).toEqual([])
    expect(await end(1000)).toEqual([{ ...second, state: 'expired', endedAt: 1000 }])
    expect(await end(1000)).toEqual([])
    expect((await queued(world))[0]?.passedBy).toEqual([agent.id, other.id])
    await answer(world, (await world.offer(taskId, agent))!.id, agent, 'reject')
    expect((await queued(world))[0]?.passedBy).toEqual([other.id, agent.id])
  })

  it("[RG4] an agent's rings are cancelled together, nobody else's", async () => {
    const world = await newWorld(await open())
    const [agent, other] = [await world.agent(), await world.agent()]
    const opened = [await world.open(), await world.open(), await world.open()]
    await world.offer(opened[0]!.taskId, agent)
    await world.offer(opened[1]!.taskId, agent)
    const kept = await world.offer(opened[2]!.taskId, other)
    const { accountId } = world
    const ended = await world.store.write('endRings', {
      input: 'cancel',
      at: START,
      of: { accountId, agentId: agent.id },
    })
    expect(ended.map(({ state }) => state)).toEqual(['cancelled', 'cancelled'])
    expect(await world.store.read('waitingRings', { accountId })).toEqual([kept])
    expect(await queued(world)).toHaveLength(2)
  })

  it('[RT5] the queue is ordered by deadline, then by arrival', async () => {
    const world = await newWorld(await open())
    const late = await world.open({ ttrType: 'normal' })
    const soon = await world.open({ ttrType: 'urgent', at: START + 1 })
    const sooner = await world.open({ ttrType: 'urgent', at: START })
    const order = (await queued(world)).map(({ id }) => id)
    expect(order).toEqual([sooner.taskId, soon.taskId, late.taskId])
  })
}

export const ringContract = (open: OpenStores): void => {
  describe('rings', () => {
    offering(open)
    answering(open)
    ending(open)
  })
}
