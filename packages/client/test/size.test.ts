/** What a page pays for the client. */
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { rolldown } from 'rolldown'
import { expect, it } from 'vitest'

const MOST_BYTES = 12 * 1024

it('[CLI8] is below 12 kB compressed, and brings nothing else along', async () => {
  const input = fileURLToPath(new URL('../src/index.ts', import.meta.url))
  await using bundle = await rolldown({ input, platform: 'browser' })
  const { output } = await bundle.generate({ format: 'esm', minify: true })
  expect(output).toHaveLength(1)
  const [chunk] = output
  expect(chunk.imports).toEqual([])
  const own = chunk.moduleIds.filter((id) => !id.includes('/packages/client/src/'))
  expect(own).toEqual([])
  expect(gzipSync(chunk.code).length).toBeLessThan(MOST_BYTES)
})
