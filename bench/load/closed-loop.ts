/** Each pair has one message under way: whoever receives it answers at once. */
import { FleetRun, pause } from './fleet-run.ts'
import type { ClosedJob, LoadResult } from './job.ts'
import { Meter } from './meter.ts'
import { spread } from './percentile.ts'

const MOST_PER_SECOND = 60_000

export const runClosedLoop = async (job: ClosedJob): Promise<LoadResult> => {
  const capacity = MOST_PER_SECOND * (job.seconds + job.warmUpSeconds + 1)
  const run = await FleetRun.open(job, capacity)
  const { recorder, pairs } = run
  const latencies = new Float64Array(capacity)
  let [delivered, isMeasuring, isOver] = [0, false, false]
  run.onEvent = (socket, operation, now) => {
    if (recorder.senderOf(operation) === socket) return
    if (isMeasuring) latencies[delivered++] = now - (recorder.invokedAt[operation] as number)
    const pair = recorder.pairOf(operation)
    if (!isOver) run.publish(pair, pairs[pair]?.consumer.socket === socket ? 0 : 1)
  }
  for (let pair = 0; pair < pairs.length; pair++) run.publish(pair, 0)
  await pause(job.warmUpSeconds * 1000)
  const meter = await Meter.start(job.target)
  isMeasuring = true
  await pause(job.seconds * 1000)
  isMeasuring = false
  const settled = run.finish(meter, () => ({
    messages: delivered,
    latencyMs: spread(latencies.subarray(0, delivered)),
  }))
  isOver = true
  return settled
}
