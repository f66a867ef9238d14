/** Who writes: somebody unknown who is kept, or whom the brand vouches for. [WIN6] [WIN7] */
import { authenticate, ClientClosed, type Place, RequestRefused, signUp } from '@ringdown/client'
import type { Keeping } from './keeping.ts'

type Need = 'first' | 'expired' | 'extend'

export interface Identity {
  /** Whether there is somebody to connect for before anything was written. */
  readonly isKnown: boolean
  token(need: Need): Promise<string>
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

/** Whose token of the server's this is; undefined where it cannot be read. */
const subjectOf = (token: string | undefined): string | undefined => {
  try {
    const claims = (token ?? '').split('.')[1] ?? ''
    const bytes = atob(claims.replaceAll('-', '+').replaceAll('_', '/'))
    const { sub } = JSON.parse(bytes) as { readonly sub?: unknown }
    return typeof sub === 'string' ? sub : undefined
  } catch {
    return undefined
  }
}

/** Rejects while the server cannot be reached at all. */
const reach = async ({ origin }: Place): Promise<void> => {
  await fetch(`${origin}/version`, { cache: 'no-store' })
}

export const anonymous = (place: Place, keeping: Keeping): Identity => {
  /** One more refusal, and it is the token's fault. */
  let isDoubted = false
  keeping.settle(subjectOf(keeping.token))
  const newcomer = (previous: string | undefined) =>
    alone(`ringdown.${place.account}`, async () => {
      const kept = keeping.token
      if (kept !== undefined && kept !== previous) return kept
      const token = await signUp(place)
      keeping.token = token
      return token
    })
  const tokenFor = async (need: Need): Promise<string> => {
    const kept = keeping.token
    if (need === 'first' || kept === undefined) return newcomer(undefined)
    if (need === 'extend') return newcomer(kept)
    // A network that is away looks like a token that is refused. Nobody becomes another person for that.
    await reach(place)
    if (isDoubted) return newcomer(kept)
    isDoubted = true
    return kept
  }
  return {
    get isKnown() {
      return keeping.token !== undefined
    },
    async token(need) {
      const token = await tokenFor(need)
      // Under a new identity whoever sits before this page is still the same.
      keeping.settle(subjectOf(token), keeping.owner)
      return token
    },
    accepted() {
      isDoubted = false
    },
  }
}

/** Too many requests and a server that is away pass; what is refused otherwise stays so. */
const isFinal = (error: unknown): error is RequestRefused =>
  error instanceof RequestRefused && error.code < 500 && error.code !== 429

interface Vouching {
  /** A fresh token of the brand from the page, or undefined when it has none. */
  ask(): Promise<string | undefined>
  /** The brand vouches for another person than the one with whom this page began. [WIN41] */
  beginAnew(): void
}

interface Exchanged {
  readonly token: string
  /** Who the same person was until now. */
  readonly before?: string
}

/** A token of the server's for the brand's; what was written before logging in comes along. [WIN7] */
const exchange = async (
  place: Place,
  brandToken: string,
  unproven: string | undefined,
): Promise<Exchanged> => {
  if (unproven !== undefined)
    try {
      const token = await authenticate(place, brandToken, { stepUpFrom: unproven })
      const before = subjectOf(unproven)
      return { token, ...(before !== undefined && { before }) }
    } catch (error) {
      // The one before has ended or moved already: the brand's word is left.
      if (!isFinal(error)) throw error
    }
  return { token: await authenticate(place, brandToken) }
}

export const vouched = (
  place: Place,
  keeping: Keeping,
  { ask, beginAnew }: Vouching,
): Identity => ({
  isKnown: true,
  accepted() {},
  async token() {
    const brandToken = await ask()
    if (brandToken === undefined) throw new Error('The page gave no token')
    const { token, before } = await exchange(place, brandToken, keeping.token).catch(
      (error: unknown) => {
        if (isFinal(error)) throw new ClientClosed('The brand could not vouch for this person')
        throw error
      },
    )
    // What was written before logging in has moved over.
    keeping.token = undefined
    if (keeping.settle(subjectOf(token), before)) return token
    beginAnew()
    throw new ClientClosed('Somebody else is there')
  },
})
