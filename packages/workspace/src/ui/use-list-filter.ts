/** The filters of the list that is shown, and the time that some of them look at. */
import { useMemo, useSyncExternalStore } from 'react'
import { type ListFilter, listFilterOf } from '../model/list-filter.ts'
import { route } from '../model/route.ts'
import { useValue, type Watched } from '../model/value.ts'

export const useListFilter = (): ListFilter => {
  const { filters } = useValue(route)
  // Going to another conversation names the same filter anew: the list is not put in order again for it.
  const key = JSON.stringify(listFilterOf(filters))
  return useMemo(() => JSON.parse(key) as ListFilter, [key])
}

/** The time, for filters that look at it; the others are not asked again every second. */
export const useFilterTime = (now: Watched<number>, { due }: ListFilter): number => {
  const isTimed = due === 'late' || due === 'soon'
  return useSyncExternalStore(now.subscribe, () => (isTimed ? now.get() : 0))
}
