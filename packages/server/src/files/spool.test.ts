import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, expect, it } from 'vitest'
import { spool } from './spool.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'ringdown-spool-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const exposedGc = (): (() => void) => {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as () => void
}

const CHUNK_BYTES = 64 * 1024

/** A client that sends so many chunks and then nothing for a while, and which of them are still held. */
const slowClient = (count: number) => {
  const chunks: WeakRef<Buffer>[] = []
  const { promise: hasSent, resolve } = Promise.withResolvers<void>()
  const body = new Readable({
    // Chunks come out as they went in, and not two of them as a third.
    objectMode: true,
    highWaterMark: 1,
    read() {
      if (chunks.length === count) {
        resolve()
        return
      }
      const chunk = Buffer.alloc(CHUNK_BYTES)
      chunks.push(new WeakRef(chunk))
      this.push(chunk)
    },
  })
  return { body, hasSent, held: () => chunks.filter((one) => one.deref() !== undefined).length }
}

it('[FIL23] what was written is not held in memory, however slow the rest comes', async () => {
  const collect = exposedGc()
  const { body, hasSent, held } = slowClient(200)
  const late = new AbortController()
  const maxBytes = 1000 * CHUNK_BYTES
  const spooling = spool(body, { folder, name: 'slow', maxBytes, signal: late.signal })
  await hasSent
  collect()
  // Those at the end of the stream are on their way to the disk.
  expect(held()).toBeLessThan(20)
  late.abort()
  await expect(spooling).rejects.toMatchObject({ code: 'upload_too_slow' })
})

it('[FIL22] nothing is taken once the time is over', async () => {
  const { body } = slowClient(1)
  const target = { folder, name: 'late', maxBytes: CHUNK_BYTES, signal: AbortSignal.abort() }
  await expect(spool(body, target)).rejects.toMatchObject({ code: 'upload_too_slow' })
})
