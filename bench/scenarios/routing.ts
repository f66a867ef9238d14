/**
 * P8: conversations opened and routed to 500 agents who are online and accept, with 100,000 open ones
 * in the store. First on a schedule, for how soon they ring; then as many as the server does. At the
 * end the store is read: each conversation has the one agent who accepted it, nobody has more than its
 * capacity, and each decision that is looked at is decided again from what was stored.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultConfig } from '../../packages/server/src/config.ts'
import { defaultSettings } from '../../packages/server/src/domain/account.ts'
import { assignedAgent } from '../../packages/server/src/domain/conversation.ts'
import { decide } from '../../packages/server/src/domain/routing/decide.ts'
import { inputOf } from '../../packages/server/src/domain/routing/stored.ts'
import { systemIds } from '../../packages/server/src/ids.ts'
import { openStore } from '../../packages/server/src/store/open-store.ts'
import type { Store } from '../../packages/server/src/store/store.ts'
import { copyConversation } from '../copy-conversation.ts'
import type { RoutingJob, RoutingResult } from '../load/job.ts'
import type { BenchOptions } from '../options.ts'
import { ACCOUNT, prepare } from '../prepare.ts'
import { figure, record, say, table, times } from '../report.ts'
import { runJob } from '../run-job.ts'
import { startProduct } from '../targets.ts'
import { caOf } from './shared.ts'

const MUST_PER_SECOND = 200
const MUST_MS = 200
const CAPACITY = 1_000
const AT_ONCE = 64
const DATABASE = 'ringdown.db'
/** Conversations whose decisions are decided again. */
const SAMPLE = 300

const withStore = async <T>(dataDir: string, work: (store: Store) => Promise<T>): Promise<T> => {
  const config = { ...defaultConfig, dataDir }
  await using store = await openStore(config, { ids: systemIds })
  return await work(store)
}

/** An open conversation of an agent who is not there: it is in every index and in nobody's way. */
const openKept = async (store: Store): Promise<string> => {
  const { id, userId } = await store.write('createAgent', {
    accountId: ACCOUNT,
    loginName: 'keeper',
    fullName: 'keeper',
    nickname: 'keeper',
    email: '',
    isEnabled: true,
    isBot: false,
    roles: ['agent'],
    skillIds: [],
    createdAt: Date.now(),
  })
  const { conversation } = await store.write('openConversation', {
    accountId: ACCOUNT,
    conversationId: systemIds.uuid(),
    taskId: systemIds.uuid(),
    consumerId: 'keeper-0',
    skillId: '-1',
    ttrSeconds: defaultSettings.ttr,
    maxOpen: 0,
    openedBy: { id, userId },
    at: Date.now(),
  })
  return conversation.id
}

const wrongDecisions = async (store: Store, conversationId: string): Promise<number> => {
  const accountId = ACCOUNT
  const kept = await store.read('decisions', { accountId, conversationId, limit: 100 })
  const differing = kept.filter((stored) => {
    const decision = decide(inputOf(stored))
    return decision.outcome === 'ring'
      ? decision.agentId !== stored.agentId || decision.rule !== stored.reason
      : stored.agentId !== undefined || decision.reason !== stored.reason
  })
  return kept.length === 0 ? 1 : differing.length
}

/** What is wrong with what the store holds after the runs. */
const check = async (store: Store, results: readonly RoutingResult[]): Promise<string[]> => {
  const routed = results.flatMap((result) => result.routed)
  let [unlike, decided] = [0, 0]
  for (const [place, { id, takenBy }] of routed.entries()) {
    const conversation = await store.read('conversation', { accountId: ACCOUNT, id })
    const holder = conversation && assignedAgent(conversation)?.id
    if (takenBy.length !== 1 || holder !== takenBy[0]) unlike += 1
    if (place < SAMPLE) decided += await wrongDecisions(store, id)
  }
  const [first] = await store.read('queuedTasks', { accountId: ACCOUNT, limit: 1 })
  const agents = await store.read('agents', ACCOUNT)
  const keeper = agents.find(({ loginName }) => loginName === 'keeper')?.id
  const loads = await store.read('agentLoads', ACCOUNT)
  const full = loads.filter(
    ({ agentId, assigned, ringing }) => agentId !== keeper && assigned + ringing > CAPACITY,
  )
  const missing = results.reduce((sum, one) => sum + one.conversations - one.routed.length, 0)
  return [
    ...(missing > 0 ? [`${missing} conversations were not opened`] : []),
    ...(unlike > 0 ? [`${unlike} conversations are not assigned to the one who accepted`] : []),
    ...(decided > 0 ? [`${decided} decisions are not decided again`] : []),
    ...(first ? ['conversations wait in the queue'] : []),
    ...(full.length > 0 ? [`${full.length} agents have more than their capacity`] : []),
  ]
}

const jobsOf = (options: BenchOptions): Omit<RoutingJob, 'target'>[] => {
  const common = {
    load: 'routing',
    seconds: options.seconds ?? (options.quick ? 3 : 15),
    arrivals: options.arrivals,
    seed: 8,
    conversations: options.quick ? 500 : 5_000,
    atOnce: AT_ONCE,
    agentVersion: options.agentVersion,
  } as const
  const perSecond = options.quick ? 100 : MUST_PER_SECOND
  // The first thousand find a process that has compiled nothing yet: they are not reported.
  const warmUp = { ...common, conversations: options.quick ? 300 : 1_000 }
  return [warmUp, { ...common, perSecond }, common]
}

const measure = async (dataDir: string, options: BenchOptions): Promise<RoutingResult[]> => {
  const { pin = false, tls, profileDir } = options
  const agents = { count: options.quick ? 50 : 500, capacity: CAPACITY }
  await using running = await startProduct({
    pin,
    tls,
    agents,
    dataDir,
    ...(profileDir ? { profileDir } : {}),
  })
  const results: RoutingResult[] = []
  for (const job of jobsOf(options)) {
    const whole = { ...job, target: running.target }
    results.push(await runJob<RoutingResult>(whole, { pin, ...caOf(running, tls) }))
  }
  return results
}

const report = (results: readonly RoutingResult[]): void => {
  const lines = results.map((result, place) => ({
    load: ['warm-up', 'on schedule', `${AT_ONCE} at once`][place] ?? '',
    conversations: result.conversations,
    'routed / s': figure(result.perSecond),
    'rings p50 / p99 / p99.9 / max ms': times(result.rungMs),
    'ring after answer': times(result.ringAfterAnswerMs),
    accepted: times(result.takenMs),
    'server CPU ms each': figure((result.costs.serverCpuSeconds / result.conversations) * 1000),
  }))
  say(`\nP8 conversations opened and routed\n${table(lines)}`)
  const [scheduled, most] = results.slice(1) as [RoutingResult, RoutingResult]
  const isReached = scheduled.rungMs.p99 <= MUST_MS && most.perSecond >= MUST_PER_SECOND
  say(
    `rings within p99 ${figure(scheduled.rungMs.p99)} ms (must ${MUST_MS}), ` +
      `${figure(most.perSecond)} routed per second (must ${MUST_PER_SECOND}): ${isReached ? 'reached' : 'MISSED'}`,
  )
}

export const runRoutingScenario = async (options: BenchOptions): Promise<boolean> => {
  const open = options.events ?? (options.quick ? 2_000 : 100_000)
  const dataDir = mkdtempSync(join(tmpdir(), 'ringdown-bench-'))
  try {
    await prepare(dataDir, { count: 0, capacity: 0 })
    const conversationId = await withStore(dataDir, openKept)
    const database = join(dataDir, DATABASE)
    copyConversation({ database, accountId: ACCOUNT, conversationId, count: open })
    const results = await measure(dataDir, options)
    const reasons = await withStore(dataDir, (store) => check(store, results))
    const verdict = { isValid: reasons.length === 0, reasons }
    for (const [place, { routed: _, ...result }] of results.entries())
      record(options, {
        scenario: options.tls ? 'p8-tls' : 'p8',
        target: 'product',
        run: place + 1,
        settings: { ...jobsOf(options)[place], openBefore: open },
        result,
        verdict,
      })
    if (!verdict.isValid) say(`the run is void: ${reasons.join('; ')}`)
    report(results)
    return verdict.isValid
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
}
