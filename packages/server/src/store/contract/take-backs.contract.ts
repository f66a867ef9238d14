/** When a conversation that is given to somebody who is gone is taken back. */
import { describe, expect, it } from 'vitest'
import type { Agent } from '../../domain/account.ts'
import type { ClaimedTimer } from '../store.ts'
import type { OpenStores } from './contract-types.ts'
import { newWorld, START } from './given.ts'
import { allOf, claim, TAKEN_MS } from './timers.contract.ts'

const giving = (open: OpenStores) => {
  it('[TIM28] a conversation given to an agent that is OFFLINE sets its timer', async () => {
    const world = await newWorld(await open())
    const { store, accountId } = world
    await store.write('updateAccount', { id: accountId, settings: { takeBackAfterMs: TAKEN_MS } })
    const [gone, never, there] = [await world.agent(), await world.agent(), await world.agent()]
    const set = (agent: Agent, availability: 'OFFLINE' | 'ONLINE') =>
      store.write('setAgentState', {
        accountId,
        agent: { id: agent.id, userId: agent.userId },
        availability,
        description: '',
        at: START,
      })
    await set(gone, 'OFFLINE')
    await set(there, 'ONLINE')
    // Served, with nothing to take back.
    const served = (await allOf(world)).find(({ subjectId }) => subjectId === gone.id)
    await store.write('settleTimer', served!)
    for (const agent of [gone, never, there]) await world.assign((await world.open()).taskId, agent)
    const timers = (await allOf(world)).filter(({ kind }) => kind === 'take_back')
    const armed = timers.map(({ subjectId }) => subjectId)
    expect(armed.toSorted()).toEqual([gone.id, never.id].toSorted())
  })

  it('[TIM28] whoever serves the timer at that moment does not settle it, and it is not put off', async () => {
    const world = await newWorld(await open())
    const { store, accountId } = world
    await store.write('updateAccount', { id: accountId, settings: { takeBackAfterMs: TAKEN_MS } })
    const hired = await world.agent()
    const { id, userId } = hired
    const agent = { id, userId }
    const state = { availability: 'OFFLINE', description: '' } as const
    await store.write('setAgentState', { accountId, agent, ...state, at: START - 5_000 })
    const dueAt = START - 5_000 + TAKEN_MS
    const mine = (timers: readonly ClaimedTimer[]) => timers.filter((one) => one.subjectId === id)
    const [served] = mine(await claim(store, dueAt, dueAt + 1))
    const { taskId } = await world.open()
    await world.assign(taskId, hired)
    await store.write('settleTimer', served!)
    expect(mine(await claim(store, dueAt + 1))).toHaveLength(1)
  })
}

export const takeBackContract = (open: OpenStores): void => {
  describe('conversations of agents that are gone', () => giving(open))
}
