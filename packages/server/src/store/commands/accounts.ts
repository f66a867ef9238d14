import { Refusal } from '@ringdown/protocol/errors'
import type { Kysely } from 'kysely'
import type { Account, AccountSettings } from '../../domain/account.ts'
import { defaultSettings } from '../../domain/account.ts'
import { dialectOf } from '../dialect.ts'
import { toAccount } from '../rows/account-rows.ts'
import { parsed } from '../rows/optional.ts'
import type { CommandData } from '../store.ts'
import type { Tables } from '../tables.ts'
import { timeSettings } from './arm-timers.ts'
import { leaveOverAll } from './files.ts'

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
  const kept = { ...defaultSettings, ...parsed<Partial<AccountSettings>>(row.settings) }
  const merged = { ...kept, ...settings }
  const after = await db
    .updateTable('accounts')
    .set({ name: name ?? row.name, settings: JSON.stringify(merged) })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
  await timeSettings(db, id, { before: kept, after: merged })
  return toAccount(after)
}

const ownedTables = [
  'participants',
  'dialogs',
  'conversations',
  'rings',
  'routing_decisions',
  'routing_passes',
  'routing_rosters',
  'timers',
  'routing_tasks',
  'agent_states',
  'agents',
  'skills',
  'consumers',
  'sessions',
  'app_keys',
  'agent_surveys',
  'drafts',
  'token_uses',
  'files',
  'file_uses',
  'file_space',
  'configuration_items',
  'configuration_revisions',
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
  await leaveOverAll(db, id)
  for (const table of ownedTables) await db.deleteFrom(table).where('account_id', '=', id).execute()
  const { numDeletedRows } = await db
    .deleteFrom('accounts')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return { deleted: numDeletedRows > 0n }
}
