import { Refusal } from '@ringdown/protocol/errors'
import type { Kysely } from 'kysely'
import { defaultSkillRules, type Skill } from '../../domain/account.ts'
import { toSkill } from '../rows/account-rows.ts'
import type { CommandData } from '../store.ts'
import type { Tables } from '../tables.ts'
import { rulesOfSkills, timeSkills } from './arm-timers.ts'
import { forgetDeleted, nextRevision } from './revisions.ts'

/** Counts up even when the command brings an id: the account is locked and known to exist. */
const takeNumber = async (db: Kysely<Tables>, accountId: string): Promise<string> => {
  const row = await db
    .updateTable('accounts')
    .set((eb) => ({ next_skill_number: eb('next_skill_number', '+', 1) }))
    .where('id', '=', accountId)
    .returning('next_skill_number')
    .executeTakeFirst()
  if (!row) throw new Refusal('account_not_found')
  return String(row.next_skill_number - 1)
}

const isTaken = async (db: Kysely<Tables>, accountId: string, id: string): Promise<boolean> => {
  const row = await db
    .selectFrom('skills')
    .select('id')
    .where('account_id', '=', accountId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row !== undefined
}

const freeNumber = async (db: Kysely<Tables>, accountId: string): Promise<string> => {
  for (;;) {
    const id = await takeNumber(db, accountId)
    if (!(await isTaken(db, accountId, id))) return id
  }
}

/** Without counting the change. */
export const insertSkill = async (
  db: Kysely<Tables>,
  { accountId, id, name, ttr, rules = defaultSkillRules, details = {} }: CommandData<'createSkill'>,
): Promise<Skill> => {
  const number = await freeNumber(db, accountId)
  await forgetDeleted(db, { accountId, kind: 'skills', id: id ?? number })
  const row = await db
    .insertInto('skills')
    .values({
      account_id: accountId,
      id: id ?? number,
      name,
      ttr: JSON.stringify(ttr),
      rules: JSON.stringify(rules),
      details: JSON.stringify(details),
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  return toSkill(row)
}

export const createSkill = async (
  db: Kysely<Tables>,
  data: CommandData<'createSkill'>,
): Promise<Skill> => {
  await nextRevision(db, { accountId: data.accountId, collection: 'skills' })
  return insertSkill(db, data)
}

export const updateSkill = async (
  db: Kysely<Tables>,
  { accountId, id, name, ttr, rules, details }: CommandData<'updateSkill'>,
): Promise<Skill> => {
  await nextRevision(db, { accountId, collection: 'skills' })
  const before = await rulesOfSkills(db, accountId, [id])
  const row = await db
    .updateTable('skills')
    .set({
      id,
      ...(name !== undefined && { name }),
      ...(ttr && { ttr: JSON.stringify(ttr) }),
      ...(rules && { rules: JSON.stringify(rules) }),
      ...(details && { details: JSON.stringify(details) }),
    })
    .where('account_id', '=', accountId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
  if (!row) throw new Refusal('skill_not_found')
  const skill = toSkill(row)
  await timeSkills(db, accountId, { before, after: [skill] })
  return skill
}
