/**
 * Lets so many pieces of work run at once, and of whoever asks one at a time. The others wait in order,
 * no more of them than there is room for. Who has hung up neither waits nor has a turn. [HIS24]
 */
import { Refusal } from '@ringdown/protocol'
import { stillWaiting, type Waiter } from '../../waiter.ts'

export interface Asker extends Pick<Waiter, 'isGivenUp'> {
  /** Whose work it is. */
  readonly id: string
}

export interface TurnLimits {
  readonly atOnce: number
  readonly waiting: number
  readonly waitingOfOne: number
}

const givenUp = (): Refusal => new Refusal('unavailable', 'Nobody waits for the answer')

export class FairTurns {
  readonly #limits: TurnLimits
  readonly #running = new Set<string>()
  #waiting: readonly (Asker & Waiter)[] = []

  constructor(limits: TurnLimits) {
    this.#limits = limits
  }

  async take<T>(asker: Asker, work: () => Promise<T>): Promise<T> {
    await this.#turn(asker)
    try {
      return await work()
    } finally {
      this.#running.delete(asker.id)
      this.#beginNext()
    }
  }

  async #turn(asker: Asker): Promise<void> {
    if (asker.isGivenUp()) throw givenUp()
    if (this.#mayBegin(asker)) {
      this.#running.add(asker.id)
      return
    }
    this.#leaveOutGivenUp()
    const own = this.#waiting.filter(({ id }) => id === asker.id)
    if (own.length >= this.#limits.waitingOfOne)
      throw new Refusal('too_many_requests', 'Too many searches at once')
    if (this.#waiting.length >= this.#limits.waiting)
      throw new Refusal('unavailable', 'Too many searches at once')
    await new Promise<void>((begin, refuse) => {
      this.#waiting = [...this.#waiting, { ...asker, begin, refuse }]
    })
  }

  #mayBegin({ id }: Asker): boolean {
    return this.#running.size < this.#limits.atOnce && !this.#running.has(id)
  }

  #beginNext(): void {
    this.#leaveOutGivenUp()
    const next = this.#waiting.find((one) => this.#mayBegin(one))
    if (!next) return
    this.#waiting = this.#waiting.filter((one) => one !== next)
    this.#running.add(next.id)
    next.begin()
  }

  #leaveOutGivenUp(): void {
    this.#waiting = stillWaiting(this.#waiting, givenUp)
  }
}
