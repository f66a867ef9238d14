import { describe, expect, it } from 'vitest'
import type { DraftContent } from '../../domain/draft.ts'
import type { CommandData } from '../store.ts'
import type { OpenStores } from './contract-types.ts'
import { codeOf, newWorld, START, unique } from './given.ts'

const MOST = 50
const MOST_BYTES = 10_000

const text = (words: string, at = START, more: Partial<DraftContent> = {}): DraftContent => ({
  text: words,
  isNote: false,
  at,
  others: [],
  ...more,
})

/** One agent that writes in a conversation, and all that it has begun. */
const desk = async (open: OpenStores) => {
  const world = await newWorld(await open())
  const { store, accountId } = world
  const { id: agentId, userId } = await world.agent()
  const { conversation } = await world.open()
  const place = { conversationId: conversation.id, dialogId: conversation.id }
  const save = (content: DraftContent, more: Partial<CommandData<'saveDraft'>> = {}) =>
    store.write('saveDraft', {
      accountId,
      agentId,
      ...place,
      content,
      expectedRevisions: [],
      revision: unique('r'),
      mergedRevision: unique('m'),
      most: MOST,
      mostBytes: MOST_BYTES,
      ...more,
    })
  const all = () => store.read('drafts', { accountId, agentId })
  return { world, store, accountId, agentId, userId, place, save, all }
}

const known = (draft: { readonly revision: string } | undefined) => ({
  expectedRevisions: ['none', draft?.revision ?? ''],
})

const keeping = (open: OpenStores) => {
  it('[DRF1] is kept for its agent, newest first, and goes when nothing is left of it', async () => {
    const { world, save, all, place, accountId, agentId } = await desk(open)
    const { conversation } = await world.open()
    const one = await save(text('One'))
    const two = await save(text('Two', START + 1, { isNote: true }), {
      conversationId: conversation.id,
      dialogId: conversation.id,
    })
    expect(one).toMatchObject({ accountId, agentId, ...place, ...text('One') })
    expect(await all()).toEqual([two, one])
    expect(await save(text(' '), known(one))).toBeUndefined()
    expect(await all()).toEqual([two])
  })

  it('[DRF2] its writer replaces the one it knows, others and all', async () => {
    const { save, all } = await desk(open)
    const first = await save(text('Hello', START, { others: [text('Kept', START - 1)].map(plain) }))
    const second = await save(text('Bye', START + 1), known(first))
    expect(second?.revision).not.toBe(first?.revision)
    expect(await all()).toEqual([second])
    expect(second).toMatchObject(text('Bye', START + 1))
  })

  it('[DRF5] so many per agent; more of the one that exists is no other one', async () => {
    const { world, save } = await desk(open)
    const { conversation } = await world.open()
    const elsewhere = { conversationId: conversation.id, dialogId: conversation.id }
    const first = await save(text('One'), { most: 1 })
    expect(await codeOf(save(text('Two'), { ...elsewhere, most: 1 }))).toBe('too_many_drafts')
    expect(await codeOf(save(text('One more'), { ...known(first), most: 1 }))).toBe('answered')
    expect(await codeOf(save(text('Two'), { ...elsewhere, most: 2 }))).toBe('answered')
  })

  it('[DRF5] saving at once does not get past the number', async () => {
    const { world, save, all } = await desk(open)
    const opened = await Promise.all(Array.from({ length: 4 }, () => world.open()))
    const outcomes = await Promise.all(
      opened.map(({ conversation: { id } }) =>
        codeOf(save(text('x'), { conversationId: id, dialogId: id, most: 2 })),
      ),
    )
    expect(outcomes.filter((one) => one === 'too_many_drafts')).toHaveLength(2)
    expect(await all()).toHaveLength(2)
  })

  it('[DRF5] so many bytes of all of them; what makes them no more is taken', async () => {
    const { world, save } = await desk(open)
    const { conversation } = await world.open()
    const elsewhere = { conversationId: conversation.id, dialogId: conversation.id }
    const mostBytes = 30
    const saved = await save(text('ü'.repeat(10)), { mostBytes })
    const [fits, tooLong] = [text('x'.repeat(6)), text('x'.repeat(7))]
    expect(await codeOf(save(tooLong, { ...elsewhere, mostBytes }))).toBe('too_many_drafts')
    const second = await save(fits, { ...elsewhere, mostBytes })
    const grown = { ...elsewhere, ...known(second), mostBytes }
    expect(await codeOf(save(tooLong, grown))).toBe('too_many_drafts')
    const beside = text('', START, { others: [plain(text('x'))] })
    expect(await codeOf(save(beside, grown))).toBe('too_many_drafts')
    expect(await codeOf(save(text('a'.repeat(20)), { ...known(saved), mostBytes: 1 }))).toBe(
      'answered',
    )
  })

  it('[DRF1] is emptied without its conversation, and nobody else’s with it', async () => {
    const { world, store, accountId, agentId, place, save, all } = await desk(open)
    const { dialogId } = place
    const { id: other } = await world.agent()
    const empty = (of: string, expectedRevisions: readonly string[]) =>
      store.write('saveDraft', {
        accountId,
        agentId: of,
        dialogId,
        content: text(''),
        expectedRevisions,
        revision: unique('r'),
        mergedRevision: unique('m'),
        most: MOST,
        mostBytes: MOST_BYTES,
      })
    const saved = await save(text('One'))
    const { expectedRevisions } = known(saved)
    expect(await empty(other, expectedRevisions)).toBeUndefined()
    expect(await empty(agentId, [])).toMatchObject({ text: 'One', ...place })
    const [left] = await all()
    expect(await empty(agentId, known(left).expectedRevisions)).toBeUndefined()
    expect(await all()).toEqual([])
    expect(await empty(agentId, [])).toBeUndefined()
  })

  it('[DRF1] a dialog that is not in the conversation has none', async () => {
    const { save } = await desk(open)
    expect(await codeOf(save(text('x'), { dialogId: 'none' }))).toBe('dialog_not_found')
    expect(await codeOf(save(text('x'), { conversationId: 'none' }))).toBe('dialog_not_found')
  })
}

const plain = ({ text: words, isNote, at }: DraftContent) => ({ text: words, isNote, at })

const merging = (open: OpenStores) => {
  it('[DRF3] of two that do not know each other the newest stands and the other one is kept', async () => {
    const { save, all } = await desk(open)
    const first = await save(text('From the office', START + 1))
    const second = await save(text('From home', START + 2), known(undefined))
    expect(second?.revision).toMatch(/^m/)
    expect(second).toMatchObject({
      text: 'From home',
      others: [plain(text('From the office', START + 1))],
    })
    const late = await save(text('Written before', START), known(first))
    expect(late).toMatchObject({ text: 'From home', at: START + 2 })
    expect(late?.others.map((one) => one.text)).toEqual(['From the office', 'Written before'])
    expect(await all()).toEqual([late])
  })

  it('[DRF3] what the newest one holds is not kept twice, and three others at most', async () => {
    const { save } = await desk(open)
    await save(text('Hel', START))
    expect((await save(text('Hello', START + 1)))?.others).toEqual([])
    for (const [index, words] of ['a', 'b', 'c', 'd'].entries())
      await save(text(words, START + 2 + index))
    const last = await save(text('e', START + 9))
    expect(last?.others.map((one) => one.text)).toEqual(['d', 'c', 'b'])
  })

  it('[DRF3] who sent what it knew takes nothing from what was written since', async () => {
    const { save, all } = await desk(open)
    const first = await save(text('Sent', START))
    const second = await save(text('Something else', START + 1), known(first))
    expect(await save(text('', START + 2), known(first))).toMatchObject({ text: 'Something else' })
    expect((await all()).map((one) => one.text)).toEqual([second?.text])
  })
}

const forgetting = (open: OpenStores) => {
  it('[DRF6] goes when its conversation has ended long ago, or with its agent or account', async () => {
    const { world, store, accountId, userId, place, save, all } = await desk(open)
    const { conversation } = await world.open()
    await save(text('ended'))
    await save(text('open'), { conversationId: conversation.id, dialogId: conversation.id })
    const manager = await world.agent({ roles: ['manager'] })
    await world.change(place.conversationId, manager, { kind: 'close_conversation' })
    const { endedAt = 0 } = await world.load(place.conversationId)
    await store.write('forgetDrafts', { endedBefore: endedAt })
    expect(await all()).toHaveLength(2)
    expect(await store.write('forgetDrafts', { endedBefore: endedAt + 1 })).toBeGreaterThanOrEqual(
      1,
    )
    expect((await all()).map((one) => one.text)).toEqual(['open'])
    await store.write('deleteAgents', { accountId, userIds: [userId], at: START })
    expect(await all()).toEqual([])
  })
}

export const draftContract = (open: OpenStores): void => {
  describe('drafts', () => {
    keeping(open)
    merging(open)
    forgetting(open)
  })
}
