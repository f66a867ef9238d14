/** Who waits for a turn. */
import type { Refusal } from '@ringdown/protocol'

export interface Waiter {
  /** Nobody waits for the answer any more. */
  readonly isGivenUp: () => boolean
  readonly begin: () => void
  readonly refuse: (refusal: Refusal) => void
}

/** Those who wait still; who hung up has no turn, and is refused. */
export const stillWaiting = <One extends Waiter>(
  waiting: readonly One[],
  refusal: () => Refusal,
): readonly One[] => {
  const staying: One[] = []
  for (const one of waiting)
    if (one.isGivenUp()) one.refuse(refusal())
    else staying.push(one)
  return staying
}
