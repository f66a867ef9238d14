import type { AccountId } from '@ringdown/protocol'
import type { Context } from '../context.ts'
import type { ConversationCache } from './conversation-cache.ts'
import { conversationCache } from './conversation-cache.ts'
import { ConversationHub } from './conversation-hub.ts'
import { DialogChannels } from './dialog-channels.ts'

/** Everything that feeds of all sockets share on this node. */
export class Hubs implements Disposable {
  readonly cache: ConversationCache
  readonly channels: DialogChannels
  readonly #conversations = new Map<AccountId, ConversationHub>()
  readonly #ctx: Pick<Context, 'store' | 'bus' | 'clock' | 'config'>

  constructor(ctx: Pick<Context, 'store' | 'bus' | 'clock' | 'config'>) {
    this.#ctx = ctx
    this.cache = conversationCache(ctx.store)
    this.channels = new DialogChannels({ ...ctx, cache: this.cache })
  }

  conversations(accountId: AccountId): ConversationHub {
    const known = this.#conversations.get(accountId)
    if (known) return known
    const { bus, clock, config } = this.#ctx
    const ports = { bus, clock, cache: this.cache }
    const hub = new ConversationHub(accountId, ports, config.limits.activityUpdatesPerSecond)
    this.#conversations.set(accountId, hub)
    return hub
  }

  [Symbol.dispose](): void {
    for (const hub of this.#conversations.values()) hub[Symbol.dispose]()
    this.channels[Symbol.dispose]()
  }
}
