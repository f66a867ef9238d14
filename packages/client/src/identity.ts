/** Getting and renewing identities over HTTP. */
import { pause } from './backoff.ts'
import { RequestRefused } from './problems.ts'

export interface Place {
  /** `https://host:port` of the server. */
  readonly origin: string
  readonly account: string
}

export interface Abortable {
  readonly signal?: AbortSignal
}

const MOST_MS = 30_000

const post = async (url: string, body: object | undefined, { signal }: Abortable) => {
  const late = AbortSignal.timeout(MOST_MS)
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
    signal: signal ? AbortSignal.any([signal, late]) : late,
  })
  const text = await response.text()
  if (!response.ok) throw new RequestRefused(new URL(url).pathname, response.status, read(text))
  return JSON.parse(text || 'null') as unknown
}

/** What stands before a server refuses in words of its own. */
const read = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const api = ({ origin, account }: Place, rest: string): string =>
  `${origin}/api/account/${encodeURIComponent(account)}/${rest}`

/** A new anonymous consumer. */
export const signUp = async (place: Place, options: Abortable = {}): Promise<string> => {
  const answer = await post(api(place, 'signup'), undefined, options)
  return (answer as { jwt: string }).jwt
}

/**
 * A consumer whom the brand knows: exchanges the token that the brand signed. `stepUpFrom` is the token
 * under which the same person began without one: its open conversations come along.
 */
export const authenticate = async (
  place: Place,
  brandToken: string,
  { signal, ...more }: Abortable & { readonly stepUpFrom?: string } = {},
): Promise<string> => {
  const body = { id_token: brandToken, ...more }
  const answer = await post(api(place, 'authenticate'), body, signal ? { signal } : {})
  return (answer as { jwt: string }).jwt
}

export interface AgentLogin {
  readonly bearer: string
  readonly csrf: string
  readonly userId: string
  /** The agent's id on the socket. */
  readonly agentId: string
  /** How long it lives without a refresh, in ms. */
  readonly lifeMs: number
  /** Numbers of the packages of rights that the agent holds. */
  readonly privileges: readonly number[]
}

interface LoginAnswer {
  readonly bearer: string
  readonly csrf: string
  readonly sessionTTl: string
  readonly config: {
    readonly userId: string
    readonly userPid: string
    readonly userPrivileges: readonly number[]
  }
}

export const logIn = async (
  place: Place,
  { username, password }: { readonly username: string; readonly password: string },
  options: Abortable = {},
): Promise<AgentLogin> => {
  const answer = await post(api(place, 'login?v=1.3'), { username, password }, options)
  const { bearer, csrf, sessionTTl, config } = answer as LoginAnswer
  return {
    bearer,
    csrf,
    userId: config.userId,
    agentId: config.userPid,
    lifeMs: Number(sessionTTl),
    privileges: config.userPrivileges,
  }
}

/** Lengthens the login; its cookie travels by itself in a browser. */
export const refreshLogin = async (
  place: Place,
  { csrf }: Pick<AgentLogin, 'csrf'>,
  options: Abortable = {},
): Promise<void> => {
  await post(api(place, 'refresh?v=1.3'), { csrf }, options)
}

const MOST_REFRESH_MS = 4 * 60_000
const REFRESHES_PER_LIFE = 3
const REFUSED = [401, 403, 404]

/**
 * Refreshes a login for as long as its signal allows, at the latest after a third of its life. Resolves
 * when the signal ends it; rejects with `RequestRefused` when the server does not know the login any
 * more. What fails on the way is tried again with the next turn.
 */
export const keepLogin = async (
  place: Place,
  login: Pick<AgentLogin, 'csrf' | 'lifeMs'>,
  { signal, isNow = false }: { readonly signal: AbortSignal; readonly isNow?: boolean },
): Promise<void> => {
  const everyMs = Math.min(MOST_REFRESH_MS, login.lifeMs / REFRESHES_PER_LIFE)
  for (let waitMs = isNow ? 0 : everyMs; !signal.aborted; waitMs = everyMs) {
    await pause(waitMs, signal)
    if (signal.aborted) return
    try {
      await refreshLogin(place, login, { signal })
    } catch (error) {
      if (error instanceof RequestRefused && REFUSED.includes(error.code)) throw error
    }
  }
}

/** Ends a login: the agent is OFFLINE, its conversations stay its own. */
export const logOut = async (
  place: Place,
  { csrf }: Pick<AgentLogin, 'csrf'>,
  options: Abortable = {},
): Promise<void> => {
  await post(api(place, 'logout?v=1.3'), { csrf }, options)
}
