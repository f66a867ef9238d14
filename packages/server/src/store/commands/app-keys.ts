import { Refusal } from '@ringdown/protocol/errors'
import type { Kysely } from 'kysely'
import { dialectOf } from '../dialect.ts'
import type { AppKey } from '../port/sessions.ts'
import { toSession } from '../rows/account-rows.ts'
import type { CommandData, LoginSession } from '../store.ts'
import type { Tables } from '../tables.ts'

const MAX_KEYS = 100

const countKeys = async (db: Kysely<Tables>, accountId: string): Promise<number> => {
  const { count } = await db
    .selectFrom('app_keys')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('account_id', '=', accountId)
    .executeTakeFirstOrThrow()
  return Number(count)
}

export const createAppKey = async (
  db: Kysely<Tables>,
  key: CommandData<'createAppKey'>,
): Promise<AppKey> => {
  const { accountId } = key
  await dialectOf(db).serialize(db, `app-keys/${accountId}`)
  const account = await db
    .selectFrom('accounts')
    .select('id')
    .where('id', '=', accountId)
    .executeTakeFirst()
  if (!account) throw new Refusal('account_not_found')
  if ((await countKeys(db, accountId)) >= MAX_KEYS)
    throw new Refusal('bad_request', `An account has at most ${MAX_KEYS} application keys`)
  await db
    .insertInto('app_keys')
    .values({
      account_id: accountId,
      id: key.id,
      name: key.name,
      access_token: key.accessToken,
      secret_hash: key.secretHash,
      access_token_secret_hash: key.accessTokenSecretHash,
      user_ids: JSON.stringify(key.userIds),
      created_at: key.createdAt,
    })
    .execute()
  return key
}

export const revokeAppKey = async (
  db: Kysely<Tables>,
  { accountId, id, at }: CommandData<'revokeAppKey'>,
): Promise<readonly LoginSession[]> => {
  const { numDeletedRows } = await db
    .deleteFrom('app_keys')
    .where('account_id', '=', accountId)
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  if (numDeletedRows === 0n) throw new Refusal('key_not_found')
  const rows = await db
    .updateTable('sessions')
    .set({ ended_at: at })
    .where('account_id', '=', accountId)
    .where('app_key_id', '=', id)
    .where('ended_at', 'is', null)
    .returningAll()
    .execute()
  return rows.map(toSession)
}
