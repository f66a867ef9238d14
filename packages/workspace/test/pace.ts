/**
 * How long a page takes, by its own clock, and what its main thread does meanwhile, by the CPU time of that
 * thread: what the rest of a busy machine does lengthens the first and not the second.
 */
import type { Browser, Page } from 'playwright-core'

export interface Tasks {
  readonly longestMs: number
  readonly totalMs: number
}

interface TraceEvent {
  readonly name: string
  readonly ph: string
  readonly pid: number
  readonly tid: number
  /** CPU time of the thread, in microseconds. */
  readonly tdur?: number
  readonly args?: { readonly name?: string }
}

const TASKS = 'disabled-by-default-devtools.timeline'
const MICROSECONDS = 1000
const SPIN_MS = 60
const CALM = 1.15

const tasksOf = (events: readonly TraceEvent[]): Tasks => {
  const mains = events.filter(
    ({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain',
  )
  const costs = mains.map(({ pid, tid }) =>
    events
      .filter(
        (one) => one.ph === 'X' && one.name === 'RunTask' && one.pid === pid && one.tid === tid,
      )
      .map(({ tdur = 0 }) => tdur / MICROSECONDS),
  )
  const tasks = costs.map((one) => ({
    longestMs: Math.max(0, ...one),
    totalMs: one.reduce((sum, ms) => sum + ms, 0),
  }))
  // Other processes of the browser have idle main threads: the page's is the one that works.
  const [busiest] = tasks.sort((a, b) => b.totalMs - a.totalMs)
  if (!busiest || busiest.totalMs === 0) throw new Error('The trace holds no task of a page')
  return busiest
}

/** What the page's main thread does while something is done with it. */
export const tasksDuring = async (
  browser: Browser,
  work: () => Promise<unknown>,
): Promise<Tasks> => {
  const session = await browser.newBrowserCDPSession()
  const events: TraceEvent[] = []
  session.on('Tracing.dataCollected', ({ value }) =>
    events.push(...(value as unknown as TraceEvent[])),
  )
  const ended = new Promise<void>((resolve) =>
    session.once('Tracing.tracingComplete', () => resolve()),
  )
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: [TASKS], excludedCategories: ['*'] },
  })
  await work()
  await session.send('Tracing.end')
  await ended
  await session.detach()
  return tasksOf(events)
}

/** Elements that must be there, each with a text in it where one is given. */
export type Sight = readonly { readonly selector: string; readonly text?: string }[]

/** From what the time is counted: an input as the browser saw it come, the page's beginning, or the act. */
export type From = 'click' | 'keydown' | 'load'

/** Runs in the page. In an object, so that it has begun to look when it answers, and not only seen. */
const WATCH = `([kind, wanted]) => ({ taken: new Promise((resolve) => {
  const isThere = () => wanted.every(({ selector, text = '' }) =>
    [...document.querySelectorAll(selector)].some((one) => one.textContent.includes(text)))
  let startedAt = kind === 'load' ? 0 : performance.now()
  const look = () => {
    if (!isThere()) return
    changes.disconnect()
    // The frame in which it stands, and then what comes after its painting.
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - startedAt)))
  }
  const changes = new MutationObserver(look)
  const start = (event) => {
    startedAt = event?.timeStamp ?? startedAt
    changes.observe(document, { subtree: true, childList: true, characterData: true })
    if (!event) look()
  }
  if (kind === 'click' || kind === 'keydown')
    addEventListener(kind, start, { capture: true, once: true })
  else start()
}) })`

/** How long it takes until what is awaited has been painted. */
export const paceOf = async (
  page: Page,
  { from, sight }: { from?: From; sight: Sight },
  act: () => Promise<unknown>,
): Promise<number> => {
  const asked = JSON.stringify([from, sight])
  const watch = await page.evaluateHandle<{ taken: Promise<number> }>(`(${WATCH})(${asked})`)
  await act()
  return await watch.evaluate(({ taken }) => taken)
}

/**
 * How much longer than in peace things may take now: 1 where this thread gets all the time that it asks for.
 * Who waits for one core waits again for each step that another process takes.
 */
export const slowdown = (): number => {
  const [from, cpuBefore] = [performance.now(), process.threadCpuUsage()]
  const spun = () => {
    const { user, system } = process.threadCpuUsage(cpuBefore)
    return (user + system) / MICROSECONDS
  }
  while (spun() < SPIN_MS) Math.hypot(performance.now())
  const ratio = (performance.now() - from) / spun()
  return ratio < CALM ? 1 : ratio * 2
}

/** Runs in the page. */
const SCROLL = `async ([count, step]) => {
  const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve))
  const scroller = document.querySelector('a[data-row]').closest('.scrolls')
  const gaps = []
  let before = performance.now()
  for (let frame = 0; frame < count; frame += 1) {
    scroller.scrollTop += step
    await nextFrame()
    gaps.push(performance.now() - before)
    before = performance.now()
  }
  return gaps
}`

/** Scrolls a list on in each frame and says how far the frames lay apart. */
export const scrollThrough = (page: Page, frames: number, pixels: number): Promise<number[]> =>
  page.evaluate<number[]>(`(${SCROLL})([${frames}, ${pixels}])`)

export const quantile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}

export const median = (values: readonly number[]): number => quantile(values, 0.5)
