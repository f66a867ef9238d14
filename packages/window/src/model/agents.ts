/** Names and pictures of those who answer, asked for once each. */
import type { Place } from '@ringdown/client'
import { plainName, safeImage } from '@ringdown/client/links'

export interface Person {
  readonly name: string
  readonly picture?: string
}

export class Agents {
  readonly #place: Place
  readonly #changed: () => void
  readonly #known = new Map<string, Person | undefined>()

  constructor(place: Place, changed: () => void) {
    this.#place = place
    this.#changed = changed
  }

  /** Undefined until it is known, or for good where there is no such agent. */
  find(id: string): Person | undefined {
    if (id !== '' && !this.#known.has(id)) {
      this.#known.set(id, undefined)
      void this.#ask(id)
    }
    return this.#known.get(id)
  }

  async #ask(id: string): Promise<void> {
    const { origin, account } = this.#place
    const path = `/api/account/${encodeURIComponent(account)}/configuration/le-users/users/`
    try {
      const response = await fetch(`${origin}${path}${encodeURIComponent(id)}`)
      if (!response.ok) return
      const found = (await response.json()) as Record<string, unknown>
      const name = plainName(found['nickname']) || plainName(found['fullName'])
      const picture = safeImage(found['pictureUrl'])
      if (name !== '') this.#known.set(id, { name, ...(picture && { picture }) })
      this.#changed()
    } catch {
      // Without a connection; the name is asked for again when it is needed next.
      this.#known.delete(id)
    }
  }
}
