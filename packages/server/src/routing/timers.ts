/**
 * Serves timers when they are due. What is armed are rows, so that a restart forgets none; this is
 * one clock timer for the earliest of them, and a claim before the handler runs, so that several
 * nodes may serve one database.
 *
 *   armed → due → claimed → handler → settled: gone, or armed for later
 *                    └ handler failed, or its node died: due again when the claim ends
 *
 * Nothing polls: whatever was written may have armed a timer, and the earliest is read again then.
 */
import type { Timestamp } from '@ringdown/protocol'
import type { TimerNews } from '../bus/subjects.ts'
import { subjects } from '../bus/subjects.ts'
import type { Context } from '../context.ts'
import type { Timer, TimerKind } from '../domain/timer.ts'
import type { ClaimedTimer } from '../store/store.ts'

/**
 * What is done when a timer of the kind is due. Answers when to do it again, or nothing when that
 * was all. It may run twice for one timer, and has to look whether its reason still holds.
 */
export type TimerHandlers = Readonly<
  Record<TimerKind, (timer: Timer) => Promise<Timestamp | undefined>>
>

/** How long a handler has before its timer is due again, for whoever comes first. */
const CLAIM_MS = 30_000
/** Timers served at once. */
const BATCH = 100
/** However many writes there are, the earliest timer is read once in this time. */
const LOOK_MS = 100
/** What a store that was away has let fail is tried again after this. */
const RETRY_MS = 1_000

type Ports = Pick<Context, 'store' | 'bus' | 'clock' | 'log'>

export class Timers implements AsyncDisposable {
  readonly #ports: Ports
  readonly #handlers: TimerHandlers
  readonly #listening: Disposable
  #alarm: { readonly dueAt: Timestamp; readonly timer: Disposable } | undefined
  #looking: Disposable | undefined
  #sweeping: Promise<void> | undefined
  #isStopped = false

  constructor(ports: Ports, handlers: TimerHandlers) {
    this.#ports = ports
    this.#handlers = handlers
    this.#listening = ports.bus.listen<TimerNews>(subjects.timers(), (news) => {
      if (news === 'gap') this.noticeWrite()
      else this.#setAlarm(news.dueAt)
    })
  }

  /** Serves what fell due while no server ran, and sets the clock for what comes. [TIM3] */
  start(): void {
    void this.#sweep()
  }

  /** Something was written that may have armed a timer. */
  noticeWrite(): void {
    if (this.#isStopped) return
    this.#looking ??= this.#ports.clock.after(LOOK_MS, () => {
      this.#looking = undefined
      this.#look().catch((error: unknown) => this.#failed(error))
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isStopped = true
    this.#listening[Symbol.dispose]()
    this.#looking?.[Symbol.dispose]()
    this.#alarm?.timer[Symbol.dispose]()
    await this.#sweeping
  }

  async #look(): Promise<void> {
    const dueAt = await this.#ports.store.read('nextTimerDue', null)
    if (dueAt === undefined || this.#isStopped || !this.#isSooner(dueAt)) return
    this.#setAlarm(dueAt)
    // This node may not live to see it: the others set their clocks, too.
    this.#ports.bus.publish(subjects.timers(), { dueAt } satisfies TimerNews)
  }

  #isSooner(dueAt: Timestamp): boolean {
    return this.#alarm === undefined || dueAt < this.#alarm.dueAt
  }

  #setAlarm(dueAt: Timestamp): void {
    if (this.#isStopped || !this.#isSooner(dueAt)) return
    this.#alarm?.timer[Symbol.dispose]()
    const { clock } = this.#ports
    const timer = clock.after(dueAt - clock.now(), () => {
      this.#alarm = undefined
      void this.#sweep()
    })
    this.#alarm = { dueAt, timer }
  }

  /** One sweep at a time; it ends when nothing is due. */
  #sweep(): Promise<void> {
    this.#sweeping ??= this.#serveAll()
      .catch((error: unknown) => this.#failed(error))
      .finally(() => {
        this.#sweeping = undefined
      })
    return this.#sweeping
  }

  async #serveAll(): Promise<void> {
    const { store, clock } = this.#ports
    while (!this.#isStopped) {
      const now = clock.now()
      const claimed = await store.write('claimTimers', {
        dueAt: now,
        until: now + CLAIM_MS,
        limit: BATCH,
      })
      await Promise.all(claimed.map((timer) => this.#serve(timer)))
      if (claimed.length < BATCH) break
    }
    await this.#look()
  }

  /** A failure leaves the timer claimed: it is due again when the claim ends. [TIM4] */
  async #serve({ version, ...timer }: ClaimedTimer): Promise<void> {
    const { store, log } = this.#ports
    const { accountId, kind, subjectId } = timer
    try {
      const next = await this.#handlers[kind](timer)
      await store.write('settleTimer', {
        accountId,
        kind,
        subjectId,
        version,
        ...(next !== undefined && { next }),
      })
    } catch (error) {
      if (!this.#isStopped)
        log.error({ err: error, account: accountId, timer: kind }, 'a timer could not be served')
    }
  }

  #failed(error: unknown): void {
    if (this.#isStopped) return
    this.#ports.log.error({ err: error }, 'timers could not be read')
    this.#setAlarm(this.#ports.clock.now() + RETRY_MS)
  }
}
