/** Watched values as components use them. */
import { useSyncExternalStore } from 'react'
import type { Watched } from './watched.ts'

export { each, Value, type Watched } from './watched.ts'

export const useValue = <T>(value: Watched<T>): T =>
  useSyncExternalStore(value.subscribe, value.get)
