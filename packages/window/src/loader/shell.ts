/** The button, the frame, and what passes between the page and the frame. */
import { type Labels, marked, messageIn, type ToFrame, type ToHost } from '../between.ts'
import { SHELL_STYLE } from './shell-style.ts'

export interface ShellOptions {
  readonly account: string
  /** Where the server is; default: where this script came from. */
  readonly origin?: string
  /** Gives the brand's signed token for who is logged in; absent: anonymous. */
  readonly token?: () => Promise<string>
  readonly position?: 'left' | 'right'
  readonly [option: string]: unknown
}

const SVG = 'http://www.w3.org/2000/svg'

const icon = (name: string, path: string): SVGSVGElement => {
  const svg = document.createElementNS(SVG, 'svg')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('class', name)
  svg.setAttribute('aria-hidden', 'true')
  const line = document.createElementNS(SVG, 'path')
  line.setAttribute('d', path)
  svg.append(line)
  return svg
}

const TALK = 'M21 12a8 8 0 0 1-8 8H4l1.9-3.2A8 8 0 1 1 21 12Z'
const FOLD = 'm6 9 6 6 6-6'
const MARGIN = '16px'
const MOST_SHOWN = 99

/** What may be posted to another origin: no functions, nothing cyclic. */
const plain = (options: ShellOptions): unknown => {
  const { token: _token, origin: _origin, account: _account, ...rest } = options
  return JSON.parse(JSON.stringify(rest))
}

export class Shell {
  readonly #options: ShellOptions & { readonly origin: string }
  readonly #tell: (name: string, detail: unknown) => void
  readonly #place = document.createElement('div')
  readonly #button = document.createElement('button')
  readonly #count = document.createElement('span')
  readonly #frame = document.createElement('iframe')
  #labels: Labels = { open: 'Open messages', close: 'Close messages', title: 'Messages' }
  #unread = 0
  #isOpen = false
  #isReady = false

  constructor(
    options: ShellOptions & { readonly origin: string },
    tell: (name: string, detail: unknown) => void,
  ) {
    this.#options = options
    this.#tell = tell
    this.#layOut()
    this.#button.addEventListener('click', () => this.toggle())
    addEventListener('message', this.#hear)
    document.body.append(this.#place)
    this.#show()
  }

  open(): void {
    this.#turn(true)
  }

  close(): void {
    this.#turn(false)
  }

  toggle(): void {
    this.#turn(!this.#isOpen)
  }

  destroy(): void {
    removeEventListener('message', this.#hear)
    this.#place.remove()
  }

  #layOut(): void {
    const { origin, account, position } = this.#options
    const root = this.#place.attachShadow({ mode: 'open' })
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(SHELL_STYLE)
    root.adoptedStyleSheets = [sheet]
    const inline: Readonly<Record<string, string>> = {
      all: 'initial',
      position: 'fixed',
      'inset-block-end': `max(${MARGIN}, env(safe-area-inset-bottom))`,
      [position === 'left' ? 'left' : 'right']: MARGIN,
      width: '56px',
      height: '56px',
      'z-index': '2147483000',
      direction: position === 'left' ? 'rtl' : 'ltr',
    }
    // Important ones in the element itself win over any sheet of the page.
    for (const [name, value] of Object.entries(inline))
      this.#place.style.setProperty(name, value, 'important')
    this.#button.type = 'button'
    this.#count.className = 'count'
    this.#button.append(icon('talk', TALK), icon('fold', FOLD), this.#count)
    const query = new URLSearchParams({ account, host: location.origin })
    this.#frame.src = `${origin}/window/?${query}`
    this.#frame.setAttribute('allow', 'clipboard-write')
    this.#frame.setAttribute('data-shut', '')
    root.append(this.#button, this.#frame)
  }

  #turn(isOpen: boolean): void {
    if (this.#isOpen === isOpen) return
    this.#isOpen = isOpen
    this.#show()
    if (this.#isReady) this.#post({ type: isOpen ? 'open' : 'close' })
    if (isOpen) this.#frame.focus()
    else this.#button.focus()
    this.#tell(isOpen ? 'open' : 'close', undefined)
  }

  #show(): void {
    const { open, close, title } = this.#labels
    const label = this.#isOpen ? close : open
    this.#button.setAttribute('aria-expanded', String(this.#isOpen))
    this.#button.setAttribute('aria-label', this.#unread > 0 ? `${label} (${this.#unread})` : label)
    this.#frame.title = title
    this.#frame.toggleAttribute('data-shut', !this.#isOpen)
    this.#count.hidden = this.#unread === 0 || this.#isOpen
    this.#count.textContent = this.#unread > MOST_SHOWN ? `${MOST_SHOWN}+` : String(this.#unread)
  }

  #post(message: ToFrame): void {
    this.#frame.contentWindow?.postMessage(marked(message), this.#options.origin)
  }

  /** Only the frame itself, and only while it shows our origin, is listened to. [WIN4] */
  readonly #hear = ({ source, origin, data }: MessageEvent): void => {
    if (source !== this.#frame.contentWindow || origin !== this.#options.origin) return
    const message = messageIn<ToHost>(data)
    if (message) this.#take(message)
  }

  #take(message: ToHost): void {
    if (message.type === 'ready') this.#begin()
    else if (message.type === 'close') this.close()
    else if (message.type === 'token') void this.#giveToken(message.id)
    else if (message.type === 'event') this.#tell(message.name, message.detail)
    else if (message.type === 'unread') {
      this.#unread = message.count
      this.#show()
      this.#tell('unread', message.count)
    } else if (message.type === 'looks') {
      this.#labels = message.labels
      this.#place.style.setProperty('--accent', message.accent)
      this.#place.style.setProperty('--on-accent', message.onAccent)
      this.#show()
    }
  }

  #begin(): void {
    this.#isReady = true
    const hasToken = typeof this.#options.token === 'function'
    this.#post({ type: 'init', options: plain(this.#options), hasToken })
    if (this.#isOpen) this.#post({ type: 'open' })
    this.#tell('ready', undefined)
  }

  async #giveToken(id: number): Promise<void> {
    try {
      const token = await this.#options.token?.()
      this.#post({ type: 'token', id, ...(typeof token === 'string' && { token }) })
    } catch {
      // The frame asks again; why it failed is the page's business.
      this.#post({ type: 'token', id })
    }
  }
}
