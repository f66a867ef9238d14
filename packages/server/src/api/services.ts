import type { Context } from '../context.ts'
import type { Hubs } from '../feeds/hubs.ts'
import type { RoutingEngine } from '../routing/engine.ts'
import type { AgentPresence } from '../routing/presence.ts'
import type { AccountCache } from './account-cache.ts'
import type { Sessions } from './sessions.ts'

/** What request handlers work with: the context and the node's own parts. */
export interface Services extends Context {
  readonly accounts: AccountCache
  readonly hubs: Hubs
  readonly routing: RoutingEngine
  readonly presence: AgentPresence
  readonly sessions: Sessions
}
