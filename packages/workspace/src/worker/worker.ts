/**
 * Keeps the page and its parts, so that it opens while the server is away. Nothing else is kept: no answer
 * of the server that depends on who asks goes through here. [WSP42]
 */

interface Lasting extends Event {
  waitUntil(work: Promise<unknown>): void
}

interface Fetching extends Event {
  readonly request: Request
  respondWith(response: Promise<Response>): void
}

interface Worker {
  skipWaiting(): Promise<void>
  addEventListener(type: 'install' | 'activate', listener: (event: Lasting) => void): void
  addEventListener(type: 'fetch', listener: (event: Fetching) => void): void
}

/** The build puts the addresses of its parts here; the first one is its script. */
declare const __PARTS__: readonly string[]
declare const __BUILD__: string

const worker = globalThis as unknown as Worker
const PAGE = '/workspace/'
const ASSETS = `${PAGE}assets/`
const PREFIX = 'ringdown-workspace-'
const built = __PARTS__
const CACHE = PREFIX + __BUILD__
/** A server that hangs is as good as away. */
const PATIENCE_MS = 4_000
/** Of the build before a page may still be open. */
const BUILDS_KEPT = 2

const install = async (): Promise<void> => {
  const cache = await caches.open(CACHE)
  const page = await fetch(PAGE, { cache: 'no-cache' })
  const html = await page.clone().text()
  // Between two builds: the next visit tries again.
  if (!page.ok || !html.includes(built[0] as string)) throw new Error('Another build')
  await cache.addAll([...built])
  await cache.put(PAGE, page)
  await worker.skipWaiting()
}

const forgetOld = async (): Promise<void> => {
  const ours = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE)
  for (const name of ours.slice(0, Math.max(0, ours.length - BUILDS_KEPT + 1)))
    await caches.delete(name)
}

const late = (): Promise<never> =>
  new Promise((_, reject) => setTimeout(() => reject(new Error('late')), PATIENCE_MS))

const keptPage = async (): Promise<Response | undefined> => (await caches.open(CACHE)).match(PAGE)

const openPage = async (request: Request): Promise<Response> => {
  try {
    const response = await Promise.race([fetch(request), late()])
    return response.status < 500 ? response : ((await keptPage()) ?? response)
  } catch {
    return (await keptPage()) ?? fetch(request)
  }
}

/** The name of a part changes with its content: whatever is kept under it is right. */
const openPart = async (request: Request): Promise<Response> =>
  (await caches.match(request, { ignoreVary: true })) ?? fetch(request)

worker.addEventListener('install', (event) => event.waitUntil(install()))
worker.addEventListener('activate', (event) => event.waitUntil(forgetOld()))
worker.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== location.origin || !pathname.startsWith(PAGE)) return
  if (request.mode === 'navigate') event.respondWith(openPage(request))
  else if (pathname.startsWith(ASSETS)) event.respondWith(openPart(request))
})
