/** A real store that counts what is asked of it. */
import { systemIds } from '../src/ids.ts'
import { sqliteStore } from '../src/store/sqlite/sqlite-store.ts'
import type { CommandName, QueryName, Store } from '../src/store/store.ts'

export interface CountedStore {
  readonly store: Store
  /** The same data, as another node would write it: nobody here notices. */
  readonly elsewhere: Store
  /** How often the query or command was issued so far. */
  readonly issued: (name: QueryName | CommandName) => number
}

export const countedStore = async (): Promise<CountedStore> => {
  const inner = await sqliteStore({ file: ':memory:', hosting: 'inline', epoch: systemIds.uuid() })
  const counts = new Map<QueryName | CommandName, number>()
  const count = (name: QueryName | CommandName) => counts.set(name, (counts.get(name) ?? 0) + 1)
  return {
    store: {
      ...inner,
      read(name, data) {
        count(name)
        return inner.read(name, data)
      },
      write(name, data) {
        count(name)
        return inner.write(name, data)
      },
    },
    elsewhere: inner,
    issued: (name) => counts.get(name) ?? 0,
  }
}
