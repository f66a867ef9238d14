/** Work on several things, of which none is left undone because another one fails. */

/** Waits for all of it, and fails then with what failed first. */
export const allSettled = async (underWay: readonly Promise<void>[]): Promise<void> => {
  for (const outcome of await Promise.allSettled(underWay))
    if (outcome.status === 'rejected') throw outcome.reason
}

/** One after the other; fails at the end with what failed first. */
export const eachSettled = async <Thing>(
  things: Iterable<Thing>,
  work: (thing: Thing) => Promise<void> | undefined,
): Promise<void> => {
  const failures: unknown[] = []
  for (const thing of things) {
    try {
      await work(thing)
    } catch (error) {
      // Told when the others have had their turn.
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
}
