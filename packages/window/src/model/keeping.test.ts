import { describe, expect, it } from 'vitest'
import { newTab } from '../../test/tab.ts'
import { Keeping, type Storages } from './keeping.ts'

const page = (storages: Storages) => new Keeping('7', storages)

describe('what a tab keeps', () => {
  const cases = [
    { what: 'the same person', owner: 'ann', subject: 'ann', before: undefined, draft: 'hello' },
    { what: 'somebody else', owner: 'ann', subject: 'ben', before: undefined, draft: undefined },
    { what: 'nobody known', owner: 'ann', subject: undefined, before: undefined, draft: undefined },
    { what: 'who proved who it is', owner: 'x', subject: 'ann', before: 'x', draft: 'hello' },
    { what: 'another who did so', owner: 'x', subject: 'ann', before: 'y', draft: undefined },
    {
      what: 'the first known',
      owner: undefined,
      subject: 'ann',
      before: undefined,
      draft: 'hello',
    },
  ]
  for (const { what, owner, subject, before, draft } of cases)
    it(`[WIN41] ${draft ? 'goes to' : 'is not given to'} ${what}`, () => {
      const tab = newTab()
      const earlier = page(tab)
      earlier.settle(owner)
      earlier.setTab('draft.new', 'hello')
      const later = page(tab)
      expect(later.tab('draft.new')).toBe(undefined)
      later.settle(subject, before)
      expect(later.tab('draft.new')).toBe(draft)
      // Nor is it kept for its owner beside what somebody else has.
      const last = page(tab)
      last.settle(owner)
      expect(last.tab('draft.new')).toBe(owner === subject ? 'hello' : undefined)
    })

  it('[WIN41] waits in memory until it is known whose it is, and is newer than what was kept', async () => {
    const tab = newTab()
    const earlier = page(tab)
    earlier.settle('ann')
    earlier.setTab('draft.new', 'old')
    earlier.setTab('place', 'kept')
    const later = page(tab)
    later.setTab('draft.new', 'newer')
    later.settle('ann')
    await later.settled
    expect([later.tab('draft.new'), later.tab('place')]).toEqual(['newer', 'kept'])
    const other = page(tab)
    other.setTab('draft.new', 'of ben')
    other.settle('ben')
    expect([other.tab('draft.new'), other.tab('place')]).toEqual(['of ben', undefined])
  })

  it('[WIN41] is over with another person in the same page, whatever is to be kept after that', () => {
    const tab = newTab()
    const own = page(tab)
    own.settle('ann')
    own.setTab('outbox', 'of ann')
    expect(own.settle('ann-anew', 'ann')).toBe(true)
    expect(own.settle('ben')).toBe(false)
    own.setTab('outbox', 'of ann')
    expect(own.settle('ann-anew')).toBe(false)
    expect(own.tab('outbox')).toBe(undefined)
    const next = page(tab)
    next.settle('ben')
    expect(next.tab('outbox')).toBe(undefined)
  })

  it('[WIN41] that cannot be read is as good as nothing', () => {
    const tab = newTab()
    for (const text of ['{', 'null', '7']) {
      tab.tab().setItem('ringdown.7.tab', text)
      const own = page(tab)
      own.settle('ann')
      expect(own.tab('place')).toBe(undefined)
    }
  })
})
