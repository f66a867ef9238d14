import type { Context } from '../context.ts'
import type { Hubs } from '../feeds/hubs.ts'
import type { Files } from '../files/files.ts'
import type { RoutingEngine } from '../routing/engine.ts'
import type { LastSeen } from '../routing/last-seen.ts'
import type { AgentPresence } from '../routing/presence.ts'
import type { AccountCache } from './account-cache.ts'
import type { AutomaticMessages } from './automatic-messages.ts'
import type { DialogReaders } from './dialog-readers.ts'
import type { Sessions } from './sessions.ts'

/** What request handlers work with: the context and the node's own parts. */
export interface Services extends Context {
  readonly accounts: AccountCache
  readonly automatic: AutomaticMessages
  readonly hubs: Hubs
  readonly routing: RoutingEngine
  readonly presence: AgentPresence
  readonly lastSeen: LastSeen
  readonly sessions: Sessions
  readonly files: Files
  readonly readers: DialogReaders
}
