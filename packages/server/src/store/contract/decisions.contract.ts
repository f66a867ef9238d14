import { describe, expect, it } from 'vitest'
import type { Agent } from '../../domain/account.ts'
import { assignedAgent, mainDialog } from '../../domain/conversation.ts'
import { passView, rosterView } from '../../domain/routing/stored.ts'
import { candidate, task as need } from '../../domain/routing/test-candidates.ts'
import type { CommandData } from '../store.ts'
import type { OpenStores } from './contract-types.ts'
import { codeOf, newWorld, START, unique, type World } from './given.ts'

const seen = [candidate('ana', { busy: 1, lastAssignedAt: START - 50 }), candidate('bob')]
const roster = rosterView(seen, {})

const passAt = (at: number) => ({
  id: `${at.toString(16).padStart(12, '0')}-${unique('p')}`,
  at,
  rosterId: unique('roster'),
  loads: passView(seen, at),
})

const record = (
  world: World,
  pass: ReturnType<typeof passAt>,
  ...decisions: CommandData<'recordDecisions'>['decisions'][number][]
) => world.store.write('recordDecisions', { accountId: world.accountId, pass, roster, decisions })

const { conversationId: _, ...storedNeed } = need()
const waits = (conversationId: string, ordinal: number) => ({
  ordinal,
  conversationId,
  reason: 'at_capacity',
  need: storedNeed,
})
const rings = (conversationId: string, ordinal: number, agentId: string) => ({
  ...waits(conversationId, ordinal),
  reason: 'least_busy',
  agentId,
  ringId: unique('r'),
})

const keeping = (open: OpenStores) => {
  it('[RT20] decisions come back with all that their pass saw', async () => {
    const world = await newWorld(await open())
    const { accountId } = world
    const pass = passAt(START)
    const [first, second] = [rings('c1', 0, 'ana'), rings('c2', 1, 'bob')]
    await record(world, pass, first, second, waits('c3', 2))
    const later = { ...passAt(START + 5), rosterId: pass.rosterId }
    await world.store.write('recordDecisions', {
      accountId,
      pass: later,
      decisions: [rings('c3', 0, 'ana')],
    })
    const of = (conversationId: string, limit = 10) =>
      world.store.read('decisions', { accountId, conversationId, limit })
    expect(await of('c1')).toEqual([{ ...first, pass, roster, rungBefore: [] }])
    expect(await of('c2')).toEqual([{ ...second, pass, roster, rungBefore: ['ana'] }])
    expect(await of('c3')).toMatchObject([
      { reason: 'at_capacity', rungBefore: ['ana', 'bob'], pass },
      { reason: 'least_busy', agentId: 'ana', rungBefore: [], pass: later, roster },
    ])
    expect(await of('c3', 1)).toMatchObject([{ reason: 'least_busy' }])
  })

  it('[RT22] old passes go, the newer stay', async () => {
    const world = await newWorld(await open())
    const { accountId, store } = world
    const [old, recent] = [passAt(100), passAt(START)]
    await record(world, old, waits('c', 0))
    await record(world, { ...recent, rosterId: unique('roster') }, waits('c', 0))
    const before = START - 1
    expect(await store.write('pruneDecisions', { before, limit: 1 })).toEqual({ passes: 1 })
    while ((await store.write('pruneDecisions', { before, limit: 100 })).passes > 0);
    const left = await store.read('decisions', { accountId, conversationId: 'c', limit: 10 })
    expect(left.map(({ pass }) => pass.at)).toEqual([START])
  })

  it('[RT22] passes of all accounts go together, the oldest first', async () => {
    const store = await open()
    const [one, other] = [await newWorld(store), await newWorld(store)]
    const passes = [passAt(10), passAt(20), passAt(30)] as const
    await record(one, passes[0], waits('c', 0), waits('d', 1))
    await record(other, passes[1], waits('c', 0))
    await record(one, { ...passes[2], rosterId: unique('roster') }, waits('c', 0))
    const left = async ({ accountId }: World) => {
      const found = await store.read('decisions', { accountId, conversationId: 'c', limit: 10 })
      return found.map(({ pass }) => pass.at)
    }
    expect(await store.write('pruneDecisions', { before: 31, limit: 2 })).toEqual({ passes: 2 })
    expect([await left(one), await left(other)]).toEqual([[30], []])
  })

  it('[RT20] decisions of one roster share it', async () => {
    const world = await newWorld(await open())
    const { accountId, store } = world
    const pass = passAt(START)
    await record(world, pass, waits('c', 0))
    await record(world, { ...passAt(START + 1), rosterId: pass.rosterId }, waits('c', 0))
    const found = await store.read('decisions', { accountId, conversationId: 'c', limit: 10 })
    expect(found.map(({ roster: one }) => one)).toEqual([roster, roster])
  })
}

const suggest = (agent: Agent, waitSeconds = 60) =>
  ({
    kind: 'suggest_agent',
    agent: { id: agent.id, userId: agent.userId },
    target: { isEnabled: true, skillIds: [], availability: 'ONLINE' },
    waitSeconds,
  }) as const

const leaving = (agent: Agent) =>
  ({ kind: 'remove_participant', role: 'assigned_agent', agent }) as const

const queued = async (world: World) =>
  world.store.read('queuedTasks', { accountId: world.accountId, limit: 100 })

/** A conversation that one agent passes to another. */
const suggested = async (world: World) => {
  const [from, to] = [await world.agent(), await world.agent()]
  const { conversation, taskId } = await world.open()
  await world.assign(taskId, from)
  const changed = await world.change(conversation.id, from, suggest(to), leaving(from))
  return { from, to, id: conversation.id, changed, task: changed.task! }
}

const statesIn = async (world: World, id: string) =>
  mainDialog(await world.load(id)).participants.map(({ role, state }) => `${role} ${state}`)

const suggesting = (open: OpenStores) => {
  it('[RT13] a task waits for the suggested agent, and after a while for all', async () => {
    const world = await newWorld(await open())
    const { accountId, store } = world
    const { to, id, task } = await suggested(world)
    const until = START + 10 + 60_000
    expect(task).toMatchObject({ cause: 'transfer', suggested: { agentId: to.id, until } })
    expect((await queued(world))[0]?.suggested).toEqual({ agentId: to.id, until })
    const waiting = await store.read('suggestions', { limit: 1000 })
    expect(waiting).toContainEqual({ accountId, taskId: task.id, agentId: to.id, until })
    expect(await statesIn(world, id)).toEqual(['consumer active', 'assigned_agent suggested'])
    const drop = { accountId, taskId: task.id, at: until }
    const both = await Promise.all([
      store.write('dropSuggestion', drop),
      store.write('dropSuggestion', drop),
    ])
    expect(both.filter(({ change }) => change)).toHaveLength(1)
    expect(await statesIn(world, id)).toEqual(['consumer active'])
    expect((await queued(world))[0]?.suggested).toBeUndefined()
  })

  it('[RT13] a suggested agent that rejects is asked no more', async () => {
    const world = await newWorld(await open())
    const { to, id, task } = await suggested(world)
    const ring = await world.offer(task.id, to)
    const answered = await world.store.write('answerRing', {
      accountId: world.accountId,
      ringId: ring!.id,
      agent: to,
      answer: 'reject',
      at: START + 20,
    })
    expect(answered.ring).toMatchObject({ state: 'rejected', endedAt: START + 20 })
    expect(answered.change?.after.revision).toBeGreaterThan(answered.change!.before.revision)
    expect(await statesIn(world, id)).toEqual(['consumer active'])
    expect(await queued(world)).toMatchObject([
      { id: task.id, passedBy: [expect.any(String), to.id] },
    ])
  })

  it('[RG9] of a suggested agent’s two accepts and a take-over at once, one wins', async () => {
    const world = await newWorld(await open())
    const { to, from, id, task } = await suggested(world)
    const ring = await world.offer(task.id, to)
    const accept = () =>
      codeOf(
        world.store.write('answerRing', {
          accountId: world.accountId,
          ringId: ring!.id,
          agent: to,
          answer: 'accept',
          at: START + 20,
        }),
      )
    const take = { kind: 'add_participant', role: 'assigned_agent', agent: from } as const
    await Promise.all([accept(), codeOf(world.change(id, from, take)), accept()])
    const after = await world.load(id)
    const holders = mainDialog(after).participants.filter(({ role }) => role === 'assigned_agent')
    expect(holders).toHaveLength(1)
    expect(holders[0]?.state).toBe('active')
    expect(await queued(world)).toEqual([])
    expect(await world.store.read('waitingRings', { accountId: world.accountId })).toEqual([])
  })
}

const assigning = (open: OpenStores) => {
  const assign = (world: World, agent: Agent, task: { id: string; conversationId: string }) =>
    world.store.write('assignTask', {
      accountId: world.accountId,
      conversationId: task.conversationId,
      taskId: task.id,
      ringId: unique('r'),
      agent: { id: agent.id, userId: agent.userId },
      capacity: 2,
      at: START + 5,
      expiresAt: START + 5,
    })

  it('[RG8] [RG9] of two assignments and an offer at once, one wins', async () => {
    const world = await newWorld(await open())
    const [ana, bob] = [await world.agent(), await world.agent()]
    const { conversation, taskId } = await world.open()
    const task = { id: taskId, conversationId: conversation.id }
    const results = await Promise.all([
      assign(world, ana, task),
      assign(world, bob, task),
      world.offer(taskId, bob),
    ])
    const won = results.filter(Boolean)
    expect(won).toHaveLength(1)
    expect(results[0]).toMatchObject({ ring: { state: 'auto_accepted', endedAt: START + 5 } })
    expect(assignedAgent(await world.load(conversation.id))?.id).toBe(ana.id)
    expect(await queued(world)).toEqual([])
  })

  it('[RG8] assignments at once never exceed what the agent can carry', async () => {
    const world = await newWorld(await open())
    const agent = await world.agent()
    const opened = await Promise.all(Array.from({ length: 5 }, () => world.open()))
    const results = await Promise.all(
      opened.map(({ conversation, taskId }) =>
        assign(world, agent, { id: taskId, conversationId: conversation.id }),
      ),
    )
    expect(results.filter(Boolean)).toHaveLength(2)
    expect(await queued(world)).toHaveLength(3)
  })
}

const ordering = (open: OpenStores) => {
  it('[RT14] the queue follows what changes the time to respond', async () => {
    const world = await newWorld(await open())
    const agent = await world.agent()
    const [one, other] = [await world.open(), await world.open()]
    const order = async () => (await queued(world)).map(({ id }) => id)
    const expectFirst = async (taskId: string) => expect((await order())[0]).toBe(taskId)
    const urgent = { kind: 'set_ttr', type: 'urgent', seconds: 300 } as const
    await world.change(other.conversation.id, agent, urgent)
    await expectFirst(other.taskId)
    await world.change(one.conversation.id, agent, { kind: 'set_manual_ettr', at: START + 1 })
    await expectFirst(one.taskId)
    const until = START + 3_600_000
    await world.change(one.conversation.id, agent, { kind: 'set_manual_ettr', at: null })
    await world.change(other.conversation.id, agent, { kind: 'set_delay', type: 'NIGHT', until })
    await expectFirst(one.taskId)
  })

  it('[RT14] a queued task tells what its deadline follows from, and can be moved', async () => {
    const world = await newWorld(await open())
    const { accountId } = world
    const { conversation, taskId } = await world.open()
    const facts = async () => (await queued(world))[0]?.ttrFacts
    expect(await facts()).toEqual({ startedAt: START, ttrSeconds: 600, hasContent: false })
    await world.append(conversation, { at: START + 5 })
    await world.append(conversation, { at: START + 9 })
    expect(await facts()).toMatchObject({
      unansweredSince: START + 5,
      unansweredLatest: START + 9,
      hasContent: true,
    })
    const tasks = [{ id: taskId, deadline: 7 }]
    expect(await world.store.write('moveDeadlines', { accountId, tasks })).toEqual({ moved: 1 })
    expect((await queued(world))[0]?.deadline).toBe(7)
  })

  it('[RT14] many tasks move at once: those that are queued, and no other account’s', async () => {
    const store = await open()
    const [world, other] = [await newWorld(store), await newWorld(store)]
    const opened = [await world.open(), await world.open(), await world.open()]
    const elsewhere = await other.open()
    const [offered, ...waiting] = opened.map(({ taskId }) => taskId)
    await world.offer(offered!, await world.agent())
    const before = (await queued(other)).map(({ deadline }) => deadline)
    const named = [...opened, elsewhere].map(({ taskId }, index) => ({
      id: taskId,
      deadline: START + 7 + index,
    }))
    // More than one statement takes, most of them of tasks that are gone.
    const gone = Array.from({ length: 600 }, () => ({ id: unique('t'), deadline: 1 }))
    const tasks = [...gone, ...named]
    const moving = { accountId: world.accountId, tasks }
    expect(await store.write('moveDeadlines', moving)).toEqual({ moved: 2 })
    expect((await queued(world)).map(({ id, deadline }) => [id, deadline])).toEqual([
      [waiting[0], START + 8],
      [waiting[1], START + 9],
    ])
    expect((await queued(other)).map(({ deadline }) => deadline)).toEqual(before)
  })

  it('[RT5] pages of the queue follow each other, of the skills that are asked for', async () => {
    const world = await newWorld(await open())
    const { accountId, store } = world
    const ids: string[] = []
    for (const skillId of ['1', '2', '1', '1', '2'])
      ids.push((await world.open({ skillId, at: START + ids.length })).taskId)
    const [first, ...rest] = await queued(world)
    const after = first!
    const page = await store.read('queuedTasks', { accountId, limit: 2, after })
    expect(page).toEqual(rest.slice(0, 2))
    const of2 = await store.read('queuedTasks', { accountId, limit: 9, skillIds: ['2'] })
    expect(of2.map(({ id }) => id)).toEqual([ids[1], ids[4]])
  })

  it('[RT10] a task names who had the consumer before', async () => {
    const world = await newWorld(await open())
    const agent = await world.agent()
    const { conversation, taskId } = await world.open()
    await world.assign(taskId, agent)
    await world.change(conversation.id, agent, { kind: 'close_conversation' })
    await world.open({ consumerId: conversation.consumerId })
    expect((await queued(world))[0]?.previousAgentId).toBe(agent.id)
  })

  it('[RT23] tasks and rings of a conversation tell when each of them ended', async () => {
    const world = await newWorld(await open())
    const { accountId, store } = world
    const agent = await world.agent()
    const { conversation, taskId } = await world.open()
    const ring = await world.offer(taskId, agent)
    await world.change(conversation.id, agent, { kind: 'close_conversation' })
    const conversationId = conversation.id
    const { tasks, rings: all } = await store.read('routingOf', { accountId, conversationId })
    expect(tasks).toMatchObject([{ id: taskId, state: 'done', endedAt: START + 10 }])
    expect(all).toEqual([{ ...ring, state: 'cancelled', endedAt: START + 10 }])
    expect(await store.read('ring', { accountId, id: ring!.id })).toEqual(all[0])
  })
}

export const decisionContract = (open: OpenStores): void => {
  describe('decisions, suggestions and assignments', () => {
    keeping(open)
    suggesting(open)
    assigning(open)
    ordering(open)
  })
}
