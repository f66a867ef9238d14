import { Refusal } from '@ringdown/protocol/errors'
import type { Kysely, Selectable } from 'kysely'
import type { HostedFile } from '../../domain/hosted-file.ts'
import { UNUSED } from '../constants.ts'
import { dialectOf } from '../dialect.ts'
import { toFile } from '../rows/file-rows.ts'
import type { CommandData, CommandResult } from '../store.ts'
import type { Tables } from '../tables.ts'
import type { FileRow } from '../tables-files.ts'

const HOUR_MS = 3_600_000

type Db = Kysely<Tables>
type Issue = CommandData<'issueFile'>

const refuseHaste = async (db: Db, { file, quota }: Issue): Promise<void> => {
  if (quota.perHour === 0) return
  const { accountId, uploader, createdAt } = file
  await dialectOf(db).serialize(db, `files ${accountId} ${uploader.id}`)
  const { count } = await db
    .selectFrom('files')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('account_id', '=', accountId)
    .where('uploader_id', '=', uploader.id)
    .where('created_at', '>', createdAt - HOUR_MS)
    .executeTakeFirstOrThrow()
  if (Number(count) >= quota.perHour) throw new Refusal('too_many_requests')
}

const refuseExcess = async (db: Db, { file, quota }: Issue): Promise<void> => {
  if (quota.storageBytes === 0) return
  const space = await db
    .selectFrom('file_space')
    .select('bytes')
    .where('account_id', '=', file.accountId)
    .executeTakeFirst()
  if ((space?.bytes ?? 0) + file.maxBytes > quota.storageBytes)
    throw new Refusal('file_storage_full')
}

export const issueFile = async (db: Db, issue: Issue): Promise<HostedFile> => {
  await refuseHaste(db, issue)
  await refuseExcess(db, issue)
  const { file } = issue
  const row = await db
    .insertInto('files')
    .values({
      account_id: file.accountId,
      path: file.path,
      state: 'issued',
      file_type: file.fileType,
      max_bytes: file.maxBytes,
      secret: file.secret,
      uploader_kind: file.uploader.kind,
      uploader_id: file.uploader.id,
      created_at: file.createdAt,
      is_used: 0,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  return toFile(row)
}

/** Moves a file that still waits for its bytes; there is one such move in its life. */
const moveIssued = async (
  db: Db,
  { accountId, path }: { accountId: string; path: string },
  changes: Partial<FileRow>,
): Promise<Selectable<FileRow>> => {
  const row = await db
    .updateTable('files')
    .set(changes)
    .where('account_id', '=', accountId)
    .where('path', '=', path)
    .where('state', '=', 'issued')
    .returningAll()
    .executeTakeFirst()
  if (!row) throw new Refusal('file_address_used')
  return row
}

export const beginUpload = async (
  db: Db,
  { key, dueAt, ...file }: CommandData<'beginUpload'>,
): Promise<null> => {
  await moveIssued(db, file, { state: 'issued' })
  await db.insertInto('file_leftovers').values({ key, due_at: dueAt }).execute()
  return null
}

const addSpace = async (db: Db, accountId: string, bytes: number): Promise<void> => {
  await db
    .insertInto('file_space')
    .values({ account_id: accountId, bytes })
    .onConflict((conflict) =>
      conflict
        .column('account_id')
        .doUpdateSet((eb) => ({ bytes: eb('file_space.bytes', '+', bytes) })),
    )
    .execute()
}

export const finishUpload = async (
  db: Db,
  { accountId, path, content }: CommandData<'finishUpload'>,
): Promise<HostedFile> => {
  const { key, size, type, storedAt } = content
  const row = await moveIssued(
    db,
    { accountId, path },
    { state: 'stored', key, size, content_type: type, stored_at: storedAt },
  )
  const { numDeletedRows } = await db
    .deleteFrom('file_leftovers')
    .where('key', '=', key)
    .executeTakeFirstOrThrow()
  // Without its row somebody may already have swept the bytes away.
  if (numDeletedRows === 0n) throw new Refusal('file_address_used')
  await addSpace(db, accountId, size)
  return toFile(row)
}

export const blockFile = async (db: Db, file: CommandData<'blockFile'>): Promise<null> => {
  await moveIssued(db, file, { state: 'blocked' })
  return null
}

export const useFile = async (
  db: Db,
  { accountId, path, conversationId, dialogId, audience }: CommandData<'useFile'>,
): Promise<null> => {
  const { numUpdatedRows } = await db
    .updateTable('files')
    .set({ is_used: 1 })
    .where('account_id', '=', accountId)
    .where('path', '=', path)
    .executeTakeFirstOrThrow()
  if (numUpdatedRows === 0n) throw new Refusal('file_not_found')
  const use = { conversation_id: conversationId, dialog_id: dialogId, audience }
  await db
    .insertInto('file_uses')
    .values({ account_id: accountId, path, ...use })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return null
}

/** The bytes of a removed row become leftovers, in the same transaction. */
const leaveOver = async (
  db: Db,
  { account_id: accountId, path, key, size }: Selectable<FileRow>,
  at: number,
): Promise<void> => {
  await db
    .deleteFrom('file_uses')
    .where('account_id', '=', accountId)
    .where('path', '=', path)
    .execute()
  if (key === null) return
  await db.insertInto('file_leftovers').values({ key, due_at: at }).execute()
  await addSpace(db, accountId, -(size ?? 0))
}

export const removeFile = async (
  db: Db,
  { accountId, path, at }: CommandData<'removeFile'>,
): Promise<CommandResult<'removeFile'>> => {
  const row = await db
    .deleteFrom('files')
    .where('account_id', '=', accountId)
    .where('path', '=', path)
    .returningAll()
    .executeTakeFirst()
  if (row) await leaveOver(db, row, at)
  return { removed: row !== undefined }
}

export const removeUnusedFiles = async (
  db: Db,
  { before, at, limit }: CommandData<'removeUnusedFiles'>,
): Promise<number> => {
  const found = await db
    .selectFrom('files')
    .select(['account_id', 'path'])
    .where('is_used', '=', UNUSED)
    .where('created_at', '<', before)
    .orderBy('created_at')
    .limit(limit)
    .execute()
  let removed = 0
  for (const { account_id, path } of found) {
    // Asked again with the row locked: an event may have named it since.
    const row = await db
      .deleteFrom('files')
      .where('account_id', '=', account_id)
      .where('path', '=', path)
      .where('is_used', '=', UNUSED)
      .returningAll()
      .executeTakeFirst()
    if (!row) continue
    await leaveOver(db, row, at)
    removed += 1
  }
  return removed
}

export const forgetLeftovers = async (
  db: Db,
  { keys }: CommandData<'forgetLeftovers'>,
): Promise<null> => {
  if (keys.length > 0) await db.deleteFrom('file_leftovers').where('key', 'in', keys).execute()
  return null
}

/** For an account that goes: its bytes are left over. */
export const leaveOverAll = async (db: Db, accountId: string): Promise<void> => {
  await db
    .insertInto('file_leftovers')
    .columns(['key', 'due_at'])
    .expression((eb) =>
      eb
        .selectFrom('files')
        .where('account_id', '=', accountId)
        .where('key', 'is not', null)
        .select((one) => [one.ref('key').$notNull().as('key'), one.val(0).as('due_at')]),
    )
    .execute()
}
