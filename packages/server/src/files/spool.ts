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

/** The chunks of the body; how it ends when its client goes away is a refusal. */
async function* chunksOf(body: Readable): AsyncGenerator<Buffer> {
  // Destroying the request would take the connection with it, and the answer.
  const chunks = body.iterator({ destroyOnReturn: false })
  try {
    for await (const chunk of chunks) yield chunk as Buffer
  } catch (cause) {
    throw brokenOff(cause)
  }
}

const fill = async (file: string, body: Readable, maxBytes: number): Promise<void> => {
  const handle = await open(file, 'wx', 0o600)
  try {
    let size = 0
    for await (const chunk of chunksOf(body)) {
      size += chunk.length
      if (size > maxBytes) throw new Refusal('file_too_large')
      await handle.writeFile(chunk)
    }
    if (size === 0) throw new Refusal('bad_request', 'The file is empty')
  } finally {
    await handle.close()
  }
}

/** Takes the body into a file of at most so many bytes; on failure nothing is left. [FIL5] */
export const spool = async (
  body: Readable,
  { folder, name, maxBytes }: { folder: string; name: string; maxBytes: number },
): Promise<Spooled> => {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, name)
  try {
    await fill(file, body, maxBytes)
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
