/** The generator's process: takes one job from its parent, runs it, reports, ends. */
import { runCatchUp } from './catch-up.ts'
import { runClosedLoop } from './closed-loop.ts'
import { runFanOut } from './fan-out.ts'
import { makeOwners, runIdle } from './idle.ts'
import type { Job, Reply, Result } from './job.ts'
import { runOpenLoop } from './open-loop.ts'
import { runRouting } from './routing.ts'

const run = (job: Job): Promise<Result> => {
  switch (job.load) {
    case 'closed':
      return runClosedLoop(job)
    case 'open':
      return runOpenLoop(job)
    case 'idle':
      return runIdle(job)
    case 'catch-up':
      return runCatchUp(job)
    case 'fan-out':
      return runFanOut(job)
    case 'routing':
      return runRouting(job)
    case 'owners':
      return makeOwners(job)
  }
}

const reply = (message: Reply): void => {
  process.send?.(message, () => process.exit(0))
}

process.once('disconnect', () => process.exit(1))
process.once('message', (job: Job) => {
  run(job).then(
    (result) => reply({ result }),
    (error: Error) => reply({ error: error.stack ?? error.message }),
  )
})
