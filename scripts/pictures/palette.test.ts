import { PNG } from 'pngjs'
import { expect, it } from 'vitest'
import type { Picture } from '../../packages/window/test/palette.ts'
import { paletted } from './palette.ts'

const picture = (width: number, colours: readonly number[]): Picture => ({
  width,
  height: colours.length / width,
  data: Uint8Array.from(
    colours.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255, 255]),
  ),
})

it('keeps a picture of few colours as it is', () => {
  const given = picture(3, [0x000000, 0xffffff, 0x4f46e5, 0x4f46e6, 0xfefefe, 0x101112])
  const { width, height, data } = PNG.sync.read(paletted(given))
  expect([width, height]).toEqual([3, 2])
  expect([...data]).toEqual([...given.data])
})

it('brings many colours down to 256, near to what they were, and leaves the commonest alone', () => {
  const ground = 0xf4f5f8
  const scattered = Array.from({ length: 2000 }, (_, one) => (one * 8_191) & 0xffffff)
  const given = picture(100, [...Array.from({ length: 3000 }, () => ground), ...scattered])
  const { data } = PNG.sync.read(paletted(given))
  expect([...data.subarray(0, 4)]).toEqual([0xf4, 0xf5, 0xf8, 255])
  const colours = new Set<number>()
  let furthest = 0
  for (let at = 0; at < data.length; at += 1) {
    furthest = Math.max(furthest, Math.abs((data[at] as number) - (given.data[at] as number)))
    if (at % 4 === 0) colours.add(data.readUIntBE(at, 3))
  }
  expect(colours.size).toBeLessThanOrEqual(256)
  expect(furthest).toBeLessThan(64)
})
