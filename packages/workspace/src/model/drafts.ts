/**
 * What was begun and not sent, by dialog. It is kept on this machine at once, so that it survives a
 * reload, and on the server after a pause, so that it is there in every browser. [WSP13] [WSP40]
 */
import type { DraftContent, DraftService, DraftText, SavedDraft } from './draft-service.ts'
import { givenBack, type Words } from './given-back.ts'
import { keep, readKept } from './kept.ts'
import { RestFailed } from './rest.ts'
import type { Session } from './session.ts'
import { Value } from './value.ts'

export interface Draft {
  readonly text: string
  readonly isNote: boolean
  /** What was written elsewhere at the same time, newest first. */
  readonly others?: readonly DraftText[]
}

interface Entry extends DraftContent {
  /** What the server had when it was last asked. */
  readonly revision?: string | undefined
  /** What was sent since and not answered: the server may have one of these. */
  readonly tried?: readonly string[]
  /** The server does not have it yet. */
  readonly isDirty: boolean
}

type Entries = Readonly<Record<string, Entry>>

export interface DraftsOptions {
  readonly session: Pick<Session, 'account' | 'agentId'>
  readonly service: DraftService
  /** The server's time. */
  now(): number
}

const empty: Draft = { text: '', isNote: false }
const PAUSE_MS = 800
/** Whoever types without a pause is saved all the same. */
const MOST_UNSAVED_MS = 5_000
const RETRY_MS = 10_000
const MOST_TRIED = 8

const isShown = ({ text, isNote, others }: Entry) => text !== '' || isNote || others.length > 0

/** Nothing to show and nothing to tell. */
const isOver = (entry: Entry) => !entry.isDirty && !isShown(entry)

const textOf = ({ text, isNote, at }: DraftText): DraftText => ({ text, isNote, at })

const same = (one: DraftText, other: DraftText) =>
  one.text === other.text && one.isNote === other.isNote

/** The server may be away, or tired of us; anything else it says again. */
const isFinal = (error: unknown) =>
  error instanceof RestFailed && error.status < 500 && ![401, 408, 429].includes(error.status)

export class Drafts implements Disposable {
  readonly all: Value<Readonly<Record<string, Draft>>>
  readonly #key: string
  readonly #options: DraftsOptions
  readonly #stop = new AbortController()
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>()
  /** Since when what was written here is unsaved. */
  readonly #unsavedSince = new Map<string, number>()
  readonly #saving = new Map<string, Promise<void>>()
  #entries: Entries
  /** The agent has gone: an answer that is late leaves nothing here. */
  #isForgotten = false

  constructor(options: DraftsOptions) {
    const { account, agentId } = options.session
    this.#options = options
    this.#key = `ringdown.drafts.${account}.${agentId}`
    this.#entries = readKept<Entries>('machine', this.#key) ?? {}
    this.all = new Value(this.#shown())
    this.#listen()
  }

  of(dialogId: string): Draft {
    return this.all.get()[dialogId] ?? empty
  }

  set(dialogId: string, { text, isNote }: Draft): void {
    const others = this.#entries[dialogId]?.others ?? []
    this.#write(dialogId, { text, isNote, others })
  }

  /** What went and was not taken is there again. */
  giveBack(dialogId: string, words: Words): void {
    const now = Math.round(this.#options.now())
    const before = this.#entries[dialogId] ?? { ...empty, at: now, others: [] }
    this.#write(dialogId, givenBack(before, words, now))
  }

  /** Takes a text that was written elsewhere; the present one is kept in its place. */
  use(dialogId: string, other: DraftText): void {
    const before = this.#entries[dialogId]
    if (!before) return
    const others = before.others.filter((one) => !same(one, other))
    const kept = before.text.trim() === '' ? others : [textOf(before), ...others]
    this.#write(dialogId, { text: other.text, isNote: other.isNote, others: kept })
  }

  dismiss(dialogId: string, other: DraftText): void {
    const before = this.#entries[dialogId]
    if (!before) return
    const others = before.others.filter((one) => !same(one, other))
    this.#write(dialogId, { ...before, others })
  }

  /** Asks what was written elsewhere, and tells what the server lacks. */
  async sync(): Promise<void> {
    const before = this.#entries
    const saved = await this.#options.service.list().catch(() => undefined)
    if (!saved || this.#stop.signal.aborted) return
    for (const one of saved) this.#adopt(before, one)
    const known = new Set(saved.map(({ dialogId }) => dialogId))
    for (const [dialogId, entry] of Object.entries(before))
      if (!known.has(dialogId) && entry.revision !== undefined) this.#gone(dialogId, entry)
    await this.flush()
  }

  /** Saves at once what is unsaved. */
  async flush({ isLeaving = false } = {}): Promise<void> {
    const dirty = Object.entries(this.#entries).filter(([, entry]) => entry.isDirty)
    await Promise.all(dirty.map(([dialogId]) => this.#save(dialogId, isLeaving)))
  }

  /** What the server has needs no place on this machine. */
  forget(): void {
    this.#isForgotten = true
    this.#keep()
  }

  [Symbol.dispose](): void {
    this.#stop.abort()
    for (const timer of this.#timers.values()) clearTimeout(timer)
  }

  #keep(): void {
    const all = Object.entries(this.#entries)
    const kept = this.#isForgotten ? all.filter(([, entry]) => entry.isDirty) : all
    keep('machine', this.#key, kept.length === 0 ? undefined : Object.fromEntries(kept))
  }

  #shown(): Readonly<Record<string, Draft>> {
    return Object.fromEntries(Object.entries(this.#entries).filter(([, entry]) => isShown(entry)))
  }

  #put(dialogId: string, entry: Entry | undefined): void {
    const { [dialogId]: _, ...others } = this.#entries
    this.#entries = entry && !isOver(entry) ? { ...others, [dialogId]: entry } : others
    this.all.set(this.#shown())
    this.#keep()
  }

  /** The agent wrote it here. */
  #write(dialogId: string, content: Omit<DraftContent, 'at'>): void {
    const before = this.#entries[dialogId]
    const at = Math.round(this.#options.now())
    const { text, isNote, others } = content
    const { revision, tried = [] } = before ?? {}
    const isKnown = revision !== undefined || tried.length > 0
    const isDirty = text.trim() !== '' || others.length > 0 || isKnown
    this.#put(dialogId, { text, isNote, at, others, revision, tried, isDirty })
    if (!isDirty) return
    const since = this.#unsavedSince.get(dialogId) ?? Date.now()
    this.#unsavedSince.set(dialogId, since)
    const left = Math.max(0, since + MOST_UNSAVED_MS - Date.now())
    this.#saveIn(dialogId, text === '' ? 0 : Math.min(PAUSE_MS, left))
  }

  #saveIn(dialogId: string, ms: number): void {
    clearTimeout(this.#timers.get(dialogId))
    if (this.#stop.signal.aborted) return
    this.#timers.set(
      dialogId,
      setTimeout(() => void this.#save(dialogId), ms),
    )
  }

  /** One at a time for each dialog: each builds on the revision of the one before. */
  #save(dialogId: string, isLeaving = false): Promise<void> {
    clearTimeout(this.#timers.get(dialogId))
    const running = this.#saving.get(dialogId)
    if (running) return running.then(() => this.#save(dialogId, isLeaving))
    const entry = this.#entries[dialogId]
    if (!entry?.isDirty) return Promise.resolve()
    const saving = this.#send(dialogId, entry, isLeaving).finally(() =>
      this.#saving.delete(dialogId),
    )
    this.#saving.set(dialogId, saving)
    return saving
  }

  async #send(dialogId: string, unsent: Entry, isLeaving: boolean): Promise<void> {
    this.#unsavedSince.delete(dialogId)
    const { tried = [] } = unsent
    const revision = crypto.randomUUID()
    const known = unsent.revision === undefined ? tried : [unsent.revision, ...tried]
    const sent = { ...unsent, tried: [...tried, revision].slice(-MOST_TRIED) }
    this.#put(dialogId, sent)
    try {
      const options = { revision, known, isLeaving }
      this.#saved(dialogId, sent, await this.#options.service.put(dialogId, sent, options))
    } catch (error) {
      // What the server will not have stays here; it is offered again when it changes or is looked at.
      if (!isFinal(error)) this.#saveIn(dialogId, RETRY_MS)
    }
  }

  #saved(dialogId: string, sent: Entry, saved: SavedDraft | undefined): void {
    const now = this.#entries[dialogId]
    if (!now) return
    const { revision } = saved ?? {}
    if (now === sent) {
      const { isNote, at } = now
      const { others, ...text } = saved ?? { text: '', isNote, at, others: [] }
      this.#put(dialogId, { ...textOf(text), others, revision, isDirty: false })
      return
    }
    // More was written while it was on its way.
    const more = saved && !same(saved, sent) ? [textOf(saved)] : []
    const others = [...more, ...(saved?.others ?? []).filter((one) => !same(one, sent))]
    this.#put(dialogId, { ...now, others, revision, tried: [] })
  }

  /** Takes what the server has, unless something else became of it here meanwhile. */
  #adopt(before: Entries, { dialogId, text, isNote, at, others, revision }: SavedDraft): void {
    const now = this.#entries[dialogId]
    if (now !== before[dialogId] || now?.isDirty || now?.revision === revision) return
    this.#put(dialogId, { text, isNote, at, others, revision, isDirty: false })
  }

  #gone(dialogId: string, before: Entry): void {
    const now = this.#entries[dialogId]
    if (now !== before || now.isDirty) return
    this.#put(dialogId, { ...now, text: '', others: [], revision: undefined })
  }

  #listen(): void {
    const { signal } = this.#stop
    const hidden = () => {
      if (document.visibilityState === 'hidden') void this.flush({ isLeaving: true })
      else void this.sync()
    }
    document.addEventListener('visibilitychange', hidden, { signal })
    addEventListener('pagehide', () => void this.flush({ isLeaving: true }), { signal })
    addEventListener('focus', () => void this.sync(), { signal })
    const heard = ({ key }: StorageEvent) => {
      if (key === this.#key) this.#heardTab()
    }
    addEventListener('storage', heard, { signal })
  }

  /** Another tab of this browser wrote. What is being written here stays. */
  #heardTab(): void {
    const theirs = readKept<Entries>('machine', this.#key) ?? {}
    const isBusy = (id: string) => this.#unsavedSince.has(id) || this.#saving.has(id)
    const own = Object.entries(this.#entries).filter(([id]) => isBusy(id))
    this.#entries = { ...theirs, ...Object.fromEntries(own) }
    this.all.set(this.#shown())
  }
}
