/** Which agents are connected to this node, and which of their sockets take routing tasks. */
import type { AccountId, AgentId } from '@ringdown/protocol'

interface Presence {
  sockets: number
  listening: number
}

/** Counts sockets per agent. [RT4] */
export class AgentPresence {
  readonly #agents = new Map<string, Presence>()

  isConnected(accountId: AccountId, agentId: AgentId): boolean {
    return (this.#agents.get(`${accountId}/${agentId}`)?.sockets ?? 0) > 0
  }

  /** Whether a live socket of the agent subscribed to routing tasks. */
  isListening(accountId: AccountId, agentId: AgentId): boolean {
    return (this.#agents.get(`${accountId}/${agentId}`)?.listening ?? 0) > 0
  }

  /** Counts one more; disposing takes it back. */
  add(kind: keyof Presence, accountId: AccountId, agentId: AgentId): Disposable {
    const key = `${accountId}/${agentId}`
    const presence = this.#agents.get(key) ?? { sockets: 0, listening: 0 }
    this.#agents.set(key, presence)
    presence[kind] += 1
    let isCounted = true
    return {
      [Symbol.dispose]: () => {
        if (!isCounted) return
        isCounted = false
        presence[kind] -= 1
        if (presence.sockets === 0 && presence.listening === 0) this.#agents.delete(key)
      },
    }
  }
}
