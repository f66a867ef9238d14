/** A store whose commits can be kept from being told, to see what waits for them. */
import { systemIds } from '../src/ids.ts'
import { sqliteStore } from '../src/store/sqlite/sqlite-store.ts'
import type { CommandName, QueryName, Store } from '../src/store/store.ts'

export interface HeldStore extends AsyncDisposable {
  readonly store: Store
  /** Commands of this name that were issued and not told yet. */
  readonly waiting: (name: CommandName) => number
  /** Queries of this name that were read and not told yet. */
  readonly waitingReads: (name: QueryName) => number
  /** From now on no command of this name is told until the answer is called. */
  readonly hold: (name: CommandName | QueryName) => () => void
}

export const heldStore = async (): Promise<HeldStore> => {
  const store = await sqliteStore({ file: ':memory:', hosting: 'inline', epoch: systemIds.uuid() })
  const gates = new Map<CommandName | QueryName, Promise<void>>()
  const counts = new Map<CommandName | QueryName, number>()
  const count = (name: CommandName | QueryName, by: number) =>
    counts.set(name, (counts.get(name) ?? 0) + by)
  return {
    store: {
      ...store,
      async read(name, data) {
        count(name, 1)
        try {
          const result = await store.read(name, data)
          await gates.get(name)
          return result
        } finally {
          count(name, -1)
        }
      },
      async write(name, data) {
        count(name, 1)
        try {
          return await store.write(name, data)
        } finally {
          await gates.get(name)
          count(name, -1)
        }
      },
    },
    waiting: (name) => counts.get(name) ?? 0,
    waitingReads: (name) => counts.get(name) ?? 0,
    hold(name) {
      const { promise, resolve } = Promise.withResolvers<void>()
      gates.set(name, promise)
      return () => {
        gates.delete(name)
        resolve()
      }
    },
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  }
}
