/** What is particular to the embedded store: files, locks, failing disks, dying processes. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, describe, expect, it } from 'vitest'
import { defaultLimits } from '../config.ts'
import { codeOf, newWorld, unique } from './contract/given.ts'
import { migrate, migrationState } from './migrate.ts'
import { DATABASE_FILE, openStore } from './open-store.ts'
import { connection } from './sqlite/connection.ts'
import type { SqliteStoreOptions } from './sqlite/sqlite-store.ts'
import { sqliteStore } from './sqlite/sqlite-store.ts'

const folder = await mkdtemp(join(tmpdir(), 'ringdown-store-'))
afterAll(() => rm(folder, { recursive: true, force: true }))

const newFile = () => join(folder, `${unique('f')}.db`)

const IOERR_FSYNC = 1034

/** A connection whose next commits can be made to fail. */
class FailingDatabase extends DatabaseSync {
  commitFailure: number | undefined

  override exec(sql: string): void {
    if (sql === 'commit' && this.commitFailure !== undefined)
      throw Object.assign(new Error('disk I/O error'), { errcode: this.commitFailure })
    super.exec(sql)
  }
}

const failingStore = async (file: string) => {
  const connections: FailingDatabase[] = []
  const store = await sqliteStore({
    file,
    hosting: 'inline',
    epoch: 'first',
    connect(path) {
      const opened = new FailingDatabase(path)
      connections.push(opened)
      return opened
    },
  })
  return { store, latest: () => connections.at(-1)! }
}

const hostings: SqliteStoreOptions['hosting'][] = ['inline', 'worker']

describe('embedded store', () => {
  it.each(hostings)('[ST3] opened again it shows everything (%s)', async (hosting) => {
    const options = { file: newFile(), hosting }
    const first = await sqliteStore({ ...options, epoch: 'first' })
    const world = await newWorld(first)
    const { conversation } = await world.open()
    await world.append(conversation, { clientEventId: 'a' })
    const before = await world.load(conversation.id)
    await first[Symbol.asyncDispose]()
    await using again = await sqliteStore({ ...options, epoch: 'second' })
    expect(again.epoch).toBe('first')
    const read = { accountId: world.accountId, id: conversation.id }
    expect(await again.read('conversation', read)).toEqual(before)
    const event = world.event(conversation, { clientEventId: 'b' })
    expect(await again.write('append', event)).toMatchObject({ sequence: 1 })
    const repeat = world.event(conversation, { clientEventId: 'a' })
    expect(await again.write('append', repeat)).toMatchObject({ sequence: 0, isDuplicate: true })
  })

  it('[ST9] a data folder has one owner at a time', async () => {
    const file = newFile()
    const open = () => sqliteStore({ file, hosting: 'worker', epoch: 'first' })
    const first = await open()
    await expect(open()).rejects.toThrow('in use by another process')
    await first[Symbol.asyncDispose]()
    await (await open())[Symbol.asyncDispose]()
  })

  it('[ST3] a killed process has lost nothing that it was told, and leaves no lock', async () => {
    const file = newFile()
    const script = `
      import { sqliteStore } from ${JSON.stringify(new URL('./sqlite/sqlite-store.ts', import.meta.url).href)}
      import { newWorld } from ${JSON.stringify(new URL('./contract/given.ts', import.meta.url).href)}
      const store = await sqliteStore({ file: ${JSON.stringify(file)}, hosting: 'worker', epoch: 'first' })
      const world = await newWorld(store)
      const { conversation } = await world.open()
      console.log(world.accountId, conversation.id)
      const talk = async () => {
        for (;;) console.log((await world.append(conversation)).sequence)
      }
      await Promise.all(Array.from({ length: 20 }, talk))`
    const program = join(folder, 'talk.mjs')
    await writeFile(program, script)
    const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] })
    const told: string[] = []
    for await (const line of createInterface({ input: child.stdout })) {
      told.push(line)
      if (told.length === 500) child.kill('SIGKILL')
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    expect(child.signalCode).toBe('SIGKILL')
    const [place = '', ...sequences] = told
    const [accountId = '', dialogId = ''] = place.split(' ')
    await using store = await sqliteStore({ file, hosting: 'worker', epoch: 'second' })
    const page = { accountId, dialogId, from: 0, audience: 'all', limit: 1e6 } as const
    const kept = (await store.read('events', page)).map(({ sequence }) => sequence)
    expect(kept).toEqual(kept.map((_, index) => index))
    expect(kept.length).toBeGreaterThanOrEqual(Math.max(...sequences.map(Number)) + 1)
  })

  it('[OPS65] a process that is killed leaves what its threads compiled', async () => {
    const compiled = join(folder, 'compiled')
    const program = join(folder, 'compiles.mjs')
    await writeFile(
      program,
      `import { enableCompileCache } from 'node:module'
      enableCompileCache(${JSON.stringify(compiled)})
      const { sqliteStore } = await import(${JSON.stringify(new URL('./sqlite/sqlite-store.ts', import.meta.url).href)})
      const store = await sqliteStore({ file: ${JSON.stringify(newFile())}, hosting: 'worker', epoch: 'first' })
      await store.read('accountsWithQueue', null)
      process.kill(process.pid, 'SIGKILL')`,
    )
    const { NODE_COMPILE_CACHE: _, ...env } = process.env
    const child = spawn(process.execPath, [program], { stdio: 'inherit', env })
    expect(await once(child, 'exit')).toEqual([null, 'SIGKILL'])
    const kept = await readdir(compiled, { recursive: true })
    // The query builder, which the threads alone load, is more than two hundred modules.
    expect(kept.length).toBeGreaterThan(200)
  })

  it('[ST1] commands that wait for a commit share the next one', async () => {
    await using store = await sqliteStore({ file: newFile(), hosting: 'worker', epoch: 'first' })
    const world = await newWorld(store)
    const { conversation } = await world.open()
    const before = store.stats()
    await Promise.all(Array.from({ length: 200 }, () => world.append(conversation)))
    const after = store.stats()
    expect(after.commands - before.commands).toBe(200)
    expect(after.eventsAppended - before.eventsAppended).toBe(200)
    expect(after.commits - before.commits).toBeLessThan(5)
  })

  it('[ST1] what cannot be given to a thread is refused, and takes no other answer', async () => {
    await using store = await sqliteStore({ file: newFile(), hosting: 'worker', epoch: 'first' })
    const world = await newWorld(store)
    const unsendable = { id: world.accountId, settings: { imageHosts: () => [] } } as never
    await expect(store.write('updateAccount', unsendable)).rejects.toThrow()
    await expect(store.read('account', (() => '') as never)).rejects.toThrow()
    expect(await store.read('account', world.accountId)).toMatchObject({ id: world.accountId })
    const { conversation } = await world.open()
    expect(await world.load(conversation.id)).toMatchObject({ id: conversation.id })
  })

  it('[ST8] more commands than may wait are refused, and the rest is done', async () => {
    await using store = await sqliteStore({
      file: ':memory:',
      hosting: 'inline',
      epoch: 'first',
      maxPending: 10,
    })
    const world = await newWorld(store)
    const { conversation } = await world.open()
    const codes = await Promise.all(
      Array.from({ length: 15 }, () => codeOf(world.append(conversation))),
    )
    expect(codes).toEqual([...Array(10).fill('answered'), ...Array(5).fill('unavailable')])
    expect(await world.append(conversation)).toMatchObject({ sequence: 10 })
  })

  it('[ST2] what was accepted before closing is done; what comes later is refused', async () => {
    const store = await sqliteStore({ file: newFile(), hosting: 'worker', epoch: 'first' })
    const world = await newWorld(store)
    const { conversation } = await world.open()
    const accepted = world.append(conversation)
    const closing = store[Symbol.asyncDispose]()
    expect(await codeOf(world.append(conversation))).toBe('unavailable')
    expect(await codeOf(world.load(conversation.id))).toBe('unavailable')
    expect(await accepted).toMatchObject({ sequence: 0 })
    await closing
  })

  it('[ST2] inline it needs no turn of the event loop', async () => {
    await using store = await sqliteStore({ file: ':memory:', hosting: 'inline', epoch: 'first' })
    let turns = 0
    setImmediate(() => {
      turns += 1
    })
    const world = await newWorld(store)
    const { taskId, conversation } = await world.open()
    await world.assign(taskId, await world.agent())
    await world.append(conversation)
    await world.load(conversation.id)
    expect(turns).toBe(0)
  })
})

describe('failing disk', () => {
  it('[ST8] a failed fsync ends the store: nothing is answered, nothing remains', async () => {
    const file = newFile()
    const { store, latest } = await failingStore(file)
    const causes: Error[] = []
    store.onFatal((cause) => causes.push(cause))
    const world = await newWorld(store)
    const { conversation } = await world.open()
    await world.append(conversation)
    latest().commitFailure = IOERR_FSYNC
    const codes = await Promise.all([1, 2].map(() => codeOf(world.append(conversation))))
    expect(codes).toEqual(['unavailable', 'unavailable'])
    latest().commitFailure = undefined
    expect(await codeOf(world.append(conversation))).toBe('unavailable')
    expect(causes.map(({ message }) => message)).toEqual([expect.stringContaining('disk failed')])
    await store[Symbol.asyncDispose]()
    await using again = await sqliteStore({ file, hosting: 'inline', epoch: 'second' })
    const { accountId } = world
    const page = {
      accountId,
      dialogId: conversation.id,
      from: 0,
      audience: 'all',
      limit: 9,
    } as const
    expect(await again.read('events', page)).toHaveLength(1)
  })

  it('[ST8] on a full disk it goes on reading, and writes again once there is room', async () => {
    const { store, latest } = await failingStore(newFile())
    const causes: Error[] = []
    store.onFatal((cause) => causes.push(cause))
    const world = await newWorld(store)
    const { conversation } = await world.open()
    await world.append(conversation)
    const { page_count } = latest().prepare('pragma page_count').get() as { page_count: number }
    latest().exec(`pragma max_page_count = ${page_count + 4}`)
    const large = { payload: JSON.stringify('x'.repeat(100_000)) }
    const small = world.append(conversation)
    const codes = await Promise.all([
      codeOf(small),
      codeOf(world.append(conversation, large)),
      codeOf(world.append(conversation)),
    ])
    expect(codes).toEqual(['unavailable', 'unavailable', 'unavailable'])
    expect(await codeOf(world.append(conversation, large))).toBe('unavailable')
    expect((await world.load(conversation.id)).revision).toBe(1)
    latest().exec('pragma max_page_count = 1000000')
    expect(await world.append(conversation, large)).toMatchObject({ sequence: 1 })
    expect(causes).toEqual([])
    await store[Symbol.asyncDispose]()
  })

  it('[ST8] a failure that passes costs its batch and a new connection', async () => {
    const { store, latest } = await failingStore(newFile())
    const world = await newWorld(store)
    const { conversation } = await world.open()
    const CANTOPEN = 14
    latest().commitFailure = CANTOPEN
    expect(await codeOf(world.append(conversation))).toBe('unavailable')
    expect(await world.append(conversation)).toMatchObject({ sequence: 0 })
    await store[Symbol.asyncDispose]()
  })
})

describe('opening by configuration', () => {
  it('[ST9] makes the folder for its owner alone', async () => {
    const dataDir = join(folder, unique('data'))
    const config = { dataDir, limits: defaultLimits }
    await using store = await openStore(config, { ids: { uuid: () => 'epoch' } })
    expect(store.epoch).toBe('epoch')
    expect((await stat(dataDir)).mode & 0o777).toBe(0o700)
    for (const suffix of ['', '-wal', '-shm'])
      expect((await stat(join(dataDir, DATABASE_FILE + suffix))).mode & 0o777).toBe(0o600)
  })

  it('[ST12] says what a migration would do before it is done', async () => {
    const connected = connection(new DatabaseSync(':memory:'))
    const { pending } = await migrationState(connected.db)
    expect(pending).not.toEqual([])
    expect(await migrationState(connected.db)).toEqual({ applied: [], pending })
    expect(await migrate(connected.db)).toEqual(pending)
    expect(await migrate(connected.db)).toEqual([])
    expect(await migrationState(connected.db)).toEqual({ applied: pending, pending: [] })
    connected.close()
  })
})
