/** Consumers who open conversations, and agents who are rung and accept: who got what, and how soon. */
import { pause } from './fleet-run.ts'
import type { RoutedConversation, RoutingJob, RoutingResult, Target } from './job.ts'
import { Meter } from './meter.ts'
import { inParallel, openAgent, openConsumer, signUp, workAsAgent } from './people.ts'
import { spread } from './percentile.ts'
import { schedule } from './schedule.ts'
import type { Session } from './session.ts'

const WIDTH = 20
/** Conversations of one consumer: the account's limit is 20. */
const PER_CONSUMER = 20
const LATE_MS = 20_000
/** Arrivals that are not sent in time make a run void; nothing is opened more often than this. */
const TICK_MS = 1

interface Progress {
  readonly dueAt: number
  readonly openedAt: number
}

/** What became of every conversation, by its id. */
class Ledger {
  readonly opened = new Map<string, Progress>()
  readonly rungAt = new Map<string, number>()
  readonly takenBy = new Map<string, string[]>()
  readonly takenAt = new Map<string, number>()

  ring(conversationId: string): void {
    if (!this.rungAt.has(conversationId)) this.rungAt.set(conversationId, performance.now())
  }

  take(conversationId: string, agentId: string): void {
    this.takenBy.set(conversationId, [...(this.takenBy.get(conversationId) ?? []), agentId])
    this.takenAt.set(conversationId, performance.now())
  }

  isComplete(count: number): boolean {
    return this.opened.size >= count && this.takenBy.size >= count
  }
}

const openAgents = ({ target, agentVersion }: RoutingJob, ledger: Ledger): Promise<Session[]> =>
  inParallel(target.agents, WIDTH, async (login) => {
    const session = await openAgent(target, login, agentVersion)
    await workAsAgent(session, target, {
      login,
      rung: (conversationId) => ledger.ring(conversationId),
      taken: (conversationId) => ledger.take(conversationId, login.agentId),
    })
    return session
  })

const openConsumers = (target: Target, count: number): Promise<Session[]> =>
  inParallel(Array.from({ length: count }), WIDTH, async () =>
    openConsumer(target, (await signUp(target)).token),
  )

/** Opens one; latency counts from when it was due. */
const openOne = async (session: Session, ledger: Ledger, dueAt: number): Promise<void> => {
  const { conversationId } = await session.request('cm.ConsumerRequestConversation', {})
  ledger.opened.set(conversationId as string, { dueAt, openedAt: performance.now() })
}

const consumerOf = (sessions: readonly Session[], place: number): Session =>
  sessions[place % sessions.length] as Session

const openOnSchedule = async (
  times: Float64Array,
  sessions: readonly Session[],
  ledger: Ledger,
): Promise<{ lags: number[]; work: Promise<void>[] }> => {
  const startAt = performance.now() + 100
  const lags: number[] = []
  const work: Promise<void>[] = []
  for (const [place, time] of times.entries()) {
    const dueAt = startAt + time
    while (performance.now() < dueAt) await pause(TICK_MS)
    lags.push(performance.now() - dueAt)
    work.push(openOne(consumerOf(sessions, place), ledger, dueAt))
  }
  return { lags, work }
}

/** As many as the server can do with so many openings under way. */
const openAtOnce = async (
  { conversations, atOnce }: { conversations: number; atOnce: number },
  sessions: readonly Session[],
  ledger: Ledger,
): Promise<void> => {
  const places = Array.from({ length: conversations }, (_, place) => place)
  await inParallel(places, atOnce, (place) =>
    openOne(consumerOf(sessions, place), ledger, performance.now()),
  )
}

const untilComplete = async (ledger: Ledger, count: number): Promise<void> => {
  const until = performance.now() + LATE_MS
  while (!ledger.isComplete(count) && performance.now() < until) await pause(5)
}

const conversationsOf = (ledger: Ledger): RoutedConversation[] =>
  [...ledger.opened.keys()].map((id) => ({ id, takenBy: ledger.takenBy.get(id) ?? [] }))

/** From the moment of `since` until what `times` says, of all that got so far. */
const latencies = (
  ledger: Ledger,
  times: ReadonlyMap<string, number>,
  since: (progress: Progress) => number,
) =>
  spread(
    [...ledger.opened].flatMap(([id, progress]) => {
      const at = times.get(id)
      return at === undefined ? [] : [Math.max(0, at - since(progress))]
    }),
  )

export const runRouting = async (job: RoutingJob): Promise<RoutingResult> => {
  const { target, perSecond, seconds, atOnce } = job
  const ledger = new Ledger()
  const agents = await openAgents(job, ledger)
  const times =
    perSecond === undefined
      ? new Float64Array(0)
      : schedule({ perSecond, seconds, arrivals: job.arrivals, seed: job.seed })
  const count = perSecond === undefined ? job.conversations : times.length
  const consumers = await openConsumers(target, Math.ceil(count / PER_CONSUMER))
  const meter = await Meter.start(target)
  const startedAt = performance.now()
  let lags: number[] = []
  if (perSecond === undefined) await openAtOnce({ conversations: count, atOnce }, consumers, ledger)
  else {
    const sent = await openOnSchedule(times, consumers, ledger)
    lags = sent.lags
    await Promise.all(sent.work)
  }
  await untilComplete(ledger, count)
  const took = (Math.max(...ledger.takenAt.values()) - startedAt) / 1000
  const costs = await meter.stop()
  for (const { connection } of [...agents, ...consumers]) connection.close()
  return {
    conversations: count,
    perSecond: ledger.takenBy.size / took,
    rungMs: latencies(ledger, ledger.rungAt, ({ dueAt }) => dueAt),
    ringAfterAnswerMs: latencies(ledger, ledger.rungAt, ({ openedAt }) => openedAt),
    takenMs: latencies(ledger, ledger.takenAt, ({ dueAt }) => dueAt),
    lagMs: spread(lags),
    routed: conversationsOf(ledger),
    costs,
  }
}
