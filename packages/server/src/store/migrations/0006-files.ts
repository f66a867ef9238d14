import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { Tables } from '../tables.ts'

const createFiles = async (db: Kysely<Tables>): Promise<void> => {
  await db.schema
    .createTable('files')
    .addColumn('account_id', 'text', (column) => column.notNull())
    .addColumn('path', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('file_type', 'text', (column) => column.notNull())
    .addColumn('max_bytes', 'bigint', (column) => column.notNull())
    .addColumn('secret', 'text', (column) => column.notNull())
    .addColumn('uploader_kind', 'text', (column) => column.notNull())
    .addColumn('uploader_id', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('is_used', 'integer', (column) => column.notNull())
    .addColumn('key', 'text')
    .addColumn('size', 'bigint')
    .addColumn('content_type', 'text')
    .addColumn('stored_at', 'bigint')
    .addPrimaryKeyConstraint('files_key', ['account_id', 'path'])
    .execute()
  const on = (name: string) => db.schema.createIndex(name).on('files')
  await on('files_by_uploader').columns(['account_id', 'uploader_id', 'created_at']).execute()
  await on('unused_files')
    .columns(['created_at'])
    .where(sql.ref('is_used'), '=', sql.lit(0))
    .execute()
}

const createUses = async (db: Kysely<Tables>): Promise<void> => {
  await db.schema
    .createTable('file_uses')
    .addColumn('account_id', 'text', (column) => column.notNull())
    .addColumn('path', 'text', (column) => column.notNull())
    .addColumn('conversation_id', 'text', (column) => column.notNull())
    .addColumn('dialog_id', 'text', (column) => column.notNull())
    .addColumn('audience', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('file_uses_key', ['account_id', 'path', 'dialog_id', 'audience'])
    .execute()
  await db.schema
    .createIndex('file_uses_by_conversation')
    .on('file_uses')
    .columns(['account_id', 'conversation_id'])
    .execute()
}

const createSpace = async (db: Kysely<Tables>): Promise<void> => {
  await db.schema
    .createTable('file_space')
    .addColumn('account_id', 'text', (column) => column.primaryKey())
    .addColumn('bytes', 'bigint', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('file_leftovers')
    .addColumn('key', 'text', (column) => column.primaryKey())
    .addColumn('due_at', 'bigint', (column) => column.notNull())
    .execute()
  await db.schema
    .createIndex('file_leftovers_by_time')
    .on('file_leftovers')
    .columns(['due_at'])
    .execute()
}

export const files = {
  async up(db: Kysely<Tables>): Promise<void> {
    await createFiles(db)
    await createUses(db)
    await createSpace(db)
  },
}
