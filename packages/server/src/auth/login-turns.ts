/**
 * Attempts to prove the password of one login go one after the other, and a wrong one holds its turn
 * for the configured wait: guesses that come together are no faster than guesses in a row. Whoever
 * guesses must not keep the login's owner out, so the addresses that ask take turns, and one that does
 * not wait yet finds room. Who hung up has no turn. [AG52]
 */
import type { AccountId } from '@ringdown/protocol'
import { Refusal } from '@ringdown/protocol'
import type { Context } from '../context.ts'
import { stillWaiting, type Waiter } from '../waiter.ts'

export interface Attempt {
  readonly accountId: AccountId
  readonly loginName: string
  /** Where it comes from; addresses of one client are one. */
  readonly address: string
  /** Nobody waits for the answer any more. */
  readonly isGivenUp: () => boolean
}

/** Who waits for a login, by address; the address that is next comes first, and none has nobody. */
type Line = Map<string, readonly Waiter[]>

/** Addresses that may fill their share of one login's line. */
const FULL_ADDRESSES = 16

const waitingIn = (line: Line): number => {
  let sum = 0
  for (const { length } of line.values()) sum += length
  return sum
}

const tooMany = (): Refusal => new Refusal('unavailable', 'Too many logins at once')

const setWaiting = (line: Line, address: string, waiting: readonly Waiter[]): void => {
  if (waiting.length > 0) line.set(address, waiting)
  else line.delete(address)
}

const leaveOutGivenUp = (line: Line): void => {
  for (const [address, waiting] of line) setWaiting(line, address, stillWaiting(waiting, tooMany))
}

/** Where several of one address wait, the last of the most gives way; answers whether one did. */
const makeRoom = (line: Line): boolean => {
  const [longest] = [...line].toSorted(([, one], [, other]) => other.length - one.length)
  if (!longest || longest[1].length < 2) return false
  const [address, waiting] = longest
  waiting.at(-1)?.refuse(tooMany())
  setWaiting(line, address, waiting.slice(0, -1))
  return true
}

export class LoginTurns {
  readonly #parts: Pick<Context, 'clock' | 'config'>
  /** Logins that somebody has the turn of. */
  readonly #lines = new Map<string, Line>()

  constructor(parts: Pick<Context, 'clock' | 'config'>) {
    this.#parts = parts
  }

  /** What `check` finds; nothing found is told after the wait of a failed login. */
  async prove<Found>(
    attempt: Attempt,
    check: () => Promise<Found | undefined>,
  ): Promise<Found | undefined> {
    const login = JSON.stringify([attempt.accountId, attempt.loginName])
    await this.#turn(login, attempt)
    try {
      const found = await check()
      if (found === undefined) await this.pause()
      return found
    } finally {
      this.#pass(login)
    }
  }

  /** The wait of a failed login. */
  pause(): Promise<void> {
    const { clock, config } = this.#parts
    return new Promise((resolve) => {
      clock.after(config.limits.loginDelayMs, resolve)
    })
  }

  async #turn(login: string, { address, isGivenUp }: Attempt): Promise<void> {
    const line = this.#lines.get(login)
    if (!line) {
      this.#lines.set(login, new Map())
      return
    }
    const own = this.#placeIn(line, address)
    await new Promise<void>((begin, refuse) => {
      line.set(address, [...own, { begin, refuse, isGivenUp }])
    })
  }

  /** Who waits already behind the same address; refuses when there is no room. */
  #placeIn(line: Line, address: string): readonly Waiter[] {
    const { loginsWaiting } = this.#parts.config.limits
    leaveOutGivenUp(line)
    const own = line.get(address) ?? []
    const isFull = waitingIn(line) >= loginsWaiting * FULL_ADDRESSES
    if (own.length >= loginsWaiting || (isFull && (own.length > 0 || !makeRoom(line))))
      throw tooMany()
    return own
  }

  #pass(login: string): void {
    const line: Line = this.#lines.get(login) ?? new Map()
    leaveOutGivenUp(line)
    const [next] = line
    if (!next) {
      this.#lines.delete(login)
      return
    }
    const [address, [first, ...others]] = next
    // To the end of the line.
    line.delete(address)
    setWaiting(line, address, others)
    first?.begin()
  }
}
