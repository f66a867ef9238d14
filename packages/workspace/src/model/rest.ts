/** The server's REST services, asked as the signed-in agent. */
import type { Session } from './session.ts'

export class RestFailed extends Error {
  override readonly name = 'RestFailed'
  readonly status: number
  constructor(status: number) {
    super(`The server answered ${status}`)
    this.status = status
  }
}

export class Rest {
  readonly #session: Pick<Session, 'bearer' | 'account'>

  constructor(session: Pick<Session, 'bearer' | 'account'>) {
    this.#session = session
  }

  configuration<T>(path: string): Promise<T> {
    return this.#ask<T>(`/api/account/${this.#session.account}/configuration/${path}`)
  }

  /** Our own addresses, which no other product has. */
  own<T>(path: string): Promise<T> {
    return this.#ask<T>(`/api/account/${this.#session.account}/ringdown/v1/${path}`)
  }

  history<T>(path: string, body: object, signal?: AbortSignal): Promise<T> {
    const place = `/messaging_history/api/account/${this.#session.account}/${path}`
    return this.#ask<T>(place, body, signal)
  }

  async #ask<T>(path: string, body?: object, signal?: AbortSignal): Promise<T> {
    const response = await fetch(path, {
      ...(signal && { signal }),
      headers: {
        authorization: `Bearer ${this.#session.bearer}`,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new RestFailed(response.status)
    return (await response.json()) as T
  }
}
