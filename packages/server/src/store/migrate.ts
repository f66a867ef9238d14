/** Brings a database to the newest schema. Forward only: a newer database refuses an older program. */
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import { Migrator } from 'kysely/migration'
import { firstTables } from './migrations/0001-first-tables.ts'
import { decisionsAndRouting } from './migrations/0002-decisions-and-routing.ts'
import { timers } from './migrations/0003-timers.ts'
import { dialogs } from './migrations/0004-dialogs.ts'
import { encodedMetadata } from './migrations/0005-encoded-metadata.ts'
import { files } from './migrations/0006-files.ts'
import { configurationTables } from './migrations/0007-configuration.ts'
import { logins } from './migrations/0008-logins.ts'
import { agentSurveys } from './migrations/0009-agent-surveys.ts'
import { drafts } from './migrations/0010-drafts.ts'
import { declineReasons } from './migrations/0011-decline-reasons.ts'
import { audit } from './migrations/0012-audit.ts'
import type { Tables } from './tables.ts'

const migrations: Readonly<Record<string, Migration>> = {
  '0001-first-tables': firstTables,
  '0002-decisions-and-routing': decisionsAndRouting,
  '0004-dialogs': dialogs,
  '0005-encoded-metadata': encodedMetadata,
  '0003-timers': timers,
  '0006-files': files,
  '0007-configuration': configurationTables,
  '0008-logins': logins,
  '0009-agent-surveys': agentSurveys,
  '0010-drafts': drafts,
  '0011-decline-reasons': declineReasons,
  '0012-audit': audit,
}

const migratorFor = (db: Kysely<Tables>): Migrator =>
  new Migrator({
    db,
    provider: { getMigrations: async () => ({ ...migrations }) },
    migrationTableName: 'migrations',
    migrationLockTableName: 'migrations_lock',
  })

export interface MigrationState {
  readonly applied: readonly string[]
  readonly pending: readonly string[]
}

/** What has been applied and what `migrate` would apply. Changes nothing. */
export const migrationState = async (db: Kysely<Tables>): Promise<MigrationState> => {
  const known = await migratorFor(db).getMigrations()
  const names = (isApplied: boolean) =>
    known.filter((one) => (one.executedAt !== undefined) === isApplied).map(({ name }) => name)
  return { applied: names(true), pending: names(false) }
}

/** What a newer release applied is missing here; nothing else is said of it than its name. */
const failureFor = (cause: unknown): Error => {
  const { message } = cause instanceof Error ? cause : { message: String(cause) }
  const [, unknown] = /previously executed migration (\S+) is missing/.exec(message) ?? []
  return unknown === undefined
    ? new Error(`The database could not be migrated: ${message}`, { cause })
    : new Error(
        `The database is of a newer release: this one does not know its change ${unknown}. ` +
          'Start the newer release, or restore a backup from before it.',
        { cause },
      )
}

/** Applies what is pending, all or nothing; several nodes may call it at once. Returns the names. */
export const migrate = async (db: Kysely<Tables>): Promise<readonly string[]> => {
  const { error, results } = await migratorFor(db).migrateToLatest()
  if (error !== undefined) throw failureFor(error)
  return (results ?? []).map((one) => one.migrationName)
}

const EPOCH = 'epoch'

/** The log's identity: the proposed one when the log has none yet. */
export const epochOf = async (db: Kysely<Tables>, proposed: string): Promise<string> => {
  await db
    .insertInto('facts')
    .values({ name: EPOCH, value: proposed })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute()
  const row = await db
    .selectFrom('facts')
    .select('value')
    .where('name', '=', EPOCH)
    .executeTakeFirstOrThrow()
  return row.value
}
