/**
 * Sends when it is due, whatever the server does. Latency counts from the moment a message was due,
 * so a stall of the server (or of this process) shows in every message it delayed.
 */
import { FleetRun } from './fleet-run.ts'
import type { LoadResult, OpenJob } from './job.ts'
import { Meter } from './meter.ts'
import { spread } from './percentile.ts'
import type { Side } from './recorder.ts'
import { random, schedule } from './schedule.ts'

interface Plan {
  readonly due: Float64Array
  readonly pairs: Uint16Array
  readonly sides: Uint8Array
}

const plan = (job: OpenJob): Plan => {
  const due = schedule({ ...job, seconds: job.seconds + job.warmUpSeconds })
  const dice = random(job.seed + 1)
  const pairs = new Uint16Array(due.length).map(() => Math.floor(dice() * job.pairs))
  const sides = new Uint8Array(due.length).map(() => (dice() < 0.5 ? 0 : 1))
  return { due, pairs, sides }
}

/** The longest that the generator sleeps, in ms: what it may add to a latency, twice over on average. */
const NAP_MS = 0.25
const bed = new Int32Array(new SharedArrayBuffer(4))

/** Sleeps without spinning: the core belongs to the server meanwhile. Timers are a millisecond coarse. */
const nap = (ms: number): void => {
  if (ms > 0) Atomics.wait(bed, 0, 0, Math.min(ms, NAP_MS))
}

/** Between two sends, naps and turns of the event loop alternate. */
const sendAll = (run: FleetRun, { due, pairs, sides }: Plan, startAt: number): Promise<void> =>
  new Promise((resolve) => {
    let next = 0
    const turn = () => {
      const now = performance.now() - startAt
      while (next < due.length && (due[next] as number) <= now) {
        run.publish(pairs[next] as number, sides[next] as Side)
        next += 1
      }
      if (next === due.length || run.lost) return resolve()
      nap((due[next] as number) - (performance.now() - startAt))
      setImmediate(turn)
    }
    turn()
  })

export const runOpenLoop = async (job: OpenJob): Promise<LoadResult> => {
  const planned = plan(job)
  const { due } = planned
  const run = await FleetRun.open(job, due.length)
  const { recorder } = run
  const receivedAt = new Float64Array(due.length)
  run.onEvent = (socket, operation, now) => {
    if (recorder.senderOf(operation) !== socket) receivedAt[operation] = now
  }
  const first = due.findIndex((time) => time >= job.warmUpSeconds * 1000)
  const meter = await Meter.start(job.target)
  const startAt = performance.now()
  await sendAll(run, planned, startAt)
  const after = (times: Float64Array): Float64Array =>
    times.map((time, operation) => time - startAt - (due[operation] as number)).subarray(first)
  return run.finish(meter, () => ({
    messages: due.length,
    latencyMs: spread(after(recorder.answeredAt)),
    deliveryMs: spread(after(receivedAt)),
    lagMs: spread(after(recorder.invokedAt)),
  }))
}
