/** A consumer comes back and asks for what it missed: timed from the request to the last event. */
import type { CatchUpJob, CatchUpResult, Owner } from './job.ts'
import { Meter } from './meter.ts'
import { inParallel, openConsumer } from './people.ts'
import { spread } from './percentile.ts'
import type { Frame, Session } from './session.ts'

type Change = { readonly sequence: number; readonly dialogId: string }

/** Milliseconds until all events from `fromSeq` to `tail` were there, in order; NaN if they were wrong. */
const catchUp = async (session: Session, { dialogId }: Owner, job: CatchUpJob): Promise<number> => {
  const fromSeq = job.tail - job.behind + 1
  const startedAt = performance.now()
  const seen: number[] = []
  const complete = new Promise<void>((resolve) => {
    session.onNotification = ({ type, body }: Frame) => {
      if (!type.endsWith('MessagingEventNotification')) return
      for (const change of body.changes as Change[]) seen.push(change.sequence)
      if (seen.length >= job.behind) resolve()
    }
  })
  await session.request('ms.SubscribeMessagingEvents', { dialogId, fromSeq })
  await complete
  const took = performance.now() - startedAt
  const isRight =
    seen.length === job.behind && seen.every((sequence, i) => sequence === fromSeq + i)
  return isRight ? took : Number.NaN
}

export const runCatchUp = async (job: CatchUpJob): Promise<CatchUpResult> => {
  const { owners, target, rounds, concurrency } = job
  const sessions = await inParallel(owners, 20, ({ token }) => openConsumer(target, token))
  const times: number[][] = []
  const meter = await Meter.start(target)
  for (let round = 0; round < rounds; round++) {
    times.push(
      await inParallel(owners, concurrency, (owner, i) =>
        catchUp(sessions[i] as Session, owner, job),
      ),
    )
  }
  const costs = await meter.stop()
  for (const { connection } of sessions) connection.close()
  const [first = [], ...later] = times
  const right = (values: number[]) => spread(values.filter((value) => !Number.isNaN(value)))
  return {
    firstMs: right(first),
    latencyMs: right(later.flat()),
    wrong: times.flat().filter(Number.isNaN).length,
    costs,
  }
}
