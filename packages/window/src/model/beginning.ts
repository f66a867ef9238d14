/**
 * What comes before there is a conversation: who somebody is, and the first words. Both are kept in the
 * tab until the server has taken them. [WIN11] [WIN26]
 */
import {
  type MessagingClient,
  openConversation,
  type RequestBody,
  RequestRefused,
  untilTaken,
} from '@ringdown/client'
import { type Profile, setProfile } from './fields.ts'
import type { Keeping } from './keeping.ts'
import { keptOpening, type Opening, openingText } from './opening.ts'

export interface BeginningOptions {
  readonly keeping: Keeping
  readonly body: RequestBody<'requestConversation'>
  client(): MessagingClient
  /** There is a conversation now, to which the first words go. */
  opened(id: string): void
  changed(): void
}

const keptProfile = (text: string): Profile => {
  try {
    return (JSON.parse(text) ?? {}) as Profile
  } catch {
    return {}
  }
}

export class Beginning {
  /** What was written before there was a conversation to write it in. */
  opening: Opening | undefined
  readonly #options: BeginningOptions
  #isOpening = false
  #isIntroducing = false

  constructor(options: BeginningOptions) {
    this.#options = options
  }

  /** Goes on with what was kept, once it is known to be this person's. [WIN41] */
  async resume(): Promise<void> {
    const { keeping } = this.#options
    await keeping.settled
    void this.#tellProfile()
    const kept = keptOpening(keeping.tab('opening'))
    if (!kept) return
    this.opening = { ...kept, texts: [...kept.texts, ...(this.opening?.texts ?? [])] }
    await this.open([])
  }

  /** Resolves with the id of what was opened; undefined where that is under way or did not succeed. */
  async open(texts: readonly string[]): Promise<string | undefined> {
    const { key = crypto.randomUUID(), texts: before = [], isRepeat = false } = this.opening ?? {}
    this.#become({ key, texts: [...before, ...texts], isRepeat })
    await this.#options.keeping.settled
    this.#keep()
    if (this.#isOpening || !this.opening) return undefined
    this.#isOpening = true
    try {
      return await this.#ask(this.opening)
    } catch (error) {
      const { message: problem } = error as Error
      this.opening &&= { ...this.opening, isRepeat: true, problem }
      return undefined
    } finally {
      this.#isOpening = false
      this.#options.changed()
    }
  }

  async #ask({ key, isRepeat }: Opening): Promise<string> {
    const { body, opened } = this.#options
    const client = this.#options.client()
    const id = await openConversation(client, body, { key, isRepeat })
    const { texts = [] } = this.opening ?? {}
    for (const text of texts) void client.say(id, text).catch(() => {})
    this.#become(undefined)
    this.#keep()
    opened(id)
    return id
  }

  #become(opening: Opening | undefined): void {
    this.opening = opening
    this.#options.changed()
  }

  #keep(): void {
    this.#options.keeping.setTab('opening', this.opening && openingText(this.opening))
  }

  introduce(profile: Profile): void {
    this.#options.keeping.setTab('profile', JSON.stringify(profile))
    void this.#tellProfile()
  }

  /** Tells it until the server takes or refuses it, and again when another one was given meanwhile. */
  async #tellProfile(): Promise<void> {
    if (this.#isIntroducing) return
    this.#isIntroducing = true
    const { keeping } = this.#options
    await keeping.settled
    for (let text = keeping.tab('profile'); text !== undefined; text = keeping.tab('profile')) {
      if (!(await this.#isSaid(keptProfile(text)))) break
      if (keeping.tab('profile') === text) keeping.setTab('profile', undefined)
    }
    this.#isIntroducing = false
  }

  /** False at the end of the client. What is refused for good would be refused after a reload, too. */
  async #isSaid(profile: Profile): Promise<boolean> {
    const client = this.#options.client()
    try {
      await untilTaken(() => setProfile(client, profile), { backoff: client.backoff })
      return true
    } catch (error) {
      return error instanceof RequestRefused
    }
  }
}
