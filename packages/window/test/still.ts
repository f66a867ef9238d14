/** Pages that look the same each time: one font, no chance, and time that stands still. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { BrowserContext, Frame, Page } from 'playwright-core'
import { PNG } from 'pngjs'
import type { Picture } from './palette.ts'

const { resolve } = createRequire(import.meta.url)

/**
 * Of chance there is none, and what is due later waits for as long as `isHeld` is set. What happens every
 * so often happens once when it begins, so that times are those of this moment.
 */
const QUIET = `(() => {
  Math.random = () => 0.5
  // What an answer of the server's clock takes would be taken for a difference of clocks: it takes no time.
  const elapsed = performance.now.bind(performance)
  let stoodAt
  performance.now = () => stoodAt ?? elapsed()
  const goOn = new MessageChannel()
  goOn.port1.onmessage = () => (stoodAt = undefined)
  const { send } = WebSocket.prototype
  WebSocket.prototype.send = function (frame) {
    if (String(frame).includes('GetClock')) {
      stoodAt ??= elapsed()
      const hear = ({ data }) => {
        if (!String(data).includes('currentTime')) return
        this.removeEventListener('message', hear)
        goOn.port2.postMessage('')
      }
      this.addEventListener('message', hear)
      this.addEventListener('close', () => goOn.port2.postMessage(''))
    }
    send.call(this, frame)
  }
  const LONG_MS = 400
  const { setTimeout: start, clearTimeout: stop, setInterval: repeat, clearInterval: end } = window
  const held = new Map()
  const repeated = new Map()
  window.setInterval = (work, ms, ...rest) => {
    const run = () => work(...rest)
    const id = repeat(() => window.isHeld || run(), ms)
    repeated.set(id, run)
    return id
  }
  window.clearInterval = (id) => {
    repeated.delete(id)
    end(id)
  }
  window.hold = () => {
    window.isHeld = true
    for (const run of [...repeated.values()]) run()
  }
  window.setTimeout = (work, ms = 0, ...rest) => {
    const run = () => {
      if (window.isHeld && ms > LONG_MS) held.set(id, run)
      else work(...rest)
    }
    const id = start(run, ms)
    return id
  }
  window.clearTimeout = (id) => {
    held.delete(id)
    stop(id)
  }
  window.release = () => {
    window.isHeld = false
    const due = [...held.values()]
    held.clear()
    for (const run of due) run()
  }
})()`

/** Before the first page of it is opened, and after its clock is set: timers of pages are held first, and then set. */
export const makeStill = (context: BrowserContext) => context.addInitScript(QUIET)

/** Nothing that is due later happens while `look` looks. */
export const holding = async (frame: Frame, look: () => Promise<void>): Promise<void> => {
  await frame.evaluate('window.hold()')
  await look()
  await frame.evaluate('window.release()')
}

const font = (part: string): string =>
  readFileSync(
    resolve(`@fontsource-variable/inter/files/inter-${part}-wght-normal.woff2`),
    'base64',
  )

/** In place of the system's font, which every machine has its own of; a policy has no say in this. */
export const useOneFont = async (frame: Frame): Promise<void> => {
  for (const part of ['latin', 'latin-ext'])
    await frame.evaluate(`(async () => {
      const bytes = Uint8Array.from(atob('${font(part)}'), (one) => one.charCodeAt(0))
      const range = { weight: '100 900' }
      document.fonts.add(await new FontFace('Pictures ${part}', bytes, range).load())
    })()`)
  await frame.evaluate(`document.body.style.fontFamily = "'Pictures latin', 'Pictures latin-ext'"`)
}

/** Draws what is due and has every letter. */
export const settle = async (frame: Frame): Promise<void> => {
  await frame.evaluate(`new Promise((resolve) => requestAnimationFrame(() =>
    requestAnimationFrame(() => document.fonts.ready.then(resolve))))`)
}

/** Runs in a page: what an element that comes by an animation looks like after so long. */
export const styleAt = (selector: string, style: string, ms: number): string => `(() => {
  const one = document.querySelector('${selector}')
  for (const animation of one.getAnimations()) animation.currentTime = ${ms}
  return getComputedStyle(one)['${style}']
})()`

type Clip = NonNullable<NonNullable<Parameters<Page['screenshot']>[0]>['clip']>

export const readPicture = (png: Buffer): Picture => {
  const { width, height, data } = PNG.sync.read(png)
  return { width, height, data: new Uint8Array(data) }
}

/** Of the page, or of what is `clip`ped from it. */
export const picture = (page: Page, clip?: Clip): Promise<Buffer> =>
  page.screenshot({ animations: 'disabled', caret: 'hide', scale: 'css', ...(clip && { clip }) })
