import type { Store } from '../store.ts'

/** The store under test; the same one every time. */
export type OpenStores = () => Promise<Store>
