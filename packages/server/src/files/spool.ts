/** Uploads under way: one file each, in a folder that nobody else can read. */
import { mkdir, open, readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { Refusal } from '@ringdown/protocol'
import { discard, isMissing } from './folder-store.ts'

export interface Spooled extends AsyncDisposable {
  readonly file: string
  /** Replaces what the file holds. */
  rewrite(pieces: readonly Buffer[]): Promise<void>
}

const brokenOff = (cause: unknown): Refusal =>
  new Refusal('bad_request', 'The upload broke off', { cause })

const tooSlow = (): Refusal => new Refusal('upload_too_slow')

/** The next chunk, unless the time is over before it comes. */
type Next = () => Promise<IteratorResult<Buffer>>

/**
 * Breaks off the wait that goes on when the time is over. Only that one is known here: a promise that
 * lives as long as the upload and is raced against each chunk would keep all of them.
 */
const untilLate = (next: Next, signal: AbortSignal): Next => {
  let refuse: (cause: Refusal) => void = () => {}
  signal.addEventListener('abort', () => refuse(tooSlow()), { once: true })
  return () =>
    new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(tooSlow())
        return
      }
      refuse = reject
      next().then(resolve, (cause: unknown) => reject(brokenOff(cause)))
    })
}

/**
 * The chunks of the body. That its client goes away or takes too long is a refusal, and what comes
 * late is let past.
 */
async function* chunksOf(body: Readable, signal: AbortSignal): AsyncGenerator<Buffer> {
  // Destroying the request would take the connection with it, and the answer.
  const chunks = body.iterator({ destroyOnReturn: false })
  const next = untilLate(() => chunks.next(), signal)
  try {
    for (;;) {
      const { done, value } = await next()
      if (done) return
      yield value
    }
  } finally {
    // Not awaited: it waits for the chunk that was asked for.
    chunks.return?.()?.then(
      () => body.resume(),
      () => {},
    )
  }
}

interface Target {
  readonly maxBytes: number
  /** Aborted when the bytes should have been there. */
  readonly signal: AbortSignal
}

const fill = async (file: string, body: Readable, { maxBytes, signal }: Target): Promise<void> => {
  const handle = await open(file, 'wx', 0o600)
  try {
    let size = 0
    for await (const chunk of chunksOf(body, signal)) {
      size += chunk.length
      if (size > maxBytes) throw new Refusal('file_too_large')
      await handle.writeFile(chunk)
    }
    if (size === 0) throw new Refusal('bad_request', 'The file is empty')
  } finally {
    await handle.close()
  }
}

/** Takes the body into a file of at most so many bytes; on failure nothing is left. [FIL5] [FIL22] */
export const spool = async (
  body: Readable,
  { folder, name, ...target }: Target & { folder: string; name: string },
): Promise<Spooled> => {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, name)
  try {
    await fill(file, body, target)
  } catch (error) {
    await discard(file)
    throw error
  }
  return {
    file,
    rewrite: (pieces) => writeFile(file, pieces),
    [Symbol.asyncDispose]: () => discard(file),
  }
}

/** Takes away what a process that is gone left behind. */
export const sweepSpool = async (folder: string, before: number): Promise<void> => {
  let names: readonly string[] = []
  try {
    names = await readdir(folder)
  } catch (error) {
    if (!isMissing(error)) throw error
  }
  for (const name of names) {
    const file = join(folder, name)
    const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }))
    if (mtimeMs < before) await discard(file)
  }
}
