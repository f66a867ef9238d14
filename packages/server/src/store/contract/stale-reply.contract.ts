import { describe, expect, it } from 'vitest'
import type { Agent } from '../../domain/account.ts'
import type { Conversation, ParticipantRole } from '../../domain/conversation.ts'
import type { NewEvent } from '../../domain/event.ts'
import type { Store } from '../store.ts'
import type { OpenStores } from './contract-types.ts'
import { codeOf, newWorld, unique, type World } from './given.ts'

const ROUNDS = 1_000

const publisherOf = ({ id, userId }: Agent, role: ParticipantRole) => ({ id, userId, role })

/** A conversation with an assigned agent and a manager who joined. */
export const colleagues = async (world: World) => {
  const [ana, max] = await Promise.all([world.agent(), world.agent()])
  const { taskId } = await world.open()
  const conversation = await world.assign(taskId, ana)
  await world.change(conversation.id, max, { kind: 'add_participant', role: 'manager', agent: max })
  return {
    conversation,
    one: publisherOf(ana, 'assigned_agent'),
    other: publisherOf(max, 'manager'),
  }
}

/** Both reply having seen the same; the one who comes second is told. */
const race = async (
  world: World,
  conversation: Conversation,
  replies: readonly (readonly [Store, Partial<NewEvent>])[],
): Promise<readonly number[]> => {
  const outcomes = await Promise.allSettled(
    replies.map(([store, reply]) => store.write('append', world.event(conversation, reply))),
  )
  for (const outcome of outcomes)
    if (outcome.status === 'rejected') expect(outcome.reason.code).toBe('stale_reply')
  return outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value.sequence] : []))
}

/** Of two replies at once, in every round, exactly one is kept, and it is the next event. [CNT21] */
export const raceInRounds = async (
  world: World,
  stores: readonly [Store, Store],
  rounds: number,
): Promise<void> => {
  const { conversation, one, other } = await colleagues(world)
  for (let round = 0; round < rounds; round += 1) {
    const lastSeen = round - 1
    const first = [stores[0], { publisher: one, lastSeen }] as const
    const second = [stores[1], { publisher: other, lastSeen }] as const
    const replies = round % 2 === 0 ? [first, second] : [second, first]
    expect(await race(world, conversation, replies)).toEqual([round])
  }
}

const deciding = (open: OpenStores) => {
  it('[CNT21] of two replies at once exactly one is kept, a thousand times', async () => {
    const store = await open()
    await raceInRounds(await newWorld(store), [store, store], ROUNDS)
  })

  it('[CNT21] of many replies of one batch the first is kept', async () => {
    const world = await newWorld(await open())
    const { conversation, one, other } = await colleagues(world)
    const replies = Array.from({ length: 40 }, (_, index) =>
      world.append(conversation, { publisher: index % 2 ? one : other, lastSeen: -1 }),
    )
    const outcomes = await Promise.allSettled(replies)
    const kept = outcomes.map(({ status }) => status === 'fulfilled')
    // The first author goes on: nobody but itself has written.
    expect(kept).toEqual(outcomes.map((_, index) => index % 2 === 0))
  })

  it('[CNT21] the same reply again gets its first answer, also when a colleague wrote since', async () => {
    const world = await newWorld(await open())
    const { conversation, one, other } = await colleagues(world)
    const reply = { publisher: one, lastSeen: -1, clientEventId: 'a', eventId: 'a' }
    expect(await world.append(conversation, reply)).toMatchObject({ sequence: 0 })
    await world.append(conversation, { publisher: other })
    const again = await world.append(conversation, reply)
    expect(again).toMatchObject({ sequence: 0, isDuplicate: true })
    const changed = world.append(conversation, { ...reply, payload: '{"other":1}' })
    expect(await codeOf(changed)).toBe('event_id_reused')
  })

  it('[CNT20] a reply without the guard is never stale', async () => {
    const world = await newWorld(await open())
    const { conversation, one, other } = await colleagues(world)
    await world.append(conversation, { publisher: other })
    expect(await world.append(conversation, { publisher: one })).toMatchObject({ sequence: 1 })
  })
}

const automatic = { metadata: '[{"type":"AutoMessage"}]', isAutomatic: true } as const

const counting = (open: OpenStores) => {
  const received = { kind: 'receipt', receipt: { status: 'READ', sequences: [0] } } as const

  it.each<[string, (who: Awaited<ReturnType<typeof colleagues>>) => Partial<NewEvent>, string]>([
    ['a colleague', ({ other }) => ({ publisher: other }), 'stale_reply'],
    [
      'a private note of a colleague',
      ({ other }) => ({ publisher: other, audience: 'agents' }),
      'stale_reply',
    ],
    ['the consumer', () => ({}), 'fine'],
    ['the author', ({ one }) => ({ publisher: one }), 'fine'],
    ['a receipt of a colleague', ({ other }) => ({ publisher: other, ...received }), 'fine'],
    ['an automatic message', ({ other }) => ({ publisher: other, ...automatic }), 'fine'],
  ])('[CNT20] after %s', async (_, said, outcome) => {
    const world = await newWorld(await open())
    const people = await colleagues(world)
    const { conversation, one } = people
    await world.append(conversation)
    const { sequence } = await world.append(conversation, said(people))
    const unseen = world.append(conversation, { publisher: one, lastSeen: sequence - 1 })
    expect(
      await unseen.then(
        () => 'fine',
        (refusal) => refusal.code,
      ),
    ).toBe(outcome)
    const seen = world.append(conversation, { publisher: one, lastSeen: sequence })
    expect(await seen).toMatchObject({ isDuplicate: false })
    const tail = await world.append(conversation, { publisher: one, lastSeen: 1_000_000 })
    expect(tail).toMatchObject({ isDuplicate: false })
  })

  it('[CNT20] what was said in the same batch counts the same', async () => {
    const world = await newWorld(await open())
    const { conversation, one, other } = await colleagues(world)
    const guarded = { publisher: one, lastSeen: -1 }
    const outcomes = await Promise.allSettled([
      world.append(conversation, { publisher: other, ...automatic }),
      world.append(conversation, guarded),
      world.append(conversation),
      world.append(conversation, guarded),
      world.append(conversation, { publisher: other }),
      world.append(conversation, guarded),
    ])
    const refused = outcomes.map(({ status }) => status === 'rejected')
    expect(refused).toEqual([false, false, false, false, false, true])
  })

  it('[CNT31] [ST4] the server speaks where it takes no part, and not when it is over', async () => {
    const world = await newWorld(await open())
    const { conversation } = await colleagues(world)
    const unread = async () => (await world.load(conversation.id)).dialogs[0]?.activity.unread
    await world.append(conversation)
    const before = await unread()
    const publisher = { id: unique('controller'), role: 'controller' } as const
    const said = await world.append(conversation, { publisher, ...automatic })
    expect(said).toMatchObject({ sequence: 1, audience: 'all' })
    expect(await unread()).toEqual(before)
    await world.change(conversation.id, await world.agent(), { kind: 'close_conversation' })
    expect(await codeOf(world.append(conversation, { publisher, ...automatic }))).toBe(
      'dialog_closed',
    )
  })

  it('[CNT13] encoded metadata is kept, and part of what is the same event', async () => {
    const world = await newWorld(await open())
    const { conversation } = await world.open()
    const encodedMetadata = JSON.stringify('ü\0 base64==')
    const same = { clientEventId: unique('e'), encodedMetadata }
    await world.append(conversation, same)
    expect(await world.append(conversation, same)).toMatchObject({ isDuplicate: true })
    const other = world.append(conversation, { ...same, encodedMetadata: '"x"' })
    expect(await codeOf(other)).toBe('event_id_reused')
    const [stored] = await world.store.read('events', {
      accountId: world.accountId,
      dialogId: conversation.id,
      from: 0,
      audience: 'all',
      limit: 10,
    })
    expect(stored).toMatchObject({ encodedMetadata })
  })
}

export const staleReplyContract = (open: OpenStores): void => {
  describe('replies that come too late', () => {
    deciding(open)
    counting(open)
  })
}
