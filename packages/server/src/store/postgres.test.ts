import { Client } from 'pg'
import { afterAll, describe, expect, it } from 'vitest'
import { codeOf, newWorld } from './contract/given.ts'
import { nodesContract } from './contract/nodes.contract.ts'
import { startPostgres, type TestPostgres } from './contract/test-postgres.ts'
import { timerNodesContract } from './contract/timers.contract.ts'
import { migrate, migrationState } from './migrate.ts'
import { connect } from './postgres/connect.ts'
import { postgresStore } from './postgres/postgres-store.ts'
import { storeContract } from './store.contract.ts'
import type { Store } from './store.ts'

const started: TestPostgres | Error = await startPostgres().catch((error: Error) => error)

const twoNodes = (postgres: TestPostgres) => {
  let opening: Promise<readonly [Store, Store]> | undefined
  const open = async () => {
    const url = await postgres.database()
    const node = (epoch: string) => postgresStore({ url, epoch })
    // Both bring an empty database up to date at the same time.
    return Promise.all([node('one'), node('two')])
  }
  afterAll(async () => {
    for (const store of (await opening) ?? []) await store[Symbol.asyncDispose]()
  })
  return () => {
    opening ??= open()
    return opening
  }
}

const suites = (postgres: TestPostgres): void => {
  storeContract('PostgreSQL', async () =>
    postgresStore({ url: await postgres.database(), epoch: 'first' }),
  )

  describe('PostgreSQL', () => {
    const nodes = twoNodes(postgres)
    nodesContract(nodes)
    timerNodesContract(nodes)

    it('[ST9] nodes on one database agree on its epoch', async () => {
      const [one, other] = await nodes()
      expect(['one', 'two']).toContain(one.epoch)
      expect(other.epoch).toBe(one.epoch)
    })

    it('[ST12] says what a migration would do before it is done', async () => {
      const connected = connect(await postgres.database())
      const { pending } = await migrationState(connected.db)
      expect(pending).not.toEqual([])
      expect(await migrationState(connected.db)).toEqual({ applied: [], pending })
      expect(await migrate(connected.db)).toEqual(pending)
      expect(await migrationState(connected.db)).toEqual({ applied: pending, pending: [] })
      await connected.pool.end()
    })

    it('[ST8] answers unavailable while the database is away, and recovers by itself', async () => {
      const url = await postgres.database()
      await using store = await postgresStore({ url, epoch: 'first' })
      const world = await newWorld(store)
      const { conversation } = await world.open()
      await world.append(conversation)
      const admin = new URL(url)
      const database = admin.pathname.slice(1)
      admin.pathname = '/postgres'
      const client = new Client({ connectionString: admin.href })
      await client.connect()
      await client.query(`alter database ${database} allow_connections false`)
      await client.query(
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1',
        [database],
      )
      expect(await codeOf(world.append(conversation))).toBe('unavailable')
      expect(await codeOf(world.agent())).toBe('unavailable')
      expect(await codeOf(world.load(conversation.id))).toBe('unavailable')
      await client.query(`alter database ${database} allow_connections true`)
      await client.end()
      expect(await world.append(conversation)).toMatchObject({ sequence: 1 })
      expect((await world.load(conversation.id)).revision).toBe(2)
    })

    it('[ST3] refuses a server that confirms before it has written', async () => {
      const url = new URL(await postgres.database())
      url.searchParams.set('options', '-c synchronous_commit=off')
      await expect(postgresStore({ url: url.href, epoch: 'first' })).rejects.toThrow(
        'synchronous_commit=off',
      )
    })
  })
}

if (started instanceof Error)
  describe('store contract: PostgreSQL', () => {
    it.skip(`needs a PostgreSQL: ${started.message}`, () => undefined)
  })
else {
  suites(started)
  afterAll(() => started[Symbol.asyncDispose]())
}
