/**
 * Says what the account has configured when something happens to a conversation. The node that carried out
 * the change speaks, after it was told; a change whose node dies in between stays without its message.
 */
import type { AccountId } from '@ringdown/protocol'
import { Refusal } from '@ringdown/protocol'
import type { ConfigurationNews } from '../bus/subjects.ts'
import { subjects } from '../bus/subjects.ts'
import type { Context } from '../context.ts'
import type { MessageEvent } from '../domain/automatic-message.ts'
import {
  automaticText,
  messageEventOfChange,
  messageEventOfOpening,
} from '../domain/automatic-message.ts'
import { declares } from '../domain/client-features.ts'
import { type AutoMessage, configured } from '../domain/configuration.ts'
import { type Conversation, mainDialog } from '../domain/conversation.ts'
import type { NewEvent } from '../domain/event.ts'
import type { Hubs } from '../feeds/hubs.ts'
import { agentIdOf } from '../ids.ts'
import { announceEvent } from './announce.ts'

const KIND = 'auto-messages'
const METADATA = '[{"type":"AutoMessage"}]'

type Ports = Pick<Context, 'store' | 'bus' | 'clock' | 'ids' | 'log'> & { readonly hubs: Hubs }

type Items = readonly AutoMessage[]

/** What was read is read again after this, so that accounts that fell silent are not kept. */
const KEPT_MS = 600_000

interface Kept extends Disposable {
  readonly items: Promise<Items>
}

export class AutomaticMessages implements AsyncDisposable {
  readonly #ports: Ports
  /** Read when first needed, and again after a change. */
  readonly #kept = new Map<AccountId, Kept>()
  readonly #running = new Set<Promise<void>>()

  constructor(ports: Ports) {
    this.#ports = ports
  }

  opened(conversation: Conversation): void {
    this.#react(messageEventOfOpening(conversation), conversation)
  }

  changed(before: Conversation, after: Conversation): void {
    this.#react(messageEventOfChange(before, after), after)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const accountId of [...this.#kept.keys()]) this.#forget(accountId)
    await Promise.all(this.#running)
  }

  #react(event: MessageEvent | undefined, conversation: Conversation): void {
    if (!event || !declares(conversation, 'AUTO_MESSAGES')) return
    const saying = this.#say(event, conversation).catch((error: unknown) => {
      // It was closed meanwhile, for example: nobody waits for the message any more.
      if (!(error instanceof Refusal) || error.status >= 500)
        this.#ports.log.warn({ err: error, event }, 'an automatic message was not sent')
    })
    this.#running.add(saying)
    void saying.then(() => this.#running.delete(saying))
  }

  async #say(event: MessageEvent, conversation: Conversation): Promise<void> {
    const { store } = this.#ports
    const items = await this.#itemsOf(conversation.accountId)
    const text = automaticText(items, event, conversation)
    if (text === undefined) return
    const said = this.#event(conversation, text)
    const { isDuplicate: _, ...place } = await store.write('append', said)
    const { isAutomatic, ...rest } = said
    announceEvent(this.#ports, { ...rest, ...place }, said)
  }

  #event(conversation: Conversation, message: string): NewEvent {
    const { accountId, id } = conversation
    const at = this.#ports.clock.now()
    return {
      accountId,
      conversationId: id,
      dialogId: mainDialog(conversation).id,
      publisher: { id: agentIdOf(accountId, 'controller'), role: 'controller' },
      kind: 'content',
      audience: 'all',
      eventId: this.#ports.ids.timeUuid(at),
      payload: JSON.stringify({ type: 'ContentEvent', contentType: 'text/plain', message }),
      metadata: METADATA,
      isAutomatic: true,
      at,
    }
  }

  #itemsOf(accountId: AccountId): Promise<Items> {
    const kept = this.#kept.get(accountId) ?? this.#keep(accountId)
    return kept.items
  }

  #keep(accountId: AccountId): Kept {
    const { bus, clock, store } = this.#ports
    const forget = () => this.#forget(accountId)
    // Listen before reading, so that no change falls between the two. [CNT35]
    const subject = subjects.configuration(accountId)
    const listening = bus.listen<ConfigurationNews>(subject, (news) => {
      if (news === 'gap' || news.collections.includes(KIND)) forget()
    })
    const ageing = clock.after(KEPT_MS, forget)
    const items = store
      .read('configurationItems', { accountId, kind: KIND })
      .then((read) => configured(KIND, read))
    items.catch(forget)
    const kept: Kept = {
      items,
      [Symbol.dispose]() {
        listening[Symbol.dispose]()
        ageing[Symbol.dispose]()
      },
    }
    this.#kept.set(accountId, kept)
    return kept
  }

  #forget(accountId: AccountId): void {
    const kept = this.#kept.get(accountId)
    this.#kept.delete(accountId)
    kept?.[Symbol.dispose]()
  }
}
