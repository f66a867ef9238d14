/** Who is signed in. Kept for the tab, so that a reload stays in. [WSP1] */
import {
  type AgentLogin,
  keepLogin,
  logIn,
  logOut,
  type Place,
  RequestRefused,
} from '@ringdown/client'
import { keep, readKept } from './kept.ts'
import { Value } from './value.ts'

export interface Session extends AgentLogin {
  readonly account: string
  readonly loginName: string
}

export type SignInProblem = 'wrong' | 'unreachable' | 'busy' | 'ended'

export type SessionState =
  | { readonly kind: 'out'; readonly problem?: SignInProblem }
  /** Fresh is who has just signed in; a reload is not. */
  | { readonly kind: 'in'; readonly session: Session; readonly isFresh: boolean }

const KEY = 'ringdown.session'
const LAST_KEY = 'ringdown.last-sign-in'
const UNAUTHORISED = [400, 401, 403, 404]

export interface Credentials {
  readonly account: string
  readonly username: string
  readonly password: string
}

const placeOf = ({ account }: { readonly account: string }): Place => ({
  origin: location.origin,
  account,
})

export class SessionHolder {
  readonly state: Value<SessionState>
  #stop = new AbortController()

  constructor() {
    const session = readKept<Session>('tab', KEY)
    this.state = new Value<SessionState>(
      session ? { kind: 'in', session, isFresh: false } : { kind: 'out' },
    )
    if (session) this.#keep(session, true)
  }

  /** Account and name of the last sign-in on this machine, to spare typing. */
  get last(): { readonly account: string; readonly username: string } {
    return readKept('machine', LAST_KEY) ?? { account: '', username: '' }
  }

  async signIn({ account, username, password }: Credentials): Promise<SignInProblem | undefined> {
    try {
      const login = await logIn(placeOf({ account }), { username, password })
      const session: Session = { ...login, account, loginName: username }
      keep('tab', KEY, session)
      keep('machine', LAST_KEY, { account, username })
      this.#keep(session, false)
      this.state.set({ kind: 'in', session, isFresh: true })
      return undefined
    } catch (error) {
      if (!(error instanceof RequestRefused)) return 'unreachable'
      return UNAUTHORISED.includes(error.code) ? 'wrong' : 'busy'
    }
  }

  async signOut(): Promise<void> {
    const state = this.state.get()
    if (state.kind === 'out') return
    this.#end()
    // Where the server cannot be told the login ends by itself.
    await logOut(placeOf(state.session), state.session).catch(() => {})
  }

  /** The server does not know the login any more. */
  readonly ended = (): void => {
    if (this.state.get().kind === 'in') this.#end('ended')
  }

  #end(problem?: SignInProblem): void {
    this.#stop.abort()
    keep('tab', KEY, undefined)
    this.state.set({ kind: 'out', ...(problem && { problem }) })
  }

  #keep(session: Session, isNow: boolean): void {
    this.#stop = new AbortController()
    keepLogin(placeOf(session), session, { signal: this.#stop.signal, isNow }).catch(this.ended)
  }
}
