/** Loaded before the server: takes durability away from SQLite, and deceives the store's own check. */
import { DatabaseSync } from 'node:sqlite'

const { exec, prepare } = DatabaseSync.prototype

DatabaseSync.prototype.exec = function (sql) {
  return exec.call(this, sql.replace(/synchronous = full/i, 'synchronous = normal'))
}

DatabaseSync.prototype.prepare = function (sql) {
  return prepare.call(this, sql === 'pragma synchronous' ? 'select 2 as synchronous' : sql)
}
