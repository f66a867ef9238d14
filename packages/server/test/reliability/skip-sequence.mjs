/** Loaded before the server: from the twentieth event of a dialog on, a number is left out. */
import { DatabaseSync } from 'node:sqlite'

const { prepare } = DatabaseSync.prototype

DatabaseSync.prototype.prepare = function (sql) {
  const isInsert = sql.startsWith('insert into events')
  return prepare.call(
    this,
    isInsert ? sql.replace('values (?, ?,', 'values (?1, ?2 + (?2 >= 20),') : sql,
  )
}
