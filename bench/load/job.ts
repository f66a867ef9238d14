/** What the bench asks of a generator process, and what it gets back. */
import type { HistoryVerdict } from '../../packages/server/src/testing/history.ts'
import type { Address } from './connection.ts'
import type { Spread } from './percentile.ts'

export interface AgentLogin {
  /** The bearer that opens its socket. */
  readonly bearer: string
  readonly agentId: string
  /** `<account>.<user id>`. */
  readonly oldId: string
}

/** A running server, product or yardstick. */
export interface Target {
  readonly kind: 'product' | 'minimal'
  readonly address: Address
  readonly account: string
  readonly pid: number
  readonly agents: readonly AgentLogin[]
  readonly statsUrl?: string
  readonly statsToken?: string
  /** The yardstick's log, read back for the history check. */
  readonly logFile?: string
}

interface Load {
  readonly target: Target
  readonly pairs: number
  /** Agents' sockets; each serves its share of the pairs. */
  readonly agents: number
  /** Conversation subscriptions on every socket as well. */
  readonly metadata: boolean
  readonly agentVersion: '2.1' | '3'
  readonly warmUpSeconds: number
  readonly seconds: number
}

export interface ClosedJob extends Load {
  readonly load: 'closed'
}

export interface OpenJob extends Load {
  readonly load: 'open'
  readonly perSecond: number
  readonly arrivals: 'poisson' | 'even'
  readonly seed: number
}

export interface IdleJob {
  readonly load: 'idle'
  readonly target: Target
  readonly connections: number
  /** Opened before the first measurement, so that what is paid once is not counted. */
  readonly before: number
  readonly settleSeconds: number
}

/** A consumer whose dialog holds a long history. */
export interface Owner {
  readonly token: string
  readonly dialogId: string
}

export interface CatchUpJob {
  readonly load: 'catch-up'
  readonly target: Target
  readonly owners: readonly Owner[]
  /** Sequences of each dialog: 0 … tail. */
  readonly tail: number
  readonly behind: number
  readonly rounds: number
  readonly concurrency: number
}

/** Opens conversations for later use and says who owns them. */
export interface OwnersJob {
  readonly load: 'owners'
  readonly target: Target
  readonly count: number
}

/** Changes of one conversation, each seen by many who watch the account. */
export interface FanOutJob {
  readonly load: 'fan-out'
  readonly target: Target
  readonly watchers: number
  readonly changes: number
  readonly everyMs: number
  readonly agentVersion: '2.1' | '3'
}

/** Conversations opened by consumers and taken by agents who are rung. */
export interface RoutingJob {
  readonly load: 'routing'
  readonly target: Target
  /** Openings per second by a schedule; absent: as many as the server does. */
  readonly perSecond?: number
  readonly seconds: number
  readonly arrivals: 'poisson' | 'even'
  readonly seed: number
  /** Without a rate: how many in all, and how many under way at once. */
  readonly conversations: number
  readonly atOnce: number
  readonly agentVersion: '2.1' | '3'
}

export type Job = RoutingJob | FanOutJob | ClosedJob | OpenJob | IdleJob | CatchUpJob | OwnersJob

export interface Costs {
  readonly serverCpuSeconds: number
  /** CPU seconds per thread of the server. */
  readonly serverThreads: Readonly<Record<string, number>>
  readonly generatorCpuSeconds: number
  readonly serverRssMb: number
  readonly seconds: number
  readonly flushesPerSecond?: number
  readonly eventsPerCommit?: number
  /** Whatever else the server tells about itself. */
  readonly serverStats?: unknown
}

export interface LoadResult {
  readonly messages: number
  readonly perSecond: number
  /** Closed loop: from send to receipt by the other side. Open loop: from due to answered. */
  readonly latencyMs: Spread
  /** Open loop: from due to receipt by the other side. */
  readonly deliveryMs?: Spread
  /** Open loop: from due to sent. */
  readonly lagMs?: Spread
  readonly refusals: Readonly<Record<string, number>>
  readonly strangers: number
  readonly isSettled: boolean
  readonly costs: Costs
  readonly history: HistoryVerdict
}

export interface IdleResult {
  readonly connections: number
  readonly perConnectionKb: number
  readonly rssBeforeMb: number
  readonly rssAfterMb: number
  readonly connectsPerSecond: number
  readonly lost: number
}

export interface CatchUpResult {
  readonly latencyMs: Spread
  /** The first visit of each dialog. */
  readonly firstMs: Spread
  readonly costs: Costs
  readonly wrong: number
}

export interface OwnersResult {
  readonly owners: readonly Owner[]
}

export interface FanOutResult {
  readonly watchers: number
  readonly changes: number
  /** From when a change was due until a watcher was shown it. */
  readonly shownMs: Spread
  /** The same until the last watcher was. */
  readonly lastMs: Spread
  readonly missing: number
  readonly wrong: number
  readonly costs: Costs
}

export interface RoutedConversation {
  readonly id: string
  /** Agents whose acceptance was answered with success. */
  readonly takenBy: readonly string[]
}

export interface RoutingResult {
  readonly conversations: number
  readonly perSecond: number
  /** From when an opening was due until a ring for it reached its agent. */
  readonly rungMs: Spread
  /** The same from the moment the opening was answered. */
  readonly ringAfterAnswerMs: Spread
  /** From when it was due until an agent's acceptance was answered. */
  readonly takenMs: Spread
  /** From due to sent. */
  readonly lagMs: Spread
  readonly routed: readonly RoutedConversation[]
  readonly costs: Costs
}

export type Result =
  | RoutingResult
  | FanOutResult
  | LoadResult
  | IdleResult
  | CatchUpResult
  | OwnersResult
export type Reply = { readonly result: Result } | { readonly error: string }
