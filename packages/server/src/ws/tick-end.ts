/**
 * Work for the end of the tick. What a commit causes runs in one go of promises, and a socket's frames
 * of that go leave in one write: the largest single saving on the publish path. After a large commit
 * the first sockets do not wait for the last: whenever enough of them have something, it is written.
 */
type Work = () => void

/** Sockets with something to write that are enough not to wait for the end. */
const ENOUGH = 16

let waiting: Work[] = []
let isScheduled = false

const run = (): void => {
  const due = waiting
  waiting = []
  for (const work of due) work()
}

const runAtEnd = (): void => {
  isScheduled = false
  run()
}

export const atTickEnd = (work: Work): void => {
  if (waiting.length >= ENOUGH) run()
  waiting.push(work)
  if (isScheduled) return
  isScheduled = true
  process.nextTick(runAtEnd)
}
