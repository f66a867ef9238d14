/** What a page pays for the window. */
import { readdirSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'

const DIST = new URL('../dist/', import.meta.url)
const LOADER_BYTES = 5 * 1024
const WINDOW_BYTES = 60 * 1024

const packed = (name: string): number => gzipSync(readFileSync(new URL(name, DIST))).length

it('[WIN3] the loader is at most 5 kB, the window with all its parts at most 60 kB', () => {
  expect(packed('loader.js')).toBeLessThanOrEqual(LOADER_BYTES)
  const parts = readdirSync(new URL('assets/', DIST)).filter((name) => /\.(js|css)$/.test(name))
  expect(parts.length).toBeGreaterThanOrEqual(2)
  const all = ['index.html', ...parts.map((name) => `assets/${name}`)]
  expect(all.reduce((sum, name) => sum + packed(name), 0)).toBeLessThanOrEqual(WINDOW_BYTES)
})
