/** What is noted of each change by administration: whose, of what, and which fields. [AG53] */
import type { AccountId } from '@ringdown/protocol'
import type { Kysely } from 'kysely'
import type { AuditNote } from '../../domain/audit.ts'
import { dialectOf } from '../dialect.ts'
import type { CommandData, CommandName, CommandResult } from '../store.ts'
import type { Tables } from '../tables.ts'

interface Noted {
  readonly accountId?: AccountId
  readonly subjects: readonly string[]
  readonly fields?: readonly string[]
}

const idsOf = (items: readonly { readonly id: string }[]): readonly string[] =>
  items.map(({ id }) => id)

const userIdsOf = (agents: readonly { readonly userId: string }[]): readonly string[] =>
  agents.map(({ userId }) => userId)

/** Names of what is given, without those that say where; a hash is told as what it is of. */
const fieldsOf = (data: object, ...places: readonly string[]): readonly string[] =>
  Object.entries(data)
    .filter(([name, value]) => value !== undefined && !['audit', ...places].includes(name))
    .map(([name]) => (name === 'passwordHash' ? 'password' : name))

const passwordsOf = (writes: readonly { readonly passwordHash?: string | null }[]) =>
  writes.some(({ passwordHash }) => passwordHash != null) ? ['password'] : []

const changesOfAccount = ({ id: _, settings, ...rest }: CommandData<'updateAccount'>) => [
  ...fieldsOf(rest),
  ...Object.keys(settings ?? {}).map((name) => `settings.${name}`),
]

const noted = {
  createAccount: ({ id }, _result) => ({ accountId: id, subjects: [id] }),
  updateAccount: (data) => ({
    accountId: data.id,
    subjects: [data.id],
    fields: changesOfAccount(data),
  }),
  deleteAccount: ({ id }) => ({ accountId: id, subjects: [id] }),
  createAgent: ({ accountId }, { userId }) => ({ accountId, subjects: [userId] }),
  updateAgent: (data) => ({
    accountId: data.accountId,
    subjects: [data.userId],
    fields: fieldsOf(data, 'accountId', 'userId'),
  }),
  saveAgents: ({ accountId, writes }, { agents }) => ({
    accountId,
    subjects: userIdsOf(agents),
    fields: passwordsOf(writes),
  }),
  deleteAgents: ({ accountId, userIds }) => ({ accountId, subjects: userIds }),
  createSkill: ({ accountId }, { id }) => ({ accountId, subjects: [id] }),
  updateSkill: (data) => ({
    accountId: data.accountId,
    subjects: [data.id],
    fields: fieldsOf(data, 'accountId', 'id'),
  }),
  saveSkills: ({ accountId }, { skills }) => ({ accountId, subjects: idsOf(skills) }),
  deleteSkills: ({ accountId, ids }) => ({ accountId, subjects: ids }),
  saveConfigurationItems: ({ accountId, kind }, { items }) => ({
    accountId,
    subjects: idsOf(items).map((id) => `${kind}/${id}`),
  }),
  deleteConfigurationItems: ({ accountId, kind, ids }) => ({
    accountId,
    subjects: ids.map((id) => `${kind}/${id}`),
  }),
  createAppKey: ({ accountId, id }) => ({ accountId, subjects: [id] }),
  revokeAppKey: ({ accountId, id }) => ({ accountId, subjects: [id] }),
  saveKey: ({ kid, state }) => ({ subjects: [kid], fields: [`state=${state}`] }),
} satisfies {
  readonly [N in CommandName]?: (data: CommandData<N>, result: CommandResult<N>) => Noted
}

/** Commands that leave an entry when they carry a note. */
const isNoted = (name: CommandName): name is keyof typeof noted => name in noted

/** One more than the newest; whoever takes one waits for those who did. */
const nextNumber = async (db: Kysely<Tables>): Promise<number> => {
  await dialectOf(db).serialize(db, 'audit')
  const newest = await db
    .selectFrom('audit_entries')
    .select('number')
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst()
  return (newest?.number ?? 0) + 1
}

/** Writes the entry in the transaction of the change, and forgets those that are too old. */
export const recordAudit = async (
  db: Kysely<Tables>,
  name: CommandName,
  { note, data, result }: { note: AuditNote; data: unknown; result: unknown },
): Promise<void> => {
  if (!isNoted(name)) return
  const {
    accountId,
    subjects,
    fields = [],
  } = (noted[name] as (data: unknown, result: unknown) => Noted)(data, result)
  const number = await nextNumber(db)
  await db.deleteFrom('audit_entries').where('at', '<', note.forgetBefore).execute()
  await db
    .insertInto('audit_entries')
    .values({
      number,
      at: note.at,
      account_id: accountId ?? null,
      changed_by: note.by,
      address: note.from,
      action: name,
      subjects: JSON.stringify(subjects),
      fields: JSON.stringify(fields),
    })
    .execute()
}
