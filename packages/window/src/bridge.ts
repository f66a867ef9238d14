/** The window's end of what it and the page around it say to each other. [WIN4] */
import { marked, messageIn, type ToFrame, type ToHost } from './between.ts'

export interface Begun {
  readonly options: unknown
  readonly hasToken: boolean
}

/** A page that has not answered by then has to be asked again. [WIN7] */
const ANSWER_MS = 30_000

export class Bridge {
  isOpen = false
  readonly begun: Promise<Begun>
  /** The only origin that is listened and spoken to. */
  readonly #host: string
  readonly #begin: (begun: Begun) => void
  readonly #turns = new Set<(isOpen: boolean) => void>()
  readonly #tokens = new Map<number, (token: string | undefined) => void>()
  #asked = 0

  /** `host` is the origin of the page, as its loader gave it; empty where there is none. */
  constructor(host: string) {
    this.#host = host
    const { promise, resolve } = Promise.withResolvers<Begun>()
    this.begun = promise
    this.#begin = resolve
    if (parent === window || host === '') {
      // Opened by itself: a page of its own.
      this.isOpen = true
      resolve({ options: {}, hasToken: false })
      return
    }
    addEventListener('message', (event) => this.#hear(event))
    this.say({ type: 'ready' })
  }

  say(message: ToHost): void {
    if (parent !== window && this.#host !== '') parent.postMessage(marked(message), this.#host)
  }

  close(): void {
    this.say({ type: 'close' })
  }

  onTurn(listener: (isOpen: boolean) => void): () => void {
    this.#turns.add(listener)
    return () => void this.#turns.delete(listener)
  }

  /** A token of the brand for who is logged in there. */
  askToken(): Promise<string | undefined> {
    this.#asked += 1
    const id = this.#asked
    const { promise, resolve, reject } = Promise.withResolvers<string | undefined>()
    const late = () => reject(new Error('The page gave no answer'))
    const timer = setTimeout(late, ANSWER_MS)
    this.#tokens.set(id, resolve)
    this.say({ type: 'token', id })
    return promise.finally(() => {
      clearTimeout(timer)
      this.#tokens.delete(id)
    })
  }

  #hear({ source, origin, data }: MessageEvent): void {
    if (source !== parent || origin !== this.#host) return
    const message = messageIn<ToFrame>(data)
    if (!message) return
    if (message.type === 'init') this.#begin(message)
    else if (message.type === 'token') this.#tokens.get(message.id)?.(message.token)
    else if (message.type === 'open' || message.type === 'close') {
      this.isOpen = message.type === 'open'
      for (const listener of this.#turns) listener(this.isOpen)
    }
  }
}
