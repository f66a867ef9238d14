/**
 * Opens the store that the configuration names, with its schema brought up to date. Only that one is
 * loaded: a start waits for no driver that it does not use.
 */
import { chmod, mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import type { Ids } from '../ids.ts'
import type { OnOutage } from './batch.ts'
import type { Store } from './store.ts'

export const DATABASE_FILE = 'ringdown.db'

export interface StoreParts {
  readonly ids: Pick<Ids, 'uuid'>
  readonly onOutage?: OnOutage
}

export const openStore = async (
  { dataDir, databaseUrl, limits }: Pick<Config, 'dataDir' | 'databaseUrl' | 'limits'>,
  { ids, onOutage }: StoreParts,
): Promise<Store> => {
  const shared = {
    epoch: ids.uuid(),
    maxPending: limits.pendingCommands,
    ...(onOutage && { onOutage }),
  }
  if (databaseUrl !== undefined) {
    const { postgresStore } = await import('./postgres/postgres-store.ts')
    return postgresStore({ url: databaseUrl, ...shared })
  }
  // Messages are nobody else's to read.
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const file = join(dataDir, DATABASE_FILE)
  // The log beside it takes the mode that the database has when it is opened.
  await (await open(file, 'a', 0o600)).close()
  await chmod(file, 0o600)
  const { sqliteStore } = await import('./sqlite/sqlite-store.ts')
  return sqliteStore({ file, hosting: 'worker', ...shared })
}
