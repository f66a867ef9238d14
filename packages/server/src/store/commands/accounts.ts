import { Refusal } from '@ringdown/protocol/errors'
import type { Kysely } from 'kysely'
import type { Account, AccountSettings } from '../../domain/account.ts'
import { dialectOf } from '../dialect.ts'
import { toAccount } from '../rows/account-rows.ts'
import { parsed } from '../rows/optional.ts'
import type { CommandData } from '../store.ts'
import type { Tables } from '../tables.ts'

/** The first agent of an account gets this user id. */
const FIRST_USER_NUMBER = 1_000_001

export const createAccount = async (db: Kysely<Tables>, account: Account): Promise<Account> => {
  await db
    .insertInto('accounts')
    .values({
      id: account.id,
      name: account.name,
      settings: JSON.stringify(account.settings),
      created_at: account.createdAt,
      next_user_number: FIRST_USER_NUMBER,
      next_skill_number: 1,
    })
    .execute()
  return account
}

export const updateAccount = async (
  db: Kysely<Tables>,
  { id, name, settings }: CommandData<'updateAccount'>,
): Promise<Account> => {
  const row = await db
    .selectFrom('accounts')
    .selectAll()
    .where('id', '=', id)
    .$if(dialectOf(db).locksRows, (query) => query.forUpdate())
    .executeTakeFirst()
  if (!row) throw new Refusal('account_not_found')
  const merged = { ...parsed<AccountSettings>(row.settings), ...settings }
  const after = await db
    .updateTable('accounts')
    .set({ name: name ?? row.name, settings: JSON.stringify(merged) })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
  return toAccount(after)
}

const ownedTables = [
  'participants',
  'dialogs',
  'conversations',
  'rings',
  'routing_tasks',
  'agent_states',
  'agents',
  'skills',
  'consumers',
  'sessions',
  'token_uses',
] as const

export const deleteAccount = async (
  db: Kysely<Tables>,
  { id }: CommandData<'deleteAccount'>,
): Promise<{ deleted: boolean }> => {
  await db
    .deleteFrom('events')
    .where('dialog_key', 'in', (query) =>
      query.selectFrom('dialogs').select('key').where('account_id', '=', id),
    )
    .execute()
  for (const table of ownedTables) await db.deleteFrom(table).where('account_id', '=', id).execute()
  const { numDeletedRows } = await db
    .deleteFrom('accounts')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return { deleted: numDeletedRows > 0n }
}
