/** Who writes: somebody unknown who is kept, or whom the brand vouches for. [WIN6] [WIN7] */
import { authenticate, ClientClosed, type Place, RequestRefused, signUp } from '@ringdown/client'
import type { Keeping } from './keeping.ts'

export interface Identity {
  /** Whether there is somebody to connect for before anything was written. */
  readonly isKnown: boolean
  token(need: 'first' | 'expired' | 'extend'): Promise<string>
  /** The server has taken the last token. */
  accepted(): void
}

/** Tabs of one page must not become two people. Where a frame is denied storage, it is denied locks. */
const alone = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
  try {
    return await navigator.locks.request(name, work)
  } catch (error) {
    if (error instanceof DOMException && error.name === 'SecurityError') return work()
    throw error
  }
}

/** Rejects while the server cannot be reached at all. */
const reach = async ({ origin }: Place): Promise<void> => {
  await fetch(`${origin}/version`, { cache: 'no-store' })
}

export const anonymous = (place: Place, keeping: Keeping): Identity => {
  /** One more refusal, and it is the token's fault. */
  let isDoubted = false
  const newcomer = (previous: string | undefined) =>
    alone(`ringdown.${place.account}`, async () => {
      const kept = keeping.token
      if (kept !== undefined && kept !== previous) return kept
      const token = await signUp(place)
      keeping.token = token
      return token
    })
  return {
    get isKnown() {
      return keeping.token !== undefined
    },
    async token(need) {
      const kept = keeping.token
      if (need === 'first' || kept === undefined) return newcomer(undefined)
      if (need === 'extend') return newcomer(kept)
      // A network that is away looks like a token that is refused. Nobody becomes another person for that.
      await reach(place)
      if (isDoubted) return newcomer(kept)
      isDoubted = true
      return kept
    },
    accepted() {
      isDoubted = false
    },
  }
}

/** Too many requests and a server that is away pass; what is refused otherwise stays so. */
const isFinal = (error: unknown): error is RequestRefused =>
  error instanceof RequestRefused && error.code < 500 && error.code !== 429

/** `ask` gets a fresh token of the brand from the page, or undefined when it has none. */
export const vouched = (
  place: Place,
  keeping: Keeping,
  ask: () => Promise<string | undefined>,
): Identity => ({
  isKnown: true,
  accepted() {},
  async token() {
    const brandToken = await ask()
    if (brandToken === undefined) throw new Error('The page gave no token')
    const exchange = (options = {}) => authenticate(place, brandToken, options)
    const unproven = keeping.token
    try {
      const token =
        unproven === undefined
          ? await exchange()
          : await exchange({ stepUpFrom: unproven }).catch((error: unknown) => {
              // The one before has ended or moved already: the brand's word is left.
              if (!isFinal(error)) throw error
              return exchange()
            })
      // What was written before logging in has moved over.
      keeping.token = undefined
      return token
    } catch (error) {
      if (isFinal(error)) throw new ClientClosed('The brand could not vouch for this person')
      throw error
    }
  },
})
