/** A store whose queries of one name can be kept waiting, and that can be away for a while. */
import { Refusal } from '@ringdown/protocol'
import { systemIds } from '../../src/ids.ts'
import { sqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import type { QueryName, Store } from '../../src/store/store.ts'

export interface GatedStore {
  readonly store: Store
  /** Keeps every further query of this name waiting until the answer is called. */
  readonly hold: (name: QueryName) => () => void
  /** While true, everything is refused as by a store whose disk is full. */
  isAway: boolean
  /** Resolves when a query of this name waits at its gate. */
  readonly reached: (name: QueryName) => Promise<void>
}

export const gatedStore = async (): Promise<GatedStore> => {
  const store = await sqliteStore({ file: ':memory:', hosting: 'inline', epoch: systemIds.uuid() })
  const gates = new Map<QueryName, Promise<void>>()
  const arrivals = new Map<QueryName, PromiseWithResolvers<void>>()
  const gated: GatedStore = {
    isAway: false,
    store: {
      ...store,
      async write(name, data) {
        if (gated.isAway) throw new Refusal('unavailable')
        return store.write(name, data)
      },
      async read(name, data) {
        const gate = gates.get(name)
        if (gate) {
          arrivals.get(name)?.resolve()
          await gate
        }
        if (gated.isAway) throw new Refusal('unavailable')
        return store.read(name, data)
      },
    },
    hold(name) {
      const { promise, resolve } = Promise.withResolvers<void>()
      gates.set(name, promise)
      arrivals.set(name, Promise.withResolvers())
      return () => {
        gates.delete(name)
        resolve()
      }
    },
    reached: (name) => arrivals.get(name)?.promise ?? Promise.reject(new Error('nothing is held')),
  }
  return gated
}
