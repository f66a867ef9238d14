import { describe, expect, it } from 'vitest'
import type { Conversation } from '../../domain/conversation.ts'
import { assignedAgent, mainDialog } from '../../domain/conversation.ts'
import type { ConversationFilter } from '../store.ts'
import type { OpenStores } from './contract-types.ts'
import { codeOf, newWorld, START, unique, type World } from './given.ts'

const opening = (open: OpenStores) => {
  it('[TTR1] the first conversation of a consumer is marked and has its time to respond', async () => {
    const world = await newWorld(await open())
    const consumerId = unique('u')
    const { conversation: first, taskId } = await world.open({ consumerId })
    const { conversation: second } = await world.open({ consumerId })
    expect(first).toMatchObject({ isFirst: true, ttr: { type: 'prioritized', seconds: 600 } })
    expect(second).toMatchObject({ isFirst: false, ttr: { type: 'normal', seconds: 3600 } })
    expect(await world.load(first.id)).toEqual(first)
    const [task] = await world.store.read('queuedTasks', { accountId: world.accountId, limit: 9 })
    expect(task).toMatchObject({ id: taskId, state: 'queued', cause: 'new', passedBy: [] })
    expect(task?.deadline).toBe(START + 600_000)
  })

  it('[ST6] every field of a conversation survives', async () => {
    const world = await newWorld(await open())
    const agent = await world.agent()
    const { conversation, taskId } = await world.open({
      ttrType: 'custom',
      campaign: { campaignId: 1, engagementId: 2 },
      context: { lang: 'en-US' },
    })
    await world.assign(taskId, agent)
    const { after } = await world.change(
      conversation.id,
      agent,
      { kind: 'set_note', note: 'note' },
      { kind: 'set_topic', topic: 'topic' },
      { kind: 'set_manual_ettr', at: START + 1 },
      { kind: 'set_delay', type: 'NIGHT', until: START + 2 },
      { kind: 'update_dialog', dialogId: conversation.id, metadata: { key: 'value' } },
      { kind: 'close_conversation' },
    )
    expect(after).toMatchObject({ note: 'note', campaign: { campaignId: 1 }, state: 'closed' })
    expect(await world.load(conversation.id)).toEqual(after)
    const byDialog = { accountId: world.accountId, dialogId: conversation.id }
    expect(await world.store.read('conversationOfDialog', byDialog)).toEqual(after)
  })

  it('[CV1] a consumer has no more open conversations than allowed, opened at once', async () => {
    const world = await newWorld(await open())
    const consumerId = unique('u')
    const codes = await Promise.all(
      Array.from({ length: 6 }, () => codeOf(world.open({ consumerId, maxOpen: 3 }))),
    )
    expect(codes.filter((code) => code === 'answered')).toHaveLength(3)
    expect(codes.filter((code) => code === 'too_many_conversations')).toHaveLength(3)
    expect(await codeOf(world.open({ consumerId, maxOpen: 0 }))).toBe('answered')
  })

  it('[CV12] an agent who opens one is assigned, without a task; not beside an open one', async () => {
    const world = await newWorld(await open())
    const agent = await world.agent()
    const consumerId = unique('u')
    const openedBy = { id: agent.id, userId: agent.userId }
    const { conversation } = await world.open({ consumerId, openedBy })
    expect(assignedAgent(conversation)).toMatchObject(openedBy)
    expect(await world.store.read('accountsWithQueue', null)).not.toContain(world.accountId)
    expect(await codeOf(world.open({ consumerId, openedBy }))).toBe(
      'consumer_has_open_conversation',
    )
    await world.change(conversation.id, agent, { kind: 'close_conversation' })
    expect(await codeOf(world.open({ consumerId, openedBy }))).toBe('answered')
  })

  it('[ST1] a conversation id is given once, an account has to exist', async () => {
    const world = await newWorld(await open())
    const { conversation } = await world.open()
    expect(await codeOf(world.open({ conversationId: conversation.id }))).toBe('already_exists')
    expect(await codeOf(world.open({ accountId: unique('A') }))).toBe('account_not_found')
  })
}

const changing = (open: OpenStores) => {
  it('[RT1] closing ends the task and cancels its ring', async () => {
    const world = await newWorld(await open())
    const agent = await world.agent()
    const { conversation, taskId } = await world.open()
    const ring = await world.offer(taskId, agent)
    const { rings, task, before } = await world.change(conversation.id, agent, {
      kind: 'close_conversation',
    })
    expect(before).toEqual(conversation)
    expect(rings).toEqual([{ ...ring, state: 'cancelled', endedAt: expect.any(Number) }])
    expect(task).toMatchObject({ id: taskId, state: 'done' })
    const waiting = await world.store.read('waitingRings', { accountId: world.accountId })
    expect(waiting).toEqual([])
  })

  it('[RT1] giving back and transferring queue a new task with their cause', async () => {
    const world = await newWorld(await open())
    const agent = await world.agent()
    const leave = { kind: 'remove_participant', role: 'assigned_agent', agent } as const
    const { conversation, taskId } = await world.open()
    await world.assign(taskId, agent)
    const returned = await world.change(conversation.id, agent, leave)
    expect(returned.task).toMatchObject({ state: 'queued', cause: 'returned', skillId: '-1' })
    const ttr = { type: 'normal', seconds: 60 } as const
    await world.assign(returned.task!.id, agent)
    const transferred = await world.change(conversation.id, agent, leave, {
      kind: 'set_skill',
      skillId: '7',
      ttr,
    })
    expect(transferred.task).toMatchObject({ state: 'queued', cause: 'transfer', skillId: '7' })
    const tasks = await world.store.read('queuedTasks', { accountId: world.accountId, limit: 9 })
    expect(tasks).toMatchObject([transferred.task ?? {}])
    expect(await world.store.read('accountsWithQueue', null)).toContain(world.accountId)
  })

  it('[ST2] changes at once all take effect, each on the result of the one before', async () => {
    const world = await newWorld(await open())
    const agent = await world.agent()
    const { conversation } = await world.open()
    const changes = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        world.change(conversation.id, agent, { kind: 'set_note', note: `${index}` }),
      ),
    )
    for (const [index, { before, after }] of changes.entries()) {
      expect(before).toEqual(changes[index - 1]?.after ?? conversation)
      expect(after.revision).toBe(index + 1)
    }
  })

  it('[ST4] who joined may speak at once, who left may not', async () => {
    const world = await newWorld(await open())
    const manager = await world.agent()
    const { conversation } = await world.open()
    const publisher = { id: manager.id, userId: manager.userId, role: 'manager' } as const
    const part = { role: 'manager', agent: manager } as const
    const say = () => codeOf(world.append(conversation, { publisher }))
    const codes = await Promise.all([
      say(),
      codeOf(world.change(conversation.id, manager, { kind: 'add_participant', ...part })),
      say(),
      codeOf(world.change(conversation.id, manager, { kind: 'remove_participant', ...part })),
      say(),
      codeOf(world.change(conversation.id, manager, { kind: 'add_participant', ...part })),
      say(),
    ])
    expect(codes.filter((_, index) => index % 2 === 0)).toEqual([
      'not_participant',
      'answered',
      'not_participant',
      'answered',
    ])
    const { participants } = mainDialog(await world.load(conversation.id))
    expect(participants.map(({ role }) => role)).toEqual(['consumer', 'manager'])
  })
}

const listed = async (world: World, filter: Partial<ConversationFilter>): Promise<string[]> => {
  const found = await world.store.read('conversations', {
    accountId: world.accountId,
    limit: 100,
    ...filter,
  })
  return found.map(({ id }) => id)
}

const listing = (open: OpenStores) => {
  it('[ST10] lists by consumer, agent, state, stage, id and time of update', async () => {
    const world = await newWorld(await open())
    const agent = await world.agent()
    const opened = []
    for (const index of [0, 1, 2, 3]) opened.push(await world.open({ at: START + index }))
    const [a, b, c, d] = opened.map(({ conversation }) => conversation.id) as [
      string,
      string,
      string,
      string,
    ]
    await world.assign(opened[1]!.taskId, agent)
    await world.change(a, agent, { kind: 'close_conversation' })
    expect(await listed(world, {})).toEqual([a, b, d, c])
    expect(await listed(world, { consumerId: opened[2]?.conversation.consumerId ?? '' })).toEqual([
      c,
    ])
    expect(await listed(world, { agentIds: [agent.id, 'other'] })).toEqual([b])
    expect(await listed(world, { agentIds: [`${opened[2]?.conversation.consumerId}`] })).toEqual([])
    expect(await listed(world, { agentIds: [] })).toEqual([])
    expect(await listed(world, { states: ['closed'] })).toEqual([a])
    expect(await listed(world, { stages: ['open'] })).toEqual([b, d, c])
    expect(await listed(world, { stages: ['open', 'closed'] })).toHaveLength(4)
    expect(await listed(world, { conversationId: d })).toEqual([d])
    expect(await listed(world, { minUpdatedAt: START + 3, maxUpdatedAt: START + 5 })).toEqual([
      b,
      d,
    ])
  })

  it('[ST10] pages do not overlap, also where updates share an instant', async () => {
    const world = await newWorld(await open())
    for (const at of [0, 0, 0, 1, 1, 2, 2]) await world.open({ at: START + at })
    const whole = await world.store.read('conversations', {
      accountId: world.accountId,
      limit: 100,
    })
    const paged: Conversation[] = []
    for (;;) {
      const last = paged.at(-1)
      const page = await world.store.read('conversations', {
        accountId: world.accountId,
        limit: 3,
        ...(last && { after: { updatedAt: last.updatedAt, id: last.id } }),
      })
      paged.push(...page)
      if (page.length < 3) break
    }
    expect(paged).toEqual(whole)
    expect(new Set(paged.map(({ id }) => id)).size).toBe(7)
  })

  it('[SUB12] events come ascending, by bounds and limit, oldest or newest', async () => {
    const world = await newWorld(await open())
    const { conversation } = await world.open()
    await Promise.all(Array.from({ length: 10 }, () => world.append(conversation)))
    const page = async (rest: object) => {
      const query = { accountId: world.accountId, dialogId: conversation.id, audience: 'all' }
      const events = await world.store.read('events', {
        ...query,
        audience: 'all',
        from: 0,
        limit: 3,
        ...rest,
      })
      return events.map(({ sequence }) => sequence)
    }
    expect(await page({})).toEqual([0, 1, 2])
    expect(await page({ from: 4, before: 6 })).toEqual([4, 5])
    expect(await page({ newest: true })).toEqual([7, 8, 9])
    expect(await page({ newest: true, before: 5 })).toEqual([2, 3, 4])
    expect(await page({ from: 10 })).toEqual([])
  })
}

export const conversationContract = (open: OpenStores): void => {
  describe('conversations', () => {
    opening(open)
    changing(open)
    listing(open)
  })
}
