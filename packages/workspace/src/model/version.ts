/** Whether the server has another build of this page than the one that runs. Nothing is forced. [WSP43] */
import { Value, type Watched } from './value.ts'

const EVERY_MS = 15 * 60_000
const PAGE = '/workspace/'

export const hasNewVersion = new Value(false)

const scriptIn = (html: string): string | undefined =>
  /<script[^>]+src="([^"]+\/assets\/[^"]+\.js)"/.exec(html)?.[1]

const ownScript = (): string | undefined =>
  [...document.scripts]
    .map(({ src }) => src && new URL(src).pathname)
    .find((path) => path?.includes('/assets/'))

const look = async (): Promise<void> => {
  const own = ownScript()
  if (own === undefined || hasNewVersion.get()) return
  try {
    const response = await fetch(PAGE, { cache: 'no-cache' })
    const theirs = response.ok ? scriptIn(await response.text()) : undefined
    if (theirs !== undefined && theirs !== own) hasNewVersion.set(true)
  } catch {
    // The server is away: looked again when it is back.
  }
}

/** Looks whenever the connection was made again, and now and then. */
export const watchVersion = (isConnected: Watched<boolean>, signal: AbortSignal): void => {
  const stop = isConnected.subscribe(() => isConnected.get() && void look())
  const timer = setInterval(() => void look(), EVERY_MS)
  signal.addEventListener('abort', () => {
    stop()
    clearInterval(timer)
  })
}
