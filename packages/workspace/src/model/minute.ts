/** Time for what changes once a minute: whoever shows it is not drawn again every second. */
import { useSyncExternalStore } from 'react'
import type { Watched } from './value.ts'

const MINUTE_MS = 60_000

export const useMinute = (now: Watched<number>): number =>
  useSyncExternalStore(now.subscribe, () => Math.floor(now.get() / MINUTE_MS))
