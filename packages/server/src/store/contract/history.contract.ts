import { describe, expect, it } from 'vitest'
import type { HistoryFilter, WordSearch } from '../port/history.ts'
import type { OpenStores } from './contract-types.ts'
import { codeOf, consumerActor, newWorld, START, unique, type World } from './given.ts'

const search = async (world: World, filter: Partial<HistoryFilter> = {}) => {
  const { count, records } = await world.store.read('history', {
    accountId: world.accountId,
    sort: { by: 'start', direction: 'asc' },
    offset: 0,
    limit: 50,
    ...filter,
  })
  return { count, ids: records.map(({ conversation }) => conversation.id), records }
}

const idsOf = async (world: World, filter: Partial<HistoryFilter>) =>
  (await search(world, filter)).ids

/** Three conversations, a minute apart: assigned to Ana and closed, assigned to Bob, queued. */
const furnish = async (open: OpenStores) => {
  const world = await newWorld(await open())
  const [ana, bob] = [await world.agent(), await world.agent()]
  const opened = []
  for (const minute of [0, 1, 2])
    opened.push(await world.open({ at: START + minute * 60_000, skillId: String(minute) }))
  const [first, second, third] = opened as [
    (typeof opened)[0],
    (typeof opened)[0],
    (typeof opened)[0],
  ]
  await world.assign(first.taskId, ana)
  await world.assign(second.taskId, bob)
  await world.change(first.conversation.id, ana, { kind: 'close_conversation' })
  const ids = [first, second, third].map(({ conversation }) => conversation.id)
  return { world, ana, bob, opened: [first, second, third] as const, ids }
}

const searches = (open: OpenStores): void => {
  it('[HIS5] finds conversations in order, page by page, and says how many there are', async () => {
    const { world, ids } = await furnish(open)
    expect(await search(world)).toMatchObject({ count: 3, ids })
    const sort = { by: 'start', direction: 'desc' } as const
    expect(await idsOf(world, { sort })).toEqual(ids.toReversed())
    expect(await search(world, { offset: 1, limit: 1 })).toMatchObject({ count: 3, ids: [ids[1]] })
    expect(await search(world, { offset: 3 })).toMatchObject({ count: 3, ids: [] })
    const ended = await idsOf(world, { sort: { by: 'end', direction: 'asc' } })
    expect(ended[0]).toBe(ids[0])
    const latest = await idsOf(world, { sort: { by: 'end', direction: 'desc' } })
    expect(latest.at(-1)).toBe(ids[0])
  })

  it('[HIS3] filters by every criterion', async () => {
    const { world, ana, bob, opened, ids } = await furnish(open)
    const [one, two, three] = ids as [string, string, string]
    const { consumerId } = opened[1].conversation
    const at = START + 60_000
    const cases: readonly [Partial<HistoryFilter>, readonly string[]][] = [
      [{ conversationId: two }, [two]],
      [{ consumerId }, [two]],
      [{ states: ['open'] }, [two, three]],
      [{ states: ['closed'] }, [one]],
      [{ states: ['open', 'closed'] }, ids],
      [{ states: [] }, []],
      [{ started: { from: at } }, [two, three]],
      [{ started: { to: at } }, [one, two]],
      [{ started: { from: at, to: at } }, [two]],
      [{ ended: { from: START } }, [one]],
      [{ ended: { from: START + 11 } }, []],
      [{ skillIds: ['0', '2'] }, [one, three]],
      [{ agentIds: [ana.id] }, [one]],
      [{ agentIds: [ana.id, bob.id] }, [one, two]],
      [{ latestAgentIds: [bob.id] }, [two]],
      [{ agentIds: [ana.id], latestAgentIds: [bob.id] }, []],
    ]
    for (const [filter, expected] of cases)
      expect([filter, await idsOf(world, filter)]).toEqual([filter, expected])
  })

  it('[HIS2] shows an agent its own, a group those of its agents and skills', async () => {
    const { world, ana, bob, ids } = await furnish(open)
    const [one, two, three] = ids as [string, string, string]
    const { id: agentId } = ana
    const groups = (agentIds: string[], skillIds: string[]) => ({
      visibleTo: { agentId, groups: { agentIds, skillIds } },
    })
    expect(await idsOf(world, { visibleTo: { agentId } })).toEqual([one])
    expect(await idsOf(world, groups([bob.id], []))).toEqual([one, two])
    expect(await idsOf(world, groups([], ['2', '1']))).toEqual([one, three])
    expect(await idsOf(world, { visibleTo: { agentId: 'nobody' } })).toEqual([])
  })

  it('[HIS2] [HIS6] remembers who left', async () => {
    const { world, ana, bob } = await furnish(open)
    const { conversation, taskId } = await world.open()
    await world.assign(taskId, ana)
    await world.change(conversation.id, ana, {
      kind: 'remove_participant',
      role: 'assigned_agent',
      agent: ana,
    } as never)
    const { records } = await search(world, { conversationId: conversation.id })
    expect(records[0]?.agents).toEqual([
      {
        id: ana.id,
        userId: ana.userId,
        role: 'assigned_agent',
        state: 'active',
        dialogId: conversation.id,
        leftAt: expect.any(Number),
      },
    ])
    const filter = { conversationId: conversation.id }
    expect(await idsOf(world, { ...filter, visibleTo: { agentId: ana.id } })).toHaveLength(1)
    expect(await idsOf(world, { ...filter, visibleTo: { agentId: bob.id } })).toHaveLength(0)
    expect(await idsOf(world, { ...filter, agentIds: [ana.id] })).toHaveLength(1)
    expect(await idsOf(world, { ...filter, latestAgentIds: [ana.id] })).toHaveLength(0)
  })
}

const judged = (open: OpenStores): void => {
  it('[HIS3] filters by stars, points, notes, assignment and time of change', async () => {
    const { world, ana, opened, ids } = await furnish(open)
    const [one, two, three] = ids as [string, string, string]
    const csat = { rate: 4, status: 'FILLED' } as const
    const { accountId } = world
    await world.store.write('changeConversation', {
      accountId,
      conversationId: one,
      taskId: unique('t'),
      request: {
        actor: consumerActor(accountId, opened[0].conversation.consumerId),
        changes: [{ kind: 'rate', csat }],
        at: START + 20,
      },
    })
    const note = 'Zahlt in 100 % Ölfässern,\r\n  wie immer\tund je'
    await world.change(two, ana, { kind: 'set_note', note })
    const { updatedAt } = await world.load(two)
    const cases: readonly [Partial<HistoryFilter>, readonly string[]][] = [
      [{ csat: {} }, ids],
      [{ csat: { from: 4 } }, [one]],
      [{ csat: { to: 3 } }, []],
      [{ score: { from: 75, to: 75 } }, [one]],
      [{ score: { from: 49, to: 50 } }, [two]],
      [{ score: { to: 0 } }, [three]],
      [{ isAssigned: true }, [one, two]],
      [{ isAssigned: false }, [three]],
      [{ noteWords: ['ÖLFÄSSER'] }, [two]],
      [{ noteWords: ['zahlt', '100 %'] }, [two]],
      [{ noteWords: ['ölfässern, wie immer und'] }, [two]],
      [{ noteWords: ['wie immer und je'] }, [two]],
      [{ noteWords: ['immer wie'] }, []],
      [{ noteWords: ['z%hlt'] }, []],
      [{ noteWords: ['Z_hlt'] }, []],
      [{ noteWords: ['zahlt', 'nie'] }, []],
      [{ updatedFrom: updatedAt }, [two, three]],
      [{ updatedFrom: updatedAt + 1_000_000 }, []],
      [{ conversationIds: [three, one] }, [one, three]],
      [{ conversationIds: [] }, []],
    ]
    for (const [filter, expected] of cases)
      expect([filter, await idsOf(world, filter)]).toEqual([filter, expected])
  })
}

const saying = (message: string) => JSON.stringify({ type: 'ContentEvent', message })

const words = (open: OpenStores): void => {
  it('[HIS22] finds words in great and small letters of any language, as they stand', async () => {
    const world = await newWorld(await open())
    const { accountId } = world
    const { conversation } = await world.open()
    const said = ['Ärger mit 100%', 'a "quoted" \\ word_s', 'ЗАКАЗ[5]?*.', 'two\nlines']
    for (const message of said) await world.append(conversation, { payload: saying(message) })
    const receipt = { status: 'READ', sequences: [0] }
    const payload = '{"type":"AcceptStatusEvent"}'
    await world.append(conversation, { kind: 'receipt', receipt, payload })
    const find = async (wanted: readonly string[], narrow: Partial<WordSearch> = {}) => {
      const place = { accountId, dialogIds: [conversation.id], from: 0, before: 99 }
      const data = { ...place, ...narrow, words: wanted }
      const found = await world.store.read('saidWords', data)
      expect(found.every(({ dialogId }) => dialogId === conversation.id)).toBe(true)
      expect(found.map((one) => one.payload)).toEqual(
        found.map(({ sequence }) => saying(said[sequence] as string)),
      )
      return found.map(({ sequence }) => sequence)
    }
    expect(await find(['ärger'])).toEqual([0])
    expect(await find(['ÄRGER', 'MIT'])).toEqual([0])
    expect(await find(['ärger', 'word'])).toEqual([])
    expect(await find(['100%'])).toEqual([0])
    expect(await find(['1%0'])).toEqual([])
    expect(await find(['word_s'])).toEqual([1])
    expect(await find(['w_rd'])).toEqual([])
    expect(await find(['"quoted"', '\\'])).toEqual([1])
    expect(await find(['заказ'])).toEqual([2])
    expect(await find(['каз[5]?*.'])).toEqual([2])
    expect(await find(['каз[6]'])).toEqual([])
    expect(await find(['ка?[5]'])).toEqual([])
    expect(await find(['message'])).toEqual([0, 1, 2, 3])
    expect(await find(['message'], { from: 1, before: 3 })).toEqual([1, 2])
    expect(await find(['status'])).toEqual([])
    expect(await find(['message'], { dialogIds: [] })).toEqual([])
  })

  it('[HIS22] names what a search goes through, newest first and no more than asked for', async () => {
    const { world, ids, opened } = await furnish(open)
    await world.append(opened[1].conversation)
    const sort = { by: 'start', direction: 'desc' } as const
    const through = (filter: Partial<HistoryFilter>, limit = 10) =>
      world.store.read('searchedConversations', {
        accountId: world.accountId,
        sort,
        ...filter,
        limit,
      })
    expect((await through({})).map(({ id }) => id)).toEqual(ids.toReversed())
    const [second] = await through({ conversationIds: [ids[1] as string] })
    expect(second).toEqual({
      id: ids[1],
      startedAt: START + 60_000,
      dialogs: [{ id: ids[1], events: 1 }],
    })
    expect((await through({}, 2)).map(({ id }) => id)).toEqual(ids.toReversed().slice(0, 2))
    expect(await through({ visibleTo: { agentId: 'nobody' } })).toEqual([])
    expect(await through({ states: [] })).toEqual([])
  })
}

const surveys = (open: OpenStores): void => {
  it('[HIS17] an agent survey is changed by who knows its revision, one at a time', async () => {
    const world = await newWorld(await open())
    const { store, accountId } = world
    const { conversation } = await world.open()
    const { id: agentId } = await world.agent()
    const place = { accountId, conversationId: conversation.id, skillId: '-1' }
    const state = { surveyId: '7', status: 'open', agentId, at: START } as const
    const save = (answer: string, expectedRevision?: number) =>
      store.write('saveAgentSurvey', {
        ...place,
        ...state,
        answers: [{ questionId: 'q', text: answer }],
        ...(expectedRevision !== undefined && { expectedRevision }),
      })
    expect(await store.read('agentSurvey', place)).toBeUndefined()
    expect(await codeOf(save('early', 2))).toBe('revision_changed')
    const racing = await Promise.all([codeOf(save('a', 1)), codeOf(save('b', 1))])
    expect(racing.toSorted()).toEqual(['answered', 'revision_changed'])
    expect(await save('c')).toEqual({
      conversationId: conversation.id,
      skillId: '-1',
      ...state,
      answers: [{ questionId: 'q', text: 'c' }],
      revision: 3,
    })
    expect(await store.read('agentSurvey', place)).toMatchObject({ revision: 3 })
    const elsewhere = { ...place, conversationId: unique('c') }
    expect(
      await codeOf(store.write('saveAgentSurvey', { ...elsewhere, ...state, answers: [] })),
    ).toBe('conversation_not_found')
    await store.write('deleteAccount', { id: accountId })
    expect(await store.read('agentSurvey', place)).toBeUndefined()
  })
}

export const historyContract = (open: OpenStores): void => {
  describe('history', () => {
    searches(open)
    judged(open)
    words(open)
    surveys(open)
  })
}
