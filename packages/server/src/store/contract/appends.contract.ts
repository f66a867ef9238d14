import { describe, expect, it } from 'vitest'
import { afterContent, afterReceipt, emptyActivity } from '../../domain/activity.ts'
import type { Activity } from '../../domain/conversation.ts'
import { mainDialog } from '../../domain/conversation.ts'
import type { NewEvent } from '../../domain/event.ts'
import type { OpenStores } from './contract-types.ts'
import { codeOf, newWorld, START, unique, type World } from './given.ts'

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index)

const assigned = async (world: World) => {
  const agent = await world.agent()
  const { taskId } = await world.open()
  const conversation = await world.assign(taskId, agent)
  const publisher = { id: agent.id, userId: agent.userId, role: 'assigned_agent' } as const
  return { agent, conversation, publisher }
}

const sequences = (world: World, dialogId: string, audience: 'all' | 'agents' = 'agents') =>
  world.store
    .read('events', { accountId: world.accountId, dialogId, from: 0, audience, limit: 1000 })
    .then((events) => events.map(({ sequence }) => sequence))

const placing = (open: OpenStores) => {
  it('[EV1] 500 appends at once get 0 to 499, each once, in the order of issue', async () => {
    const world = await newWorld(await open())
    const { conversation } = await world.open()
    const answers = await Promise.all(numbers(500).map(() => world.append(conversation)))
    expect(answers.map(({ sequence }) => sequence)).toEqual(numbers(500))
    expect(await sequences(world, conversation.id)).toEqual(numbers(500))
  })

  it('[ST2] promises of one caller settle in the order of issue, whatever the commands', async () => {
    const world = await newWorld(await open())
    const { conversation } = await world.open()
    const agent = await world.agent()
    const settled: number[] = []
    const issue = (index: number): Promise<unknown> => {
      if (index % 5 === 4)
        return world.change(conversation.id, agent, { kind: 'set_note', note: `${index}` })
      if (index % 7 === 6) return world.append(conversation, { dialogId: 'none' })
      return world.append(conversation)
    }
    const note = (index: number) => () => settled.push(index)
    await Promise.all(numbers(60).map((index) => issue(index).then(note(index), note(index))))
    expect(settled).toEqual(numbers(60))
    expect((await world.load(conversation.id)).note).toBe('59')
  })

  it('[ST2] an append right behind an opening finds the dialog', async () => {
    const world = await newWorld(await open())
    const conversationId = unique('c')
    const opening = world.open({ conversationId, consumerId: 'u' })
    const like = { id: conversationId, consumerId: 'u' } as never
    const appended = world.append(like)
    await opening
    expect((await appended).sequence).toBe(0)
  })

  it('[ST6] keeps every field of an event', async () => {
    const world = await newWorld(await open())
    const { conversation, publisher } = await assigned(world)
    const event = world.event(conversation, {
      publisher,
      audience: 'agents',
      clientEventId: 'mine',
      eventId: 'mine',
      payload: '{"text":"ü 😀 \\u0000"}',
      metadata: '[{"type":"x"}]',
    })
    await world.append(conversation)
    await world.store.write('append', event)
    const [, stored] = await world.store.read('events', {
      accountId: world.accountId,
      dialogId: conversation.id,
      from: 0,
      audience: 'agents',
      limit: 10,
    })
    const { clientEventId: _, ...visible } = event
    expect(stored).toEqual({ ...visible, sequence: 1, previousPublic: 0 })
  })

  it("[ST7] [EV11] a dialog's time does not go back when the wall clock does", async () => {
    const world = await newWorld(await open())
    const { conversation } = await world.open()
    const times = [START + 50, START - 5000, START + 60]
    const answers = await Promise.all(times.map((at) => world.append(conversation, { at })))
    expect(answers.map(({ at }) => at)).toEqual([START + 50, START + 50, START + 60])
  })
}

const repeating = (open: OpenStores) => {
  it('[EV4] the same event again gets the first answer, alone, at once and later', async () => {
    const world = await newWorld(await open())
    const { conversation } = await world.open()
    await world.append(conversation)
    const event = world.event(conversation, { clientEventId: 'a', metadata: '[]' })
    const append = () => world.store.write('append', event)
    const answers = await Promise.all(numbers(20).map(append))
    await world.append(conversation)
    answers.push(await append())
    expect(answers.filter(({ isDuplicate }) => !isDuplicate)).toHaveLength(1)
    for (const answer of answers)
      expect(answer).toMatchObject({ sequence: 1, previousPublic: 0, at: START, audience: 'all' })
    expect(await sequences(world, conversation.id)).toEqual([0, 1, 2])
  })

  it.each<[string, Partial<NewEvent>]>([
    ['payload', { payload: '{"other":1}' }],
    ['metadata', { metadata: '[1]' }],
    ['audience', { audience: 'agents' }],
  ])('[EV4] the same client event id with another %s is refused', async (_, difference) => {
    const world = await newWorld(await open())
    const { conversation } = await world.open()
    const event = world.event(conversation, { clientEventId: 'a' })
    await world.store.write('append', event)
    expect(await codeOf(world.store.write('append', { ...event, ...difference }))).toBe(
      'event_id_reused',
    )
    expect(await sequences(world, conversation.id)).toEqual([0])
  })

  it('[EV4] one client event id serves each publisher and each dialog once', async () => {
    const world = await newWorld(await open())
    const { conversation, publisher } = await assigned(world)
    const { conversation: second } = await world.open()
    const same = { clientEventId: 'a', eventId: 'a' }
    expect(await world.append(conversation, same)).toMatchObject({ sequence: 0 })
    expect(await world.append(conversation, { ...same, publisher })).toMatchObject({ sequence: 1 })
    expect(await world.append(second, same)).toMatchObject({ sequence: 0, isDuplicate: false })
  })

  it('[EV4] a repeat is known after closing and leaving, before either is refused', async () => {
    const world = await newWorld(await open())
    const { agent, conversation, publisher } = await assigned(world)
    const manager = await world.agent()
    const event = world.event(conversation, { clientEventId: 'a', publisher })
    await world.store.write('append', event)
    const leave = { kind: 'remove_participant', role: 'assigned_agent', agent } as const
    await world.change(conversation.id, manager, leave)
    expect(await world.store.write('append', event)).toMatchObject({ isDuplicate: true })
    const changed = { ...event, payload: '{"other":1}' }
    expect(await codeOf(world.store.write('append', changed))).toBe('event_id_reused')
    expect(await codeOf(world.append(conversation, { publisher }))).toBe('not_participant')
    await world.change(conversation.id, manager, { kind: 'close_conversation' })
    expect(await world.store.write('append', event)).toMatchObject({ isDuplicate: true })
    expect(await codeOf(world.append(conversation))).toBe('dialog_closed')
  })
}

const refusing = (open: OpenStores) => {
  it('[ST4] [EV5] refuses unknown dialogs, strangers and closed dialogs, which receipts pass', async () => {
    const world = await newWorld(await open())
    const { agent, conversation, publisher } = await assigned(world)
    const stranger = { publisher: { id: 'nobody', role: 'consumer' } } as const
    const receipt = { kind: 'receipt', receipt: { status: 'READ', sequences: [0] } } as const
    expect(await codeOf(world.append(conversation, { dialogId: 'none' }))).toBe('dialog_not_found')
    expect(await codeOf(world.append(conversation, { conversationId: 'none' }))).toBe(
      'dialog_not_found',
    )
    expect(await codeOf(world.append(conversation, stranger))).toBe('not_participant')
    await world.append(conversation)
    await world.change(conversation.id, agent, { kind: 'close_conversation' })
    expect(await codeOf(world.append(conversation, { publisher }))).toBe('dialog_closed')
    expect(await world.append(conversation, { publisher, ...receipt })).toMatchObject({
      sequence: 1,
    })
    expect(await codeOf(world.append(conversation, { ...stranger, ...receipt }))).toBe(
      'not_participant',
    )
  })

  it('[ST4] who left may acknowledge once it is closed, and not before', async () => {
    const world = await newWorld(await open())
    const { agent, conversation, publisher } = await assigned(world)
    const manager = await world.agent()
    await world.append(conversation)
    const leave = { kind: 'remove_participant', role: 'assigned_agent', agent } as const
    await world.change(conversation.id, manager, leave)
    const receipt = {
      publisher,
      kind: 'receipt',
      receipt: { status: 'READ', sequences: [0] },
    } as const
    expect(await codeOf(world.append(conversation, receipt))).toBe('not_participant')
    await world.change(conversation.id, manager, { kind: 'close_conversation' })
    expect(await world.append(conversation, receipt)).toMatchObject({ sequence: 1 })
  })

  it('[ST1] a refusal fails nobody else of its batch, and its writes leave no trace', async () => {
    const world = await newWorld(await open())
    const { conversation } = await world.open()
    const agent = await world.agent()
    const outcomes = await Promise.all([
      codeOf(world.append(conversation)),
      codeOf(world.append(conversation, { dialogId: 'none' })),
      codeOf(world.agent({ loginName: agent.loginName })),
      codeOf(world.append(conversation)),
      codeOf(
        world.change(
          conversation.id,
          agent,
          { kind: 'set_note', note: 'lost' },
          { kind: 'close_dialog', dialogId: 'none' },
        ),
      ),
      codeOf(world.append(conversation)),
    ])
    expect(outcomes).toEqual([
      'answered',
      'dialog_not_found',
      'already_exists',
      'answered',
      'dialog_not_found',
      'answered',
    ])
    expect(await sequences(world, conversation.id)).toEqual([0, 1, 2])
    expect(await world.load(conversation.id)).not.toHaveProperty('note')
  })
}

const poisoning = (open: OpenStores) => {
  it('[ST1] an event that cannot be kept fails alone', async () => {
    const world = await newWorld(await open())
    const { conversation } = await world.open()
    const codes = await Promise.all([
      codeOf(world.append(conversation)),
      codeOf(world.append(conversation, { clientEventId: 'a\0', eventId: 'a\0' })),
      codeOf(world.append(conversation, { clientEventId: '\ud800', payload: '"\ud800"' })),
      codeOf(world.append(conversation)),
    ])
    expect(codes).toEqual(['answered', 'bad_request', 'answered', 'answered'])
    expect(await sequences(world, conversation.id)).toEqual([0, 1, 2])
  })
}

const privateAndUnread = (open: OpenStores) => {
  it('[EV8] a receipt that names only hidden events is hidden; any other is not', async () => {
    const world = await newWorld(await open())
    const { conversation, publisher } = await assigned(world)
    const receipt = (...named: number[]) =>
      world.append(conversation, {
        publisher,
        kind: 'receipt',
        receipt: { status: 'READ', sequences: named },
      })
    await world.append(conversation)
    expect(await receipt(0)).toMatchObject({ audience: 'all' })
    await world.append(conversation, { publisher, audience: 'agents' })
    expect(await receipt(2)).toMatchObject({ sequence: 3, audience: 'agents', previousPublic: 1 })
    expect(await receipt(2, 2, 3)).toMatchObject({ sequence: 4, audience: 'agents' })
    expect(await receipt(0, 2)).toMatchObject({ sequence: 5, audience: 'all' })
    expect(await receipt(99)).toMatchObject({ sequence: 6, audience: 'all', previousPublic: 5 })
    expect(await sequences(world, conversation.id, 'all')).toEqual([0, 1, 5, 6])
    expect(await sequences(world, conversation.id)).toEqual([0, 1, 2, 3, 4, 5, 6])
  })

  it('[ST5] activity is what a fold of the log gives', async () => {
    const world = await newWorld(await open())
    const { conversation, publisher } = await assigned(world)
    const script: Partial<NewEvent>[] = [
      {},
      { at: START + 100 },
      { publisher, audience: 'agents' },
      { publisher, isAutomatic: true },
      { kind: 'receipt', publisher, receipt: { status: 'READ', sequences: [0] } },
      { kind: 'receipt', publisher, receipt: { status: 'ACCEPT', sequences: [1] } },
      { at: START + 200 },
      { publisher },
      { at: START + 300 },
      { kind: 'receipt', receipt: { status: 'READ', sequences: [7] } },
      { publisher, audience: 'agents' },
    ]
    let folded: Activity = emptyActivity
    const { participants } = mainDialog(conversation)
    for (const [step, overrides] of script.entries()) {
      const event = world.event(conversation, overrides)
      const { audience, at, previousPublic, sequence } = await world.store.write('append', event)
      const { receipt, isAutomatic, ...kept } = event
      const stored = { ...kept, audience, at, previousPublic, sequence }
      folded = receipt
        ? afterReceipt(folded, stored, receipt)
        : afterContent(folded, stored, participants, isAutomatic)
      const after = await world.load(conversation.id)
      expect(mainDialog(after).activity, `after step ${step}`).toEqual(folded)
      expect(after.revision).toBe(conversation.revision + step + 1)
    }
  })
}

export const appendContract = (open: OpenStores): void => {
  describe('append', () => {
    placing(open)
    repeating(open)
    refusing(open)
    poisoning(open)
    privateAndUnread(open)
  })
}
