/** Managers who watch the whole account, and changes that every one of them must see. */
import { pause } from './fleet-run.ts'
import type { FanOutJob, FanOutResult, Target } from './job.ts'
import { Meter } from './meter.ts'
import { inParallel, openAgent, openConsumer, signUp } from './people.ts'
import { spread } from './percentile.ts'
import type { Session } from './session.ts'

const WIDTH = 20
/** Change `n` sets a time to respond of this many seconds and `n`, which nothing else has. */
const FIRST_SECONDS = 100_000
const MARK = Buffer.from('"value":')

/** The number of the change that a frame tells of; undefined when it tells of none. */
const changeIn = (bytes: Buffer, start: number, end: number): number | undefined => {
  const at = bytes.indexOf(MARK, start)
  if (at < 0 || at >= end) return undefined
  const digits = at + MARK.length
  const seconds = Number(bytes.toString('latin1', digits, digits + 6))
  return seconds >= FIRST_SECONDS ? seconds - FIRST_SECONDS : undefined
}

const openConversation = async (target: Target): Promise<string> => {
  const { token } = await signUp(target)
  const session = await openConsumer(target, token)
  const body = { brandId: target.account, ttrDefName: 'NORMAL' }
  const { conversationId } = await session.request('cm.ConsumerRequestConversation', body)
  return conversationId as string
}

const openWatchers = ({ target, watchers, agentVersion }: FanOutJob): Promise<Session[]> =>
  inParallel(target.agents.slice(0, watchers), WIDTH, async (login) => {
    const session = await openAgent(target, login, agentVersion)
    await session.request('cqm.SubscribeExConversations', { convState: ['OPEN'] })
    return session
  })

/** When each watcher was shown each change, and what it was shown besides or twice. */
class Sightings {
  readonly at: Float64Array
  wrong = 0
  #left: number
  readonly #all = Promise.withResolvers<void>()

  constructor(watchers: number, changes: number) {
    this.at = new Float64Array(watchers * changes)
    this.#left = this.at.length
  }

  get complete(): Promise<void> {
    return this.#all.promise
  }

  get missing(): number {
    return this.#left
  }

  see(place: number, now: number): void {
    if (place >= this.at.length || this.at[place] !== 0) {
      this.wrong += 1
      return
    }
    this.at[place] = now
    this.#left -= 1
    if (this.#left === 0) this.#all.resolve()
  }
}

const LATE_MS = 10_000

/** A change every so often, whatever is still under way; latency counts from when it was due. */
export const runFanOut = async (job: FanOutJob): Promise<FanOutResult> => {
  const { target, watchers, changes, everyMs } = job
  const conversationId = await openConversation(target)
  const sessions = await openWatchers(job)
  const [writer] = sessions as [Session]
  const sightings = new Sightings(watchers, changes)
  for (const [index, session] of sessions.entries()) {
    const { onText } = session.connection
    session.connection.onText = (bytes, start, end) => {
      const change = changeIn(bytes, start, end)
      if (change !== undefined) sightings.see(change * watchers + index, performance.now())
      if (index === 0) onText(bytes, start, end)
    }
  }
  const meter = await Meter.start(target)
  const startAt = performance.now() + everyMs
  const dueAt = (change: number): number => startAt + change * everyMs
  for (let change = 0; change < changes; change += 1) {
    await pause(Math.max(0, dueAt(change) - performance.now()))
    await writer.request('cm.UpdateConversationField', {
      conversationId,
      conversationField: [{ field: 'TTRField', ttrType: 'CUSTOM', value: FIRST_SECONDS + change }],
    })
  }
  await Promise.race([sightings.complete, pause(LATE_MS)])
  const costs = await meter.stop()
  const after = sightings.at.map((seen, place) => seen - dueAt(Math.floor(place / watchers)))
  const last = Array.from({ length: changes }, (_, change) =>
    Math.max(...after.subarray(change * watchers, (change + 1) * watchers)),
  )
  for (const { connection } of sessions) connection.close()
  const { missing, wrong } = sightings
  return { watchers, changes, shownMs: spread(after), lastMs: spread(last), missing, wrong, costs }
}
