import { describe, expect, it } from 'vitest'
import { type AuditNote, TOKEN_HOLDER } from '../../domain/audit.ts'
import type { OpenStores } from './contract-types.ts'
import { codeOf, newWorld, START } from './given.ts'

const noteAt = (at: number, more: Partial<AuditNote> = {}): AuditNote => ({
  at,
  by: TOKEN_HOLDER,
  from: '192.0.2.1',
  forgetBefore: 0,
  ...more,
})

export const auditContract = (open: OpenStores): void => {
  describe('audit', () => {
    it('[AG53] is written with the change, and with no other', async () => {
      const { store, accountId } = await newWorld(await open())
      const all = () =>
        store.read('auditEntries', { accountId, from: 0, before: START * 2, limit: 100 })
      const { id } = await store.write('createSkill', { accountId, name: 'A', ttr: {} })
      expect(await all()).toEqual([])
      const audit = noteAt(START)
      await store.write('updateSkill', { accountId, id, name: 'B', audit })
      const { forgetBefore: _, ...told } = audit
      const entry = {
        ...told,
        number: expect.any(Number),
        accountId,
        action: 'updateSkill',
        subjects: [id],
        fields: ['name'],
      }
      expect(await all()).toEqual([entry])
      const refused = store.write('updateSkill', {
        accountId,
        id: 'none',
        name: 'C',
        audit: noteAt(START + 1),
      })
      expect(await codeOf(refused)).toBe('skill_not_found')
      expect(await all()).toEqual([entry])
    })

    it('[AG53] a note that cannot be written keeps the change from happening', async () => {
      const { store, accountId } = await newWorld(await open())
      const { id } = await store.write('createSkill', { accountId, name: 'A', ttr: {} })
      const audit = { ...noteAt(START), by: null as unknown as string }
      const renaming = store.write('updateSkill', { accountId, id, name: 'B', audit })
      await expect(renaming).rejects.toThrow()
      expect((await store.read('skill', { accountId, id }))?.name).toBe('A')
    })

    it('[AG54] is read newest first, page by page', async () => {
      const { store, accountId } = await newWorld(await open())
      const rename = (at: number) =>
        store.write('updateAccount', { id: accountId, name: `at ${at}`, audit: noteAt(at) })
      for (const at of [1, 2, 2, 2, 3]) await rename(START + at)
      const asked = { accountId, from: START + 2, before: START + 4 }
      const whole = await store.read('auditEntries', { ...asked, limit: 100 })
      expect(whole.map(({ at }) => at - START)).toEqual([3, 2, 2, 2])
      const pages = []
      let after = Number.MAX_SAFE_INTEGER
      for (let page = 0; page < 4; page += 1) {
        const one = await store.read('auditEntries', {
          ...asked,
          limit: 1,
          after,
        })
        pages.push(...one)
        after = one[0]?.number ?? 0
      }
      expect(pages).toEqual(whole)
    })

    it('[AG55] outlives its account, and goes when it is too old', async () => {
      const { store, accountId } = await newWorld(await open())
      const entries = async () => {
        const asked = { accountId, from: 0, before: START * 2, limit: 100 }
        return (await store.read('auditEntries', asked)).map(({ action }) => action)
      }
      await store.write('updateAccount', { id: accountId, name: 'x', audit: noteAt(START) })
      await store.write('deleteAccount', { id: accountId, audit: noteAt(START + 1) })
      expect(await entries()).toEqual(['deleteAccount', 'updateAccount'])
      const { accountId: other } = await newWorld(store)
      const audit = noteAt(START + 2, { forgetBefore: START + 1 })
      await store.write('updateAccount', { id: other, name: 'y', audit })
      expect(await entries()).toEqual(['deleteAccount'])
    })
  })
}
