import { describe, expect, it } from 'vitest'
import { defaultSkillRules } from '../../domain/account.ts'
import { assignedAgent, mainDialog } from '../../domain/conversation.ts'
import type { Timer, TimerKind } from '../../domain/timer.ts'
import type { ClaimedTimer, Store } from '../store.ts'
import type { OpenStores } from './contract-types.ts'
import { newWorld, START, unique, type World } from './given.ts'

const WEEK_MS = 7 * 24 * 3_600_000
/** Later than anything that these tests set. */
const EVER = START * 2

const timer = ({ accountId }: World, overrides: Partial<Timer> = {}): Timer => ({
  accountId,
  kind: 'auto_close',
  subjectId: unique('c'),
  dueAt: 1000,
  data: {},
  ...overrides,
})

export const claim = (store: Store, dueAt: number, until = dueAt + 500, limit = 1_000) =>
  store.write('claimTimers', { dueAt, until, limit })

const name = ({ accountId, kind, subjectId }: Timer) => ({ accountId, kind, subjectId })

/** Takes every timer that is due, of other tests too. */
const claimAll = async (store: Store, dueAt: number): Promise<ClaimedTimer[]> => {
  const found: ClaimedTimer[] = []
  for (;;) {
    const claimed = await claim(store, dueAt, EVER)
    found.push(...claimed)
    if (claimed.length === 0) return found
  }
}

/** Takes every timer of the world, whenever it is due. */
export const allOf = async ({ store, accountId }: World): Promise<ClaimedTimer[]> =>
  (await claimAll(store, EVER - 1)).filter((one) => one.accountId === accountId)

/** When the timers of the world are due, by what they are about. It can be asked once. */
const dueOf = async (world: World, kind: TimerKind): Promise<Record<string, number>> => {
  const dues = new Map<string, number>()
  // A claim hides when a timer was due: it is found by claims that reach further and further.
  for (const dueAt of candidates)
    for (const one of await claimAll(world.store, dueAt))
      if (one.accountId === world.accountId && one.kind === kind) dues.set(one.subjectId, dueAt)
  return Object.fromEntries(dues)
}

export const TAKEN_MS = 600_000
const candidates = [
  ...[30_000, 60_000, TAKEN_MS, 3_600_000, 7_200_000, WEEK_MS].flatMap((ms) => [
    START + ms,
    START + ms + 1,
    START + ms + 5,
    START + ms + 10,
    START + ms + 11,
  ]),
].toSorted((one, other) => one - other)

const claiming = (open: OpenStores) => {
  it('[TIM2] a due timer is given to one who asks, and to others when the claim is over', async () => {
    const world = await newWorld(await open())
    const { store } = world
    const armed = timer(world, { data: { a: [1, 'b'] } })
    await store.write('armTimer', armed)
    expect(await claim(store, 999)).toEqual([])
    const [claimed, ...others] = await claim(store, 1000, 1500)
    expect(claimed).toEqual({ ...armed, dueAt: 1500, version: 2 })
    expect(others).toEqual([])
    expect(await claim(store, 1499)).toEqual([])
    expect(await claim(store, 1500, 2000)).toMatchObject([{ subjectId: armed.subjectId }])
    await store.write('disarmTimer', name(armed))
  })

  it('[TIM2] the earliest come first, at most as many as were asked for', async () => {
    const world = await newWorld(await open())
    const { store } = world
    const armed = [30, 10, 20].map((dueAt) => timer(world, { dueAt }))
    for (const one of armed) await store.write('armTimer', one)
    expect(await store.read('nextTimerDue', null)).toBe(10)
    const claimed = await claim(store, 100, 5_000, 2)
    expect(claimed.map(({ subjectId }) => subjectId).toSorted()).toEqual(
      [armed[1]!.subjectId, armed[2]!.subjectId].toSorted(),
    )
    expect(await store.read('nextTimerDue', null)).toBe(30)
    for (const one of armed) await store.write('disarmTimer', name(one))
  })

  it('[TIM2] a claim at the same instant by several takes each timer once', async () => {
    const world = await newWorld(await open())
    const { store } = world
    const armed = Array.from({ length: 40 }, () => timer(world, { dueAt: 50 }))
    await Promise.all(armed.map((one) => store.write('armTimer', one)))
    const claims = await Promise.all(Array.from({ length: 8 }, () => claim(store, 50, 900, 10)))
    const ids = claims.flat().map(({ subjectId }) => subjectId)
    expect(ids.toSorted()).toEqual(armed.map(({ subjectId }) => subjectId).toSorted())
    for (const one of armed) await store.write('disarmTimer', name(one))
  })
}

const settling = (open: OpenStores) => {
  it('[TIM4] settling ends a timer or sets it anew, unless it was armed in between', async () => {
    const world = await newWorld(await open())
    const { store } = world
    const armed = timer(world)
    await store.write('armTimer', armed)
    const [first] = await claim(store, 1000, 1500)
    const { version } = first!
    await store.write('settleTimer', { ...name(armed), version, next: 1200 })
    const [second] = await claim(store, 1200, 1700)
    expect(second).toMatchObject(name(armed))
    await store.write('armTimer', { ...armed, dueAt: 1600 })
    await store.write('settleTimer', { ...name(armed), version: second!.version })
    await store.write('settleTimer', { ...name(armed), version: second!.version, next: 1 })
    expect(await claim(store, 1599)).toEqual([])
    const [third] = await claim(store, 1600, 1800)
    await store.write('settleTimer', { ...name(armed), version: third!.version })
    expect(await store.write('disarmTimer', name(armed))).toEqual({ disarmed: false })
  })

  it('[TIM1] one timer per account, kind and subject; it goes with its account', async () => {
    const world = await newWorld(await open())
    const { store, accountId } = world
    const armed = timer(world, { kind: 'take_back' })
    await store.write('armTimer', armed)
    await store.write('armTimer', { ...armed, dueAt: 2000, data: { later: true } })
    expect(await claim(store, 1999)).toEqual([])
    expect(await claim(store, 2000, 2500)).toMatchObject([{ data: { later: true } }])
    await store.write('deleteAccount', { id: accountId })
    expect(await store.write('disarmTimer', name(armed))).toEqual({ disarmed: false })
  })
}

const arming = (open: OpenStores) => {
  it('[TIM11] a conversation has its timer from its first moment to its close', async () => {
    const world = await newWorld(await open())
    const manager = await world.agent()
    const [one, other] = [await world.open(), await world.open()]
    await world.append(one.conversation, { at: START + 5 })
    await world.change(other.conversation.id, manager, { kind: 'close_conversation' })
    expect(await dueOf(world, 'auto_close')).toEqual({ [one.conversation.id]: START + WEEK_MS })
  })

  it('[TIM12] another skill sets the timer by its own rule', async () => {
    const world = await newWorld(await open())
    const { store, accountId } = world
    const manager = await world.agent()
    const rules = { ...defaultSkillRules, autoCloseSeconds: 3_600 }
    const skill = await store.write('createSkill', { accountId, name: 'S', ttr: {}, rules })
    const never = await store.write('createSkill', {
      accountId,
      name: 'N',
      ttr: {},
      rules: { ...rules, autoCloseSeconds: 0 },
    })
    const { conversation } = await world.open()
    const kept = await world.open({ skillId: never.id })
    await world.change(conversation.id, manager, {
      kind: 'add_participant',
      role: 'manager',
      agent: manager,
    })
    await world.change(conversation.id, manager, {
      kind: 'set_skill',
      skillId: skill.id,
      ttr: { type: 'normal', seconds: 60 },
    })
    const dues = await dueOf(world, 'auto_close')
    expect(Object.keys(dues)).toEqual([conversation.id])
    expect(dues[conversation.id]).toBeLessThanOrEqual(START + 3_600_000 + 11)
    expect(dues[kept.conversation.id]).toBeUndefined()
  })

  it('[TIM26] only a bot is watched, from its assignment on', async () => {
    const world = await newWorld(await open())
    const { store, accountId } = world
    await store.write('updateAccount', { id: accountId, settings: { botAnswerSeconds: 30 } })
    const [bot, person] = [await world.agent({ isBot: true }), await world.agent()]
    const [one, other] = [await world.open(), await world.open()]
    const assigned = await world.assign(one.taskId, bot)
    await world.assign(other.taskId, person)
    const watched = (await allOf(world)).filter(({ kind }) => kind === 'bot_answer')
    expect(watched).toMatchObject([
      {
        subjectId: one.conversation.id,
        data: { agentId: bot.id, since: mainDialog(assigned).updatedAt },
      },
    ])
  })

  it('[TIM20] an agent that is OFFLINE has a timer until it is back', async () => {
    const world = await newWorld(await open())
    const { store, accountId } = world
    const { id, userId } = await world.agent()
    const set = (availability: 'OFFLINE' | 'ONLINE') =>
      store.write('setAgentState', {
        accountId,
        agent: { id, userId },
        availability,
        description: '',
        at: START,
      })
    const dues = () => dueOf(world, 'take_back')
    await set('OFFLINE')
    expect(await dues()).toEqual({})
    await store.write('updateAccount', { id: accountId, settings: { takeBackAfterMs: TAKEN_MS } })
    expect(await dues()).toEqual({ [id]: START + TAKEN_MS })
    await set('ONLINE')
    expect(await allOf(world)).toEqual([])
    await set('OFFLINE')
    expect(await dues()).toEqual({ [id]: START + TAKEN_MS })
  })
}

const resetting = (open: OpenStores) => {
  it('[TIM6] a shorter time of the account counts for what is open; a longer one looks again', async () => {
    const world = await newWorld(await open())
    const { store, accountId } = world
    const { conversation } = await world.open()
    const set = (autoCloseSeconds: number) =>
      store.write('updateAccount', { id: accountId, settings: { autoCloseSeconds } })
    await set(7_200)
    await set(60)
    await set(3_600)
    expect(await dueOf(world, 'auto_close')).toEqual({ [conversation.id]: START + 60_000 })
  })

  it('[TIM6] a changed rule of a skill counts for what is open at it, and nowhere else', async () => {
    const world = await newWorld(await open())
    const { store, accountId } = world
    const skill = await store.write('createSkill', { accountId, name: 'S', ttr: {} })
    const there = await world.open({ skillId: skill.id })
    const elsewhere = await world.open()
    const rules = { ...defaultSkillRules, autoCloseSeconds: 60 }
    await store.write('updateSkill', { accountId, id: skill.id, rules })
    expect(await dueOf(world, 'auto_close')).toEqual({
      [there.conversation.id]: START + 60_000,
      [elsewhere.conversation.id]: START + WEEK_MS,
    })
  })

  it('[TIM6] watching begins with the setting for bots that are at work', async () => {
    const world = await newWorld(await open())
    const { store, accountId } = world
    const [bot, person] = [await world.agent({ isBot: true }), await world.agent()]
    const [one, other] = [await world.open(), await world.open()]
    const assigned = await world.assign(one.taskId, bot)
    await world.assign(other.taskId, person)
    await store.write('updateAccount', { id: accountId, settings: { botMaxMessagesInRow: 3 } })
    const watched = (await allOf(world)).filter(({ kind }) => kind === 'bot_answer')
    expect(watched).toMatchObject([
      { subjectId: one.conversation.id, data: { agentId: bot.id, since: assigned.updatedAt } },
    ])
  })
}

const acting = (open: OpenStores) => {
  const closing = (world: World, conversationId: string, at: number) =>
    world.store.write('closeInactive', {
      accountId: world.accountId,
      conversationId,
      taskId: unique('t'),
      at,
    })

  it('[TIM10] closes when nothing happened for so long, as the system, with its task', async () => {
    const world = await newWorld(await open())
    const { conversation, taskId } = await world.open()
    const { id } = conversation
    await world.append(conversation, { at: START + 2_000 })
    const early = await closing(world, id, START + WEEK_MS)
    expect(early).toEqual({ next: START + 2_000 + WEEK_MS })
    const { change } = await closing(world, id, START + 2_000 + WEEK_MS)
    expect(change).toMatchObject({
      after: { state: 'closed', stage: 'closed', closeReason: 'timeout' },
      task: { id: taskId, state: 'done' },
    })
    expect(change?.after.dialogs[0]).toMatchObject({ state: 'closed', closedBy: 'system' })
    expect(await world.load(id)).toEqual(change?.after)
    expect(await closing(world, id, EVER)).toEqual({})
  })

  const returning = (
    world: World,
    conversationId: string,
    { agentId, waitingSince }: { agentId: string; waitingSince?: number },
  ) =>
    world.store.write('returnToQueue', {
      accountId: world.accountId,
      conversationId,
      agentId,
      taskId: unique('t'),
      reason: 'bot_silent',
      peopleOnly: true,
      ...(waitingSince !== undefined && { waitingSince }),
      at: START + 100,
    })

  it('[TIM25] returns a conversation for people only, with the reason, its agent asked last', async () => {
    const world = await newWorld(await open())
    const bot = await world.agent({ isBot: true })
    const { conversation, taskId } = await world.open()
    await world.assign(taskId, bot)
    const { change } = await returning(world, conversation.id, { agentId: bot.id })
    const task = {
      cause: 'returned',
      state: 'queued',
      reason: 'bot_silent',
      peopleOnly: true,
      passedBy: [bot.id],
    }
    expect(change?.task).toMatchObject(task)
    expect(assignedAgent(change!.after)).toBeUndefined()
    const { accountId } = world
    const [queued] = await world.store.read('queuedTasks', { accountId, limit: 10 })
    expect(queued).toMatchObject(task)
    expect(await returning(world, conversation.id, { agentId: bot.id })).toEqual({})
  })

  it('[TIM24] does not take it from another agent, nor after an answer', async () => {
    const world = await newWorld(await open())
    const [bot, other] = [await world.agent({ isBot: true }), await world.agent()]
    const { conversation, taskId } = await world.open()
    await world.assign(taskId, bot)
    await world.append(conversation, { at: START + 50 })
    const { id } = conversation
    expect(await returning(world, id, { agentId: other.id })).toEqual({})
    const asked = { agentId: bot.id, waitingSince: START + 49 }
    expect(await returning(world, id, asked)).toEqual({})
    const publisher = { id: bot.id, role: 'assigned_agent', userId: bot.userId } as const
    await world.append(conversation, { publisher, at: START + 60 })
    expect(await returning(world, id, { ...asked, waitingSince: START + 99 })).toEqual({})
    await world.append(conversation, { at: START + 70 })
    const { change } = await returning(world, id, { ...asked, waitingSince: START + 70 })
    expect(change?.task).toMatchObject({ reason: 'bot_silent' })
  })
}

export const timerContract = (open: OpenStores): void => {
  describe('timers', () => {
    claiming(open)
    settling(open)
    arming(open)
    resetting(open)
    acting(open)
  })
}

/** Laws between several nodes on one database. */
export const timerNodesContract = (open: () => Promise<readonly [Store, Store]>): void => {
  it('[TIM2] two nodes that claim at once get every timer once between them', async () => {
    const [here, there] = await open()
    const world = await newWorld(here)
    for (let round = 0; round < 10; round += 1) {
      const armed = Array.from({ length: 30 }, () => timer(world, { dueAt: 10 }))
      await Promise.all(armed.map((one) => here.write('armTimer', one)))
      const claims = await Promise.all(
        [here, there, here, there].map((store) => claim(store, 10, 5_000, 10)),
      )
      const rest = await claim(there, 10, 5_000)
      const ids = [...claims.flat(), ...rest].map(({ subjectId }) => subjectId)
      expect(ids.toSorted()).toEqual(armed.map(({ subjectId }) => subjectId).toSorted())
      for (const one of armed) await here.write('disarmTimer', name(one))
    }
  })
}
