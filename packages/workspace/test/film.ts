/**
 * Films a page: the pictures that the browser paints while things are done in it, above what is typed and
 * printed in a terminal meanwhile. Each stage stands long enough to be read; what happens between two
 * stages is shown no slower than it was. The browser itself encodes the film.
 */
import type { Browser, CDPSession, Locator, Page } from 'playwright-core'
import { SCREEN } from './screen.ts'
import { type Chunk, webm } from './webm.ts'

const WIDTH = 1280
/** Of the page; the terminal stands below it. */
const PAGE_HEIGHT = 720
const HEIGHT = 960
const STAGE_MS = 2_000
const LONGEST_GAP_MS = 400
/** As many as it takes to see what moves. */
const APART_MS = 250
const LAST_LINES = 8
const QUALITY = 80

interface Picture {
  readonly jpeg: string
  readonly atMs: number
  readonly caption: string
  readonly lines: readonly string[]
  readonly isStage: boolean
}

interface Shown extends Picture {
  readonly fromMs: number
}

export interface Stage {
  readonly caption: string
  /** A moment at which the film shows it. */
  readonly atMs: number
}

export interface Recording {
  readonly webm: Buffer
  readonly durationMs: number
  readonly stages: readonly Stage[]
  /** Pictures between the stages. */
  readonly moving: number
}

/** When each picture begins to be seen, and when the last one ends. */
const timed = (pictures: readonly Picture[]): { shown: readonly Shown[]; durationMs: number } => {
  let fromMs = 0
  const shown = pictures.map((picture, at) => {
    const one = { ...picture, fromMs }
    const gap = (pictures[at + 1]?.atMs ?? picture.atMs) - picture.atMs
    fromMs += picture.isStage ? STAGE_MS : Math.round(Math.min(LONGEST_GAP_MS, Math.max(1, gap)))
    return one
  })
  return { shown, durationMs: fromMs }
}

export class Film {
  readonly #page: Page
  readonly #session: CDPSession
  readonly #pictures: Picture[] = []
  #caption = ''
  #lines: readonly string[] = []

  private constructor(page: Page, session: CDPSession) {
    this.#page = page
    this.#session = session
    session.on('Page.screencastFrame', ({ data, metadata, sessionId }) => {
      // Who has gone meanwhile wants no more pictures.
      session.send('Page.screencastFrameAck', { sessionId }).catch(() => {})
      const atMs = (metadata.timestamp ?? 0) * 1000
      const before = this.#pictures.at(-1)
      if (before && atMs - before.atMs < APART_MS) return
      this.#add(data, atMs, false)
    })
  }

  static async begin(page: Page): Promise<Film> {
    await page.setViewportSize({ width: WIDTH, height: PAGE_HEIGHT })
    const session = await page.context().newCDPSession(page)
    const film = new Film(page, session)
    const size = { maxWidth: WIDTH, maxHeight: PAGE_HEIGHT }
    await session.send('Page.startScreencast', { format: 'jpeg', quality: QUALITY, ...size })
    return film
  }

  /** A line in the terminal, from now on. */
  tell(line: string): void {
    this.#lines = [...this.#lines, line].slice(-LAST_LINES)
  }

  /** Waits for what is to be seen, and says what it is. */
  async stage(caption: string, seen: Locator): Promise<void> {
    await seen.waitFor()
    this.#caption = caption
    const picture = await this.#page.screenshot({ type: 'jpeg', quality: QUALITY })
    this.#add(picture.toString('base64'), Date.now(), true)
  }

  /** Ends the shooting and makes the film. */
  async end(browser: Browser): Promise<Recording> {
    await this.#session.send('Page.stopScreencast')
    await this.#session.detach()
    const { shown, durationMs } = timed(this.#pictures)
    await using screen = await Screen.open(browser)
    const track = { width: WIDTH, height: HEIGHT, durationMs }
    const film = webm(await screen.encode(shown), track)
    const stages = shown
      .filter(({ isStage }) => isStage)
      .map(({ caption, fromMs }) => ({ caption, atMs: fromMs + STAGE_MS / 2 }))
    await screen.check(film, stages)
    return { webm: film, durationMs, stages, moving: shown.length - stages.length }
  }

  #add(jpeg: string, atMs: number, isStage: boolean): void {
    this.#pictures.push({ jpeg, atMs, isStage, caption: this.#caption, lines: this.#lines })
  }
}

interface Encoded {
  readonly bytes: string
  readonly atMs: number
  readonly isKey: boolean
}

/** A page in which pictures are drawn, encoded, and looked at again. */
class Screen implements AsyncDisposable {
  readonly #page: Page

  private constructor(page: Page) {
    this.#page = page
  }

  static async open(browser: Browser): Promise<Screen> {
    const context = await browser.newContext()
    // Encoders are there for pages with an origin that can be trusted.
    await context.route('**/*', (route) =>
      route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>Film</title>' }),
    )
    const page = await context.newPage()
    await page.goto('https://film.example/')
    await page.evaluate(SCREEN)
    await page.evaluate(`screen.begin(${JSON.stringify([WIDTH, HEIGHT, PAGE_HEIGHT])})`)
    return new Screen(page)
  }

  async encode(pictures: readonly Shown[]): Promise<readonly Chunk[]> {
    for (const picture of pictures)
      await this.#page.evaluate(`screen.take(${JSON.stringify(picture)})`)
    const encoded = await this.#page.evaluate<readonly Encoded[]>('screen.finish()')
    return encoded.map(({ bytes, ...chunk }) => ({ ...chunk, bytes: Buffer.from(bytes, 'base64') }))
  }

  /** Plays the film, and throws unless each stage is seen where it should be. */
  async check(film: Buffer, stages: readonly Stage[]): Promise<void> {
    const asked = JSON.stringify([film.toString('base64'), stages.map(({ atMs }) => atMs)])
    const nearest = await this.#page.evaluate<readonly number[]>(`screen.recognise(...${asked})`)
    const wrong = stages.filter((_, at) => nearest[at] !== at).map(({ caption }) => caption)
    if (wrong.length > 0) throw new Error(`The film does not show: ${wrong.join(', ')}`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#page.context().close()
  }
}
