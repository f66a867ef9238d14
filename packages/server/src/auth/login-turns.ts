/**
 * Attempts to prove the password of one login go one after the other, and a wrong one holds its turn
 * for the configured wait: guesses that come together are no faster than guesses in a row. Whoever
 * guesses must not keep the login's owner out, so the addresses that ask take turns. [AG52]
 */
import type { AccountId } from '@ringdown/protocol'
import { Refusal } from '@ringdown/protocol'
import type { Context } from '../context.ts'

export interface Attempt {
  readonly accountId: AccountId
  readonly loginName: string
  /** Where it comes from; addresses of one client are one. */
  readonly address: string
}

/** Who waits for a login, by address; the address that is next comes first. */
type Line = Map<string, (() => void)[]>

/** Addresses that may fill their share of one login's line. */
const FULL_ADDRESSES = 16

const waitingIn = (line: Line): number => {
  let sum = 0
  for (const { length } of line.values()) sum += length
  return sum
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
    { accountId, loginName, address }: Attempt,
    check: () => Promise<Found | undefined>,
  ): Promise<Found | undefined> {
    const login = JSON.stringify([accountId, loginName])
    await this.#turn(login, address)
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

  async #turn(login: string, address: string): Promise<void> {
    const line = this.#lines.get(login)
    if (!line) {
      this.#lines.set(login, new Map())
      return
    }
    const { loginsWaiting } = this.#parts.config.limits
    const own = line.get(address) ?? []
    if (own.length >= loginsWaiting || waitingIn(line) >= loginsWaiting * FULL_ADDRESSES)
      throw new Refusal('unavailable', 'Too many logins at once')
    line.set(address, own)
    await new Promise<void>((resolve) => own.push(resolve))
  }

  #pass(login: string): void {
    const line = this.#lines.get(login)
    const [next] = line ?? []
    if (!line || !next) {
      this.#lines.delete(login)
      return
    }
    const [address, waiting] = next
    line.delete(address)
    const [first, ...others] = waiting
    if (others.length > 0) line.set(address, others)
    first?.()
  }
}
