import type { ConsumerId } from '@ringdown/protocol'
import type { Bus } from '../bus/bus.ts'
import type { Conversation } from '../domain/conversation.ts'
import { mainDialog } from '../domain/conversation.ts'
import type { Store } from '../store/store.ts'
import { hearConsumer } from './consumer-presence.ts'
import type { ConversationCache } from './conversation-cache.ts'
import type { DialogKey } from './dialog-channel.ts'
import { DialogChannel } from './dialog-channel.ts'

interface Opened {
  readonly channel: DialogChannel
  /** Main dialogs only. */
  presence?: Disposable
}

const nameOf = ({ accountId, dialogId }: DialogKey): string => `${accountId}/${dialogId}`

const close = ({ channel, presence }: Opened): void => {
  presence?.[Symbol.dispose]()
  channel.close()
}

/** The dialogs that somebody follows on this node. */
export class DialogChannels implements Disposable {
  readonly #opened = new Map<string, Opened>()
  readonly #ports: { store: Store; bus: Bus; cache: ConversationCache }

  constructor(ports: { store: Store; bus: Bus; cache: ConversationCache }) {
    this.#ports = ports
  }

  /**
   * The channel of the dialog; it lasts until its last follower has gone. With `presenceOf` its
   * followers hear of the coming and going of that consumer. [EV9]
   */
  open(key: DialogKey, { presenceOf }: { presenceOf?: ConsumerId } = {}): DialogChannel {
    const name = nameOf(key)
    const known = this.#opened.get(name)
    if (known) return known.channel
    const channel = new DialogChannel(key, this.#ports, () => {
      this.#opened.delete(name)
      close(opened)
    })
    const opened: Opened = { channel }
    if (presenceOf !== undefined) opened.presence = hearConsumer(channel, presenceOf, this.#ports)
    this.#opened.set(name, opened)
    return channel
  }

  /** The conversation went to another consumer. [DLG26] */
  move(conversation: Conversation): void {
    const { accountId, consumerId } = conversation
    const dialogId = mainDialog(conversation).id
    const opened = this.#opened.get(nameOf({ accountId, dialogId }))
    if (!opened) return
    opened.presence?.[Symbol.dispose]()
    opened.presence = hearConsumer(opened.channel, consumerId, this.#ports)
  }

  [Symbol.dispose](): void {
    for (const opened of this.#opened.values()) close(opened)
    this.#opened.clear()
  }
}
