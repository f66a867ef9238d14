/**
 * Files that go with the next message of a dialog, for as long as the agent is signed in. [WSP14]
 *
 *   picked → (taken out | going → stored)
 *     ↑                     │ not stored, or left before
 *     └─────────────────────┘ with the words that went beside them
 */
import { fileProblem } from '@ringdown/client'
import type { Words } from './given-back.ts'
import { drop, type Picked, pick } from './uploads.ts'
import { Value } from './value.ts'

export interface Attached {
  readonly picked: readonly Picked[]
  /** On their way to the server. */
  readonly going: readonly Picked[]
  /** Why those that went last were not stored. */
  readonly problem: ReturnType<typeof fileProblem> | undefined
}

export interface AttachedOptions {
  /** Stores the bytes; resolves with the event that shares them. */
  upload(picked: Picked, caption: string): Promise<object>
  /** Words that went with files and were not shared. */
  giveBack(dialogId: string, words: Words): void
}

const MOST_FILES = 10

export const nothingAttached: Attached = { picked: [], going: [], problem: undefined }

export class AttachedFiles implements Disposable {
  readonly all = new Value<Readonly<Record<string, Attached>>>({})
  readonly #options: AttachedOptions
  /** The words of what goes, by dialog. */
  readonly #going = new Map<string, Words>()

  constructor(options: AttachedOptions) {
    this.#options = options
  }

  add(dialogId: string, files: Iterable<File>): void {
    const before = this.#of(dialogId)
    const added = [...files].slice(0, MOST_FILES - before.picked.length).map(pick)
    this.#put(dialogId, { ...before, picked: [...before.picked, ...added], problem: undefined })
  }

  remove(dialogId: string, key: string): void {
    const before = this.#of(dialogId)
    for (const one of before.picked) if (one.key === key) drop(one)
    const picked = before.picked.filter((one) => one.key !== key)
    this.#put(dialogId, { ...before, picked, problem: undefined })
  }

  /**
   * Takes what is picked, at once, and stores it; the words go with the first. Resolves with the events that
   * share it, or with nothing once files and words are back where they were.
   */
  async store(dialogId: string, words: Words): Promise<readonly object[] | undefined> {
    const { picked: going } = this.#of(dialogId)
    this.#put(dialogId, { picked: [], going, problem: undefined })
    this.#going.set(dialogId, words)
    const isGoing = () => this.#going.get(dialogId) === words
    try {
      const events: object[] = []
      for (const one of going) {
        const caption = events.length === 0 ? words.text.trim() : ''
        events.push(await this.#options.upload(one, caption))
        if (!isGoing()) return undefined
      }
      this.#going.delete(dialogId)
      for (const one of going) drop(one)
      this.#put(dialogId, { ...this.#of(dialogId), going: [] })
      return events
    } catch (error) {
      if (isGoing()) this.#giveBack(dialogId, fileProblem(error))
      return undefined
    }
  }

  /** Gives back what is on its way: the page is left before it is shared. */
  giveUp(): void {
    for (const dialogId of [...this.#going.keys()]) this.#giveBack(dialogId)
  }

  [Symbol.dispose](): void {
    this.#going.clear()
    for (const { picked, going } of Object.values(this.all.get()))
      for (const one of [...going, ...picked]) drop(one)
  }

  #giveBack(dialogId: string, problem?: Attached['problem']): void {
    const words = this.#going.get(dialogId)
    this.#going.delete(dialogId)
    const { going, picked } = this.#of(dialogId)
    this.#put(dialogId, { picked: [...going, ...picked], going: [], problem })
    if (words) this.#options.giveBack(dialogId, words)
  }

  #of(dialogId: string): Attached {
    return this.all.get()[dialogId] ?? nothingAttached
  }

  #put(dialogId: string, attached: Attached): void {
    const { [dialogId]: _, ...others } = this.all.get()
    const isOver = attached.picked.length + attached.going.length === 0
    this.all.set(isOver ? others : { ...others, [dialogId]: attached })
  }
}
