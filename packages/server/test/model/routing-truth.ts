/** What the database says of routing, read beside the server: never by the code under test. */
import { DatabaseSync } from 'node:sqlite'

interface ConversationTruth {
  readonly account_id: string
  readonly id: string
  readonly consumer_id: string
  readonly state: 'open' | 'closed'
  readonly assigned_agent_id: string | null
  readonly assignees: number
  readonly queued: number
  readonly offered: number
  readonly ringing: number
}

interface AgentTruth {
  readonly account_id: string
  readonly id: string
  readonly capacity: number
  readonly roles: string
  readonly assigned: number
  readonly ringing: number
}

export interface RingTruth {
  readonly id: string
  readonly agent_id: string
  readonly conversation_id: string
}

const CONVERSATIONS = `
  SELECT c.account_id, c.id, c.consumer_id, c.state, c.assigned_agent_id,
    (SELECT count(*) FROM participants p JOIN dialogs d ON d.key = p.dialog_key
      WHERE d.conversation_id = c.id AND d.account_id = c.account_id AND d.type = 'main'
        AND p.role = 'assigned_agent' AND p.state = 'active' AND p.left_at IS NULL) AS assignees,
    (SELECT count(*) FROM routing_tasks t WHERE t.account_id = c.account_id
      AND t.conversation_id = c.id AND t.state = 'queued') AS queued,
    (SELECT count(*) FROM routing_tasks t WHERE t.account_id = c.account_id
      AND t.conversation_id = c.id AND t.state = 'offered') AS offered,
    (SELECT count(*) FROM rings r WHERE r.account_id = c.account_id
      AND r.conversation_id = c.id AND r.state = 'waiting') AS ringing
  FROM conversations c`

const AGENTS = `
  SELECT a.account_id, a.id, a.capacity, a.roles,
    (SELECT count(*) FROM conversations c WHERE c.account_id = a.account_id
      AND c.assigned_agent_id = a.id AND c.state = 'open') AS assigned,
    (SELECT count(*) FROM rings r WHERE r.account_id = a.account_id
      AND r.agent_id = a.id AND r.state = 'waiting') AS ringing
  FROM agents a`

/** Queued, offered or assigned, exactly once; and nothing of it once it is closed. */
const isInOnePlace = (one: ConversationTruth): boolean => {
  const { state, assigned_agent_id, assignees, queued, offered, ringing } = one
  if (state === 'closed') return queued + offered + ringing === 0
  if (assigned_agent_id !== null) return assignees === 1 && queued + offered + ringing === 0
  return assignees === 0 && queued + offered === 1 && ringing === offered
}

export class RoutingTruth implements Disposable {
  readonly #db: DatabaseSync

  constructor(file: string) {
    this.#db = new DatabaseSync(file, { readOnly: true })
  }

  conversations(): readonly ConversationTruth[] {
    return this.#db.prepare(CONVERSATIONS).all() as unknown as ConversationTruth[]
  }

  /** Open conversations of one account; cheap, for choosing among them. */
  open(
    accountId: string,
  ): readonly Pick<ConversationTruth, 'id' | 'consumer_id' | 'assigned_agent_id'>[] {
    const query = `SELECT id, consumer_id, assigned_agent_id FROM conversations
      WHERE account_id = ? AND state = 'open' ORDER BY rowid`
    return this.#db.prepare(query).all(accountId) as unknown as ConversationTruth[]
  }

  /** Accounts in which anybody waits. */
  withQueue(): ReadonlySet<string> {
    const query = "SELECT DISTINCT account_id FROM routing_tasks WHERE state = 'queued'"
    const rows = this.#db.prepare(query).all() as unknown as readonly { account_id: string }[]
    return new Set(rows.map(({ account_id: id }) => id))
  }

  waitingRings(accountId: string): readonly RingTruth[] {
    const query =
      "SELECT id, agent_id, conversation_id FROM rings WHERE account_id = ? AND state = 'waiting' ORDER BY rowid"
    return this.#db.prepare(query).all(accountId) as unknown as RingTruth[]
  }

  /** Everything that is not as it must be; empty when all is well. */
  wrongs(): readonly string[] {
    const agents = this.#db.prepare(AGENTS).all() as unknown as AgentTruth[]
    const misplaced = this.conversations().filter((one) => !isInOnePlace(one))
    // Managers may take over beyond their capacity; routing never gives them more.
    const overloaded = agents.filter(
      ({ roles, assigned, ringing, capacity }) =>
        !roles.includes('manager') && assigned + ringing > capacity,
    )
    return [...misplaced, ...overloaded].map((one) => JSON.stringify(one))
  }

  [Symbol.dispose](): void {
    this.#db.close()
  }
}
