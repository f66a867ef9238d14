/** Files on their way to the brand and back, and what of them this page holds. [WIN22] [WIN37] */
import {
  downloadFile,
  fileProblem,
  type MessagingClient,
  type SharedFile,
  uploadFile,
} from '@ringdown/client'
import type { Conversation, Upload } from './conversation.ts'
import { previewOf } from './preview.ts'
import { putWithProgress } from './put-with-progress.ts'

export interface Download {
  /** Of this page, until it is let go. */
  readonly url: string
  readonly isImage: boolean
}

export interface Held {
  readonly coming: Promise<Download>
  /** Whoever held it needs it no more. */
  letGo(): void
}

interface Kept {
  readonly coming: Promise<Download>
  holders: number
}

const images: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/gif'])
/** Files that nobody holds and that may be wanted again. */
const MOST_IDLE = 4

interface FilesOptions {
  readonly origin: string
  client(): MessagingClient
  changed(): void
}

export class Files {
  readonly #options: FilesOptions
  /** By path; the one that was held last is the last. */
  readonly #kept = new Map<string, Kept>()
  readonly #leaving = new Map<string, AbortController>()

  constructor(options: FilesOptions) {
    this.#options = options
  }

  share(conversation: Conversation, file: File): void {
    void this.#send(conversation, { id: crypto.randomUUID(), file, state: 'sending', share: 0 })
  }

  again(conversation: Conversation, upload: Upload): void {
    void this.#send(conversation, { ...upload, state: 'sending', share: 0 })
  }

  /** Forgets it; one that is under way goes no further. */
  drop(conversation: Conversation, id: string): void {
    this.#leaving.get(id)?.abort()
    this.#show(conversation, id)
  }

  /** A shared file, for as long as it is shown. */
  hold(file: SharedFile): Held {
    const { relativePath } = file
    const kept = this.#kept.get(relativePath) ?? { coming: this.#fetch(file), holders: 0 }
    kept.holders += 1
    this.#kept.delete(relativePath)
    this.#kept.set(relativePath, kept)
    // A file that did not come is asked for again.
    kept.coming.catch(
      () => this.#kept.get(relativePath) === kept && this.#kept.delete(relativePath),
    )
    const letGo = () => {
      kept.holders -= 1
      this.#revokeIdle()
    }
    return { coming: kept.coming, letGo }
  }

  async #fetch(file: SharedFile): Promise<Download> {
    const { client, origin } = this.#options
    const bytes = await downloadFile(client(), origin, file)
    return { url: URL.createObjectURL(bytes), isImage: images.has(bytes.type) }
  }

  #revokeIdle(): void {
    const idle = [...this.#kept].filter(([, { holders }]) => holders === 0)
    for (const [path, { coming }] of idle.slice(0, Math.max(0, idle.length - MOST_IDLE))) {
      this.#kept.delete(path)
      void coming.then(
        ({ url }) => URL.revokeObjectURL(url),
        () => {},
      )
    }
  }

  async #send(conversation: Conversation, upload: Upload): Promise<void> {
    const dialogId = conversation.openDialog?.dialogId
    if (dialogId === undefined) return
    const { id, file } = upload
    const leaving = new AbortController()
    const { signal } = leaving
    this.#leaving.set(id, leaving)
    const show = (change: Partial<Upload>) =>
      signal.aborted || this.#show(conversation, id, { ...upload, ...change })
    show({})
    const { client, origin } = this.#options
    try {
      const event = await uploadFile(client(), file, {
        origin,
        caption: file.name,
        preview: await previewOf(file),
        put: putWithProgress,
        signal,
        onProgress: (share) => show({ share }),
      })
      if (signal.aborted) return
      void client()
        .outbox.send({ dialogId, event })
        .catch(() => {})
      this.#show(conversation, id)
    } catch (error) {
      show({ state: fileProblem(error) })
    } finally {
      this.#leaving.delete(id)
    }
  }

  #show(conversation: Conversation, id: string, shown?: Upload): void {
    const { uploads } = conversation
    if (!shown) conversation.uploads = uploads.filter((one) => one.id !== id)
    else if (uploads.some((one) => one.id === id))
      conversation.uploads = uploads.map((one) => (one.id === id ? shown : one))
    else conversation.uploads = [...uploads, shown]
    this.#options.changed()
  }
}
