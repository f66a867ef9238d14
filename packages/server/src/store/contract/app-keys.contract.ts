import { describe, expect, it } from 'vitest'
import type { CommandData, LoginSession } from '../store.ts'
import type { OpenStores } from './contract-types.ts'
import { codeOf, newWorld, START, unique } from './given.ts'

const newKey = (accountId: string, at = START): CommandData<'createAppKey'> => ({
  accountId,
  id: unique('key'),
  name: 'Bots',
  accessToken: unique('token'),
  secretHash: 'one',
  accessTokenSecretHash: 'two',
  userIds: ['7', '8'],
  createdAt: at,
})

const sessionBy = (accountId: string, appKeyId?: string): LoginSession => ({
  id: unique('s'),
  accountId,
  agentId: 'x',
  userId: '1',
  bearerHash: unique('b'),
  csrfHash: 'csrf',
  cookieHash: unique('k'),
  createdAt: START,
  expiresAt: START + 100,
  ...(appKeyId !== undefined && { appKeyId }),
})

export const appKeyContract = (open: OpenStores): void => {
  describe('application keys', () => {
    it('[AG36] are kept, listed oldest first and found by account and id', async () => {
      const { store, accountId } = await newWorld(await open())
      const [late, early] = [newKey(accountId, START + 1), newKey(accountId)]
      expect(await store.write('createAppKey', late)).toEqual(late)
      await store.write('createAppKey', { ...early, userIds: [] })
      expect(await store.read('appKey', { accountId, id: late.id })).toEqual(late)
      expect(await store.read('appKeys', accountId)).toEqual([{ ...early, userIds: [] }, late])
      expect(await store.read('appKey', { accountId, id: 'none' })).toBeUndefined()
      expect(await codeOf(store.write('createAppKey', late))).toBe('already_exists')
      expect(await codeOf(store.write('createAppKey', newKey(unique('A'))))).toBe(
        'account_not_found',
      )
    })

    it('[AG36] are at most a hundred, also when they are made at the same time', async () => {
      const { store, accountId } = await newWorld(await open())
      const made = await Promise.all(
        Array.from({ length: 103 }, () => codeOf(store.write('createAppKey', newKey(accountId)))),
      )
      expect(made.filter((code) => code === 'answered')).toHaveLength(100)
      expect(made.filter((code) => code === 'bad_request')).toHaveLength(3)
      expect(await store.read('appKeys', accountId)).toHaveLength(100)
    })

    it('[AG37] take the sessions that they opened with them', async () => {
      const { store, accountId } = await newWorld(await open())
      const key = newKey(accountId)
      await store.write('createAppKey', key)
      const [byKey, byOther] = [sessionBy(accountId, key.id), sessionBy(accountId)]
      for (const one of [byKey, byOther]) await store.write('openSession', one)
      expect(await store.read('sessionByBearer', byKey)).toEqual(byKey)
      const revoke = () => store.write('revokeAppKey', { accountId, id: key.id, at: START + 5 })
      expect(await revoke()).toEqual([{ ...byKey, endedAt: START + 5 }])
      expect(await codeOf(revoke())).toBe('key_not_found')
      expect(await store.read('appKey', { accountId, id: key.id })).toBeUndefined()
      expect(await store.read('sessionByBearer', byKey)).toBeUndefined()
      expect(await store.read('sessionByBearer', byOther)).toEqual(byOther)
    })

    it('[AG46] old sessions of an agent are forgotten a week after they expired', async () => {
      const { store, accountId } = await newWorld(await open())
      const later = (ms: number): LoginSession => ({
        ...sessionBy(accountId),
        createdAt: START + ms,
      })
      const [old, other] = [sessionBy(accountId), { ...sessionBy(accountId), agentId: 'y' }]
      for (const one of [old, other]) await store.write('openSession', one)
      const week = 7 * 86_400_000 + 100
      await store.write('openSession', later(week))
      expect(await store.read('sessionByCookie', old)).toEqual(old)
      await store.write('openSession', later(week + 1))
      expect(await store.read('sessionByCookie', old)).toBeUndefined()
      expect(await store.read('sessionByCookie', other)).toEqual(other)
    })

    it('[AG36] go with their account', async () => {
      const { store, accountId } = await newWorld(await open())
      await store.write('createAppKey', newKey(accountId))
      await store.write('deleteAccount', { id: accountId })
      expect(await store.read('appKeys', accountId)).toEqual([])
    })
  })
}
