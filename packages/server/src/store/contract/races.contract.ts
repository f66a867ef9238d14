/** Who wins when rights are taken, or a conversation is claimed, while others are at it. */
import { describe, expect, it } from 'vitest'
import { assignedAgent } from '../../domain/conversation.ts'
import type { Store } from '../store.ts'
import type { OpenStores } from './contract-types.ts'
import { agentActor, codeOf, newWorld, START, unique, type World } from './given.ts'

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index)

/**
 * An agent publishes without a pause, through one store after the other, while somebody removes it:
 * what was accepted stands before the removal.
 */
export const removalRace = async (
  world: World,
  stores: readonly [Store, Store],
  { publishes, at }: { publishes: number; at: number },
): Promise<void> => {
  const [agent, chief] = [await world.agent(), await world.agent({ roles: ['manager'] })]
  const { conversation, taskId } = await world.open()
  await world.assign(taskId, agent)
  const publisher = { id: agent.id, role: 'assigned_agent', userId: agent.userId } as const
  const publish = async (index: number): Promise<number | string> => {
    const store = stores[index % 2] as Store
    const appended = store.write('append', world.event(conversation, { publisher }))
    return await appended.then(
      ({ sequence }) => sequence,
      () => codeOf(appended),
    )
  }
  const outcomes = numbers(publishes).map((index) => {
    const outcome = publish(index)
    return { index, outcome }
  })
  const removal = stores[at % 2]?.write('changeConversation', {
    accountId: world.accountId,
    conversationId: conversation.id,
    taskId: unique('t'),
    request: {
      actor: agentActor(chief),
      changes: [
        {
          kind: 'remove_participant',
          role: 'assigned_agent',
          agent: { id: agent.id, userId: agent.userId },
        },
      ],
      at: START + 10,
    },
  })
  const later = numbers(publishes).map(publish)
  const removed = await removal
  const [main] = removed?.after.dialogs ?? []
  const end = main?.activity.nextSequence ?? -1
  const all = await Promise.all([...outcomes.map(({ outcome }) => outcome), ...later])
  const accepted = all.filter((one) => typeof one === 'number')
  expect(accepted.toSorted((one, other) => one - other)).toEqual(numbers(end))
  expect(new Set(all.filter((one) => typeof one === 'string'))).toEqual(
    new Set(accepted.length === all.length ? [] : ['not_participant']),
  )
}

/** One accepts its ring while another takes the conversation by joining: one of the two has it. */
export const claimRace = async (
  world: World,
  stores: readonly [Store, Store],
  rounds: number,
): Promise<void> => {
  const { accountId } = world
  const wins = { accept: 0, join: 0 }
  const round = async (index: number): Promise<void> => {
    const [agent, chief] = await Promise.all([world.agent(), world.agent({ roles: ['manager'] })])
    const { conversation, taskId } = await world.open()
    const ring = await world.offer(taskId, agent)
    const accept = (store: Store) =>
      store.write('answerRing', {
        accountId,
        ringId: ring?.id ?? '',
        agent,
        answer: 'accept',
        at: START,
      })
    const join = (store: Store) =>
      store.write('changeConversation', {
        accountId,
        conversationId: conversation.id,
        taskId: unique('t'),
        request: {
          actor: agentActor(chief),
          changes: [
            {
              kind: 'add_participant',
              role: 'assigned_agent',
              agent: { id: chief.id, userId: chief.userId },
            },
          ],
          at: START,
        },
      })
    const [one, other] = index % 2 ? stores : [stores[1], stores[0]]
    const claims =
      index % 4 < 2 ? [accept(one), join(other)] : [join(one), accept(other)].toReversed()
    const [accepted = '', joined = ''] = await Promise.all(claims.map((claim) => codeOf(claim)))
    expect([accepted, joined].filter((code) => code === 'answered')).toHaveLength(1)
    expect(['answered', 'ring_not_waiting', 'already_assigned']).toContain(accepted)
    expect(['answered', 'already_assigned']).toContain(joined)
    const winner = accepted === 'answered' ? 'accept' : 'join'
    wins[winner] += 1
    expect(assignedAgent(await world.load(conversation.id))?.id).toBe(
      (winner === 'accept' ? agent : chief).id,
    )
  }
  // Some at a time: a race needs company, and nobody has a thousand connections.
  for (const start of numbers(Math.ceil(rounds / 25)))
    await Promise.all(numbers(25).map((index) => round(start * 25 + index)))
  expect(wins.accept + wins.join).toBe(rounds)
}

export const raceContract = (open: OpenStores): void => {
  describe('races', () => {
    it('[PRM25] nothing is appended after the removal of its publisher', async () => {
      const store = await open()
      for (const _ of numbers(4))
        await removalRace(await newWorld(store), [store, store], { publishes: 250, at: 0 })
    })

    it('[RG6] [CV9] of one who accepts and one who joins, one is assigned', async () => {
      const store = await open()
      await claimRace(await newWorld(store), [store, store], 250)
    })
  })
}
