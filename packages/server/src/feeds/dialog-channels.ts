import type { Bus } from '../bus/bus.ts'
import type { Store } from '../store/store.ts'
import type { DialogKey } from './dialog-channel.ts'
import { DialogChannel } from './dialog-channel.ts'

/** The dialogs that somebody follows on this node. */
export class DialogChannels implements Disposable {
  readonly #channels = new Map<string, DialogChannel>()
  readonly #ports: { store: Store; bus: Bus }

  constructor(ports: { store: Store; bus: Bus }) {
    this.#ports = ports
  }

  /** The channel of the dialog; it lasts until its last follower has gone. */
  open(key: DialogKey): DialogChannel {
    const name = `${key.accountId}/${key.dialogId}`
    const known = this.#channels.get(name)
    if (known) return known
    const channel = new DialogChannel(key, this.#ports, () => {
      this.#channels.delete(name)
      channel.close()
    })
    this.#channels.set(name, channel)
    return channel
  }

  [Symbol.dispose](): void {
    for (const channel of this.#channels.values()) channel.close()
    this.#channels.clear()
  }
}
