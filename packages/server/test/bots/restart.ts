/** A server on files, and what a process that dies leaves of them to the next one. */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { systemIds } from '../../src/ids.ts'
import { sqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import { stillServer } from './still-server.ts'

/** A folder that goes with the stack. */
export const folder = (stack: AsyncDisposableStack): string => {
  const dir = mkdtempSync(path.join(tmpdir(), 'ringdown-restart-'))
  stack.defer(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

/** A server on the folder's store whose clock stands still at `now`. */
export const serverOn = async (dir: string, now?: number) => {
  await using stack = new AsyncDisposableStack()
  const file = path.join(dir, 'store.db')
  const store = stack.use(await sqliteStore({ file, hosting: 'inline', epoch: systemIds.uuid() }))
  const { server, clock } = await stillServer({ store, ...(now !== undefined && { now }) })
  stack.use(server)
  const parts = stack.move()
  return { server, clock, [Symbol.asyncDispose]: () => parts.disposeAsync() }
}

/** Copies the files as they are at this moment, as if the process had died now. */
export const leave = (dir: string, copy: string): void => {
  for (const name of ['store.db', 'store.db-wal'])
    if (existsSync(path.join(dir, name))) copyFileSync(path.join(dir, name), path.join(copy, name))
}
