/** A list that does not jump under the pointer: while it is held, only what came and went changes. [WSP7] */
import { useRef } from 'react'

export interface HeldOrder {
  readonly ids: readonly string[]
  /** How many would stand elsewhere if the list were let go. */
  readonly moved: number
}

export const holdOrder = (shown: readonly string[], wanted: readonly string[]): HeldOrder => {
  const isWanted = new Set(wanted)
  const wasShown = new Set(shown)
  const ids = [
    ...shown.filter((id) => isWanted.has(id)),
    ...wanted.filter((id) => !wasShown.has(id)),
  ]
  return { ids, moved: ids.filter((id, index) => wanted[index] !== id).length }
}

export const useHeldOrder = (wanted: readonly string[], isHeld: boolean): HeldOrder => {
  const shown = useRef<readonly string[]>(wanted)
  const held = isHeld ? holdOrder(shown.current, wanted) : { ids: wanted, moved: 0 }
  shown.current = held.ids
  return held
}
