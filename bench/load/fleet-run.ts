/** What the closed and the open loop share: listening, publishing, waiting for the end, judging. */
import { PublishFrame } from './frames.ts'
import type { ClosedJob, LoadResult, OpenJob } from './job.ts'
import { judge } from './judge.ts'
import type { Meter } from './meter.ts'
import { closeFleet, type Fleet, type LoadPair, openFleet } from './pairs.ts'
import { readText } from './read-text.ts'
import { Recorder, type Side } from './recorder.ts'

const SETTLE_MS = 15_000
const POLL_MS = 20

export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms)
  })

export class FleetRun {
  readonly recorder: Recorder
  readonly pairs: readonly LoadPair[]
  /** Called when one side of a pair hears an event. */
  onEvent: (socket: number, operation: number, now: number) => void = () => {}
  lost: string | undefined
  readonly #fleet: Fleet
  readonly #frames: readonly PublishFrame[]
  readonly #job: ClosedJob | OpenJob

  private constructor(job: ClosedJob | OpenJob, fleet: Fleet, capacity: number) {
    this.#job = job
    this.#fleet = fleet
    this.pairs = fleet.pairs
    this.recorder = new Recorder(fleet.pairs, capacity)
    this.#frames = fleet.pairs.map(({ dialogId }) => new PublishFrame(dialogId))
    for (const { session, socket } of fleet.clients) {
      const heard = this.recorder.hearing(socket, (operation, now) =>
        this.onEvent(socket, operation, now),
      )
      session.connection.onText = (bytes, start, end) =>
        readText(bytes.toString('latin1', start, end), heard)
      session.connection.onClosed = (reason) => {
        this.lost = reason
      }
    }
  }

  static async open(job: ClosedJob | OpenJob, capacity: number): Promise<FleetRun> {
    return new FleetRun(job, await openFleet(job), capacity)
  }

  publish(pair: number, side: Side): number {
    const { consumer, agent } = this.pairs[pair] as LoadPair
    const operation = this.recorder.invoke(pair, side)
    const client = side === 0 ? consumer : agent
    client.session.connection.send((this.#frames[pair] as PublishFrame).make(operation))
    return operation
  }

  /** Waits until everything sent was answered and shown, judges, and tears down. */
  async finish(
    meter: Meter,
    figures: () => Pick<LoadResult, 'messages' | 'latencyMs'> & Partial<LoadResult>,
  ): Promise<LoadResult> {
    const costs = await meter.stop()
    const deadline = performance.now() + SETTLE_MS
    while (!this.recorder.isSettled && !this.lost && performance.now() < deadline)
      await pause(POLL_MS)
    if (this.lost) throw new Error(`a connection was lost: ${this.lost}`)
    for (const { session } of this.#fleet.clients) session.listen()
    const { target } = this.#job
    const history = await judge(this.recorder, this.pairs, target)
    await closeFleet(this.#fleet, target)
    const found = figures()
    return {
      perSecond: found.messages / costs.seconds,
      refusals: this.#refusals(),
      strangers: this.recorder.strangers,
      isSettled: this.recorder.isSettled,
      costs,
      history,
      ...found,
    }
  }

  #refusals(): Record<string, number> {
    const counts: Record<string, number> = {}
    for (let operation = 0; operation < this.recorder.operations; operation++) {
      const code = this.recorder.codeOf(operation)
      if (code !== 200) counts[code] = (counts[code] ?? 0) + 1
    }
    return counts
  }
}
