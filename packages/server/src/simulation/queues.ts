/** Conversations that wait for an agent, per skill, the most urgent first. */
import type { TaskNeed } from '../domain/routing/candidate.ts'
import { Agenda } from './agenda.ts'
import type { Arrival } from './arrivals.ts'

export interface Waiting {
  readonly arrival: Arrival
  readonly dueAt: number
  /** Changes when an agent lets it go by. */
  task: TaskNeed
  state: 'queued' | 'ringing' | 'over'
}

export interface QueueMoment {
  readonly at: number
  readonly length: number
}

export class Queues {
  readonly moments: QueueMoment[] = []
  readonly #bySkill = new Map<string, Agenda<Waiting>>()
  #length = 0

  get length(): number {
    return this.#length
  }

  add(waiting: Waiting): void {
    const { skillId } = waiting.task
    const queue = this.#bySkill.get(skillId) ?? new Agenda<Waiting>()
    this.#bySkill.set(skillId, queue)
    waiting.state = 'queued'
    queue.add(waiting.dueAt, waiting)
    this.#length += 1
  }

  /** Takes it out; its place in the heap is cleared when it comes to the front. */
  leave(waiting: Waiting, state: 'ringing' | 'over'): void {
    waiting.state = state
    this.#length -= 1
  }

  /** Offers the first of each skill for as long as somebody takes it: the rest could fare no better. */
  offer(take: (waiting: Waiting) => boolean): void {
    if (this.#length === 0) return
    for (const queue of this.#bySkill.values())
      for (;;) {
        while (queue.first && queue.first.state !== 'queued') queue.take()
        if (!queue.first || !take(queue.first)) break
      }
  }

  /** Remembers the length that is left once everything at this moment has happened. */
  settle(at: number): void {
    const last = this.moments.at(-1)?.length ?? 0
    if (this.#length !== last) this.moments.push({ at, length: this.#length })
  }
}
