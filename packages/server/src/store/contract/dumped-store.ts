/** An embedded store whose rows can be looked at from outside, to see what an attempt touched. */
import type { DatabaseSync } from 'node:sqlite'
import { systemIds } from '../../ids.ts'
import { connectToFile } from '../sqlite/connect.ts'
import { sqliteStore } from '../sqlite/sqlite-store.ts'
import type { Store } from '../store.ts'

export interface DumpedRow {
  readonly table: string
  readonly row: Readonly<Record<string, unknown>>
}

export interface DumpedStore {
  readonly store: Store
  /** Every row of every table, in the order of the tables' own. */
  readonly dump: () => readonly DumpedRow[]
}

const rowsOf = (database: DatabaseSync): readonly DumpedRow[] => {
  const tables = database
    .prepare(`select name from sqlite_schema where type = 'table' order by name`)
    .all() as { name: string }[]
  return tables.flatMap(({ name: table }) =>
    database
      .prepare(`select * from "${table}"`)
      .all()
      .map((row) => ({ table, row: { ...row } })),
  )
}

export const dumpedStore = async (): Promise<DumpedStore> => {
  const opened: DatabaseSync[] = []
  const store = await sqliteStore({
    file: ':memory:',
    hosting: 'inline',
    epoch: systemIds.uuid(),
    connect(path, options) {
      const database = connectToFile(path, options)
      opened.push(database)
      return database
    },
  })
  const [database] = opened
  if (!database) throw new Error('the store opened no database')
  return { store, dump: () => rowsOf(database) }
}
