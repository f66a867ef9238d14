import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { sqliteStore } from './sqlite/sqlite-store.ts'
import { storeContract } from './store.contract.ts'

const folder = await mkdtemp(join(tmpdir(), 'ringdown-store-'))
afterAll(() => rm(folder, { recursive: true, force: true }))

storeContract('SQLite in memory, inline', () =>
  sqliteStore({ file: ':memory:', hosting: 'inline', epoch: 'first' }),
)

storeContract('SQLite in a file, with threads', () =>
  sqliteStore({ file: join(folder, 'contract.db'), hosting: 'worker', epoch: 'first' }),
)
