/** A list that does not jump under the pointer: while it is held, only what came and went changes. [WSP7] */
import { useMemo, useRef } from 'react'

export interface HeldOrder {
  readonly ids: readonly string[]
  /** How many would be taken from their place if the list were let go. */
  readonly moved: number
}

/** How many of these numbers stay where they are while the others go between them, at most. */
const mostInOrder = (places: readonly number[]): number => {
  /** The smallest number with which so many in order can end. */
  const ends: number[] = []
  for (const place of places) {
    let [from, to] = [0, ends.length]
    while (from < to) {
      const middle = (from + to) >> 1
      if ((ends[middle] as number) < place) from = middle + 1
      else to = middle
    }
    ends[from] = place
  }
  return ends.length
}

export const holdOrder = (shown: readonly string[], wanted: readonly string[]): HeldOrder => {
  if (shown === wanted) return { ids: wanted, moved: 0 }
  const places = new Map(wanted.map((id, place) => [id, place]))
  const wasShown = new Set(shown)
  const ids = [...shown.filter((id) => places.has(id)), ...wanted.filter((id) => !wasShown.has(id))]
  const moved = ids.length - mostInOrder(ids.map((id) => places.get(id) as number))
  return { ids, moved }
}

export const useHeldOrder = (wanted: readonly string[], isHeld: boolean): HeldOrder => {
  const shown = useRef<readonly string[]>(wanted)
  const order = useMemo(
    () => (isHeld ? holdOrder(shown.current, wanted) : { ids: wanted, moved: 0 }),
    [wanted, isHeld],
  )
  shown.current = order.ids
  return order
}
