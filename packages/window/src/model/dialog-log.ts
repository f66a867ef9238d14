/** What was said in one dialog, as its events tell it, and what this reader has acknowledged. */
import type { DialogEvent } from '@ringdown/client'

export type Receipt = 'delivered' | 'read'

export interface Content {
  readonly sequence: number
  /** The publisher's own id of the event. */
  readonly id?: string
  readonly isOwn: boolean
  readonly isAutomatic: boolean
  readonly originatorId: string
  readonly atMs: number
  readonly event: DialogEvent['event']
}

const receipts: Readonly<Record<string, Receipt>> = { ACCEPT: 'delivered', READ: 'read' }
/** A colleague who stopped without saying so is not writing for ever. */
export const TYPING_MS = 30_000

const isContent = ({ type }: DialogEvent['event']) =>
  type === 'ContentEvent' || type === 'RichContentEvent'

export class DialogLog {
  readonly contents: Content[] = []
  /** What the other side said about our messages. */
  readonly told = new Map<number, Receipt>()
  /** What we have said about theirs. */
  readonly acknowledged = new Map<number, Receipt>()
  typing: { readonly id: string; readonly untilMs: number } | undefined
  /** False while the past is still coming in. */
  isLive = false

  /** Takes one event in; true when somebody else said something new. */
  take(told: DialogEvent, nowMs: number): boolean {
    const { event, sequence, originatorId, originatorMetadata } = told
    const isOwn = originatorMetadata?.role === 'CONSUMER'
    if (event.type === 'ChatStateEvent') {
      if (!isOwn) this.#takeState(originatorId, event['chatState'], nowMs)
      return false
    }
    if (sequence === undefined) return false
    if (event.type === 'AcceptStatusEvent') this.#takeReceipt(told, isOwn)
    if (!isContent(event)) return false
    this.contents.push({
      sequence,
      ...(told.eventId !== undefined && { id: told.eventId }),
      isOwn,
      isAutomatic: originatorMetadata?.role === 'CONTROLLER',
      originatorId: originatorMetadata?.id ?? originatorId,
      atMs: told.serverTimestamp ?? nowMs,
      event,
    })
    if (!isOwn) this.typing = undefined
    return !isOwn
  }

  #takeState(id: string, state: unknown, nowMs: number): void {
    this.typing = state === 'COMPOSING' ? { id, untilMs: nowMs + TYPING_MS } : undefined
  }

  #takeReceipt({ event }: DialogEvent, isOwn: boolean): void {
    const sequences = event['sequenceList'] as readonly number[]
    const receipt = receipts[event['status'] as string]
    if (!receipt) return
    const into = isOwn ? this.acknowledged : this.told
    for (const one of sequences) if (into.get(one) !== 'read') into.set(one, receipt)
  }

  /** What of the other side's has not been acknowledged so. */
  lacking(receipt: Receipt, shown?: ReadonlySet<number>): readonly number[] {
    return this.contents
      .filter(({ isOwn, sequence }) => {
        if (isOwn || (shown && !shown.has(sequence))) return false
        const said = this.acknowledged.get(sequence)
        return receipt === 'read' ? said !== 'read' : said === undefined
      })
      .map(({ sequence }) => sequence)
  }

  get unread(): number {
    return this.contents.filter(
      ({ isOwn, sequence }) => !isOwn && this.acknowledged.get(sequence) !== 'read',
    ).length
  }
}
