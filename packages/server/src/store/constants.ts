/**
 * Values that the conditions of partial indexes name. SQLite uses such an index only for a
 * statement that has the same constant in it; a parameter of the same value does not do.
 */
import { sql } from 'kysely'

export const OPEN = sql.lit('open' as const)
export const QUEUED = sql.lit('queued' as const)
export const WAITING = sql.lit('waiting' as const)
export const UNUSED = sql.lit(0 as const)
