/** Which agents are connected to this node, and which of their sockets take routing tasks. */
import type { AccountId, AgentId } from '@ringdown/protocol'
import type { RingFilter } from '../domain/routing/candidate.ts'

interface Presence {
  sockets: number
  readonly listens: Set<RingFilter>
}

const NOBODY: readonly RingFilter[] = []

/** Counts sockets and subscriptions per agent. [RT4] */
export class AgentPresence {
  readonly #agents = new Map<string, Presence>()

  isConnected(accountId: AccountId, agentId: AgentId): boolean {
    return (this.#agents.get(`${accountId}/${agentId}`)?.sockets ?? 0) > 0
  }

  /** Whether a live socket of the agent subscribed to routing tasks. */
  isListening(accountId: AccountId, agentId: AgentId): boolean {
    return (this.#agents.get(`${accountId}/${agentId}`)?.listens.size ?? 0) > 0
  }

  /** What its live subscriptions to routing tasks show. */
  listens(accountId: AccountId, agentId: AgentId): readonly RingFilter[] {
    const listens = this.#agents.get(`${accountId}/${agentId}`)?.listens
    return listens && listens.size > 0 ? [...listens] : NOBODY
  }

  /** Counts one more socket; disposing takes it back. */
  addSocket(accountId: AccountId, agentId: AgentId): Disposable {
    return this.#add(accountId, agentId, (presence) => {
      presence.sockets += 1
      return () => {
        presence.sockets -= 1
      }
    })
  }

  /** Counts one more subscription to routing tasks; disposing takes it back. */
  addListening(accountId: AccountId, agentId: AgentId, filter: RingFilter): Disposable {
    return this.#add(accountId, agentId, ({ listens }) => {
      // One of its own: two subscriptions may ask for the same.
      const own = { ...filter }
      listens.add(own)
      return () => {
        listens.delete(own)
      }
    })
  }

  #add(accountId: AccountId, agentId: AgentId, enter: (one: Presence) => () => void): Disposable {
    const key = `${accountId}/${agentId}`
    const presence = this.#agents.get(key) ?? { sockets: 0, listens: new Set<RingFilter>() }
    this.#agents.set(key, presence)
    const leave = enter(presence)
    let isCounted = true
    return {
      [Symbol.dispose]: () => {
        if (!isCounted) return
        isCounted = false
        leave()
        if (presence.sockets === 0 && presence.listens.size === 0) this.#agents.delete(key)
      },
    }
  }
}
