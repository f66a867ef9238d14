import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { sqliteStore } from '../../server/src/store/sqlite/sqlite-store.ts'
import { type TestServer, testServer } from '../../server/src/testing/index.ts'
import { World } from './world.ts'

/** A server that is replaced by one with a copy of its store as it was earlier. */
export const restorable = async () => {
  await using stack = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'ringdown-client-'))
  stack.defer(() => rmSync(folder, { recursive: true, force: true }))
  const [present, copy] = [join(folder, 'present.db'), join(folder, 'copy.db')]
  const opened = (file: string) => sqliteStore({ file, hosting: 'inline', epoch: 'first' })
  const store = await opened(present)
  const old = await World.open({ store })
  stack.use(old)
  const parts = stack.move()
  return {
    world: old,
    backUp() {
      using database = new DatabaseSync(present)
      database.exec(`vacuum into '${copy}'`)
    },
    async restore(): Promise<TestServer> {
      const server = await testServer({ store: parts.use(await opened(copy)) })
      parts.use(server)
      old.network.target = server.running.port
      old.network.cut()
      return server
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  }
}
