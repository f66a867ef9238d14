/**
 * Small pictures for people: PNG files of at most 256 colours, of which rare ones that are far from all
 * others keep a place. Pages of flat colours look the same with that few, and take a fraction of the bytes.
 */
import { indexedPng, type Picture } from '../../packages/window/test/palette.ts'

interface Colour {
  readonly parts: readonly [number, number, number]
  readonly count: number
}

const MOST_COLOURS = 256
/** Colours that differ in the last bits of a part are told apart only while there are few of them. */
const COARSE = 0xfcfcfc

const pixelAt = (data: Uint8Array, at: number): number =>
  ((data[at] as number) << 16) | ((data[at + 1] as number) << 8) | (data[at + 2] as number)

const countColours = ({ data }: Picture, mask: number): Map<number, number> => {
  const counts = new Map<number, number>()
  for (let at = 0; at < data.length; at += 4) {
    const colour = pixelAt(data, at) & mask
    counts.set(colour, (counts.get(colour) ?? 0) + 1)
  }
  return counts
}

const partsOf = (colour: number) => [colour >> 16, (colour >> 8) & 255, colour & 255] as const

/** How far apart the colours of a box are in their most different part, and which part that is. */
const spreadOf = (box: readonly Colour[]) => {
  const least: [number, number, number] = [255, 255, 255]
  const most: [number, number, number] = [0, 0, 0]
  for (const { parts } of box)
    for (const part of [0, 1, 2] as const) {
      least[part] = Math.min(least[part], parts[part])
      most[part] = Math.max(most[part], parts[part])
    }
  const widths = most.map((value, part) => value - (least[part] as number))
  const width = Math.max(...widths)
  const part = widths.indexOf(width) as 0 | 1 | 2
  return { width, part, middle: (least[part] + most[part]) / 2 }
}

/** Cuts a box where half of its width is: rare colours far away keep a place of their own. */
const cut = (box: readonly Colour[]): readonly (readonly Colour[])[] => {
  const { part, middle } = spreadOf(box)
  return [
    box.filter(({ parts }) => parts[part] <= middle),
    box.filter(({ parts }) => parts[part] > middle),
  ]
}

/** The colour that most of a box has: flat surfaces keep theirs exactly. */
const leading = (box: readonly Colour[]): Colour =>
  box.reduce((most, one) => (one.count > most.count ? one : most))

const weightOf = (box: readonly Colour[]): number =>
  spreadOf(box).width * Math.sqrt(box.reduce((sum, { count }) => sum + count, 0))

/** The colours of the palette, and for each colour of the picture its place there. */
export const paletteOf = (picture: Picture) => {
  const exact = countColours(picture, 0xffffff)
  const mask = exact.size <= MOST_COLOURS ? 0xffffff : COARSE
  const counts = mask === COARSE ? countColours(picture, COARSE) : exact
  const colours = [...counts].map(([colour, count]) => ({ colour, count, parts: partsOf(colour) }))
  let boxes: { box: readonly Colour[]; weight: number }[] = [{ box: colours, weight: 1 }]
  while (boxes.length < Math.min(MOST_COLOURS, colours.length)) {
    const widest = boxes.reduce((most, one) => (one.weight > most.weight ? one : most))
    const halves = cut(widest.box).map((box) => ({ box, weight: weightOf(box) }))
    boxes = [...boxes.filter((one) => one !== widest), ...halves]
  }
  const places = new Map<number, number>()
  for (const [place, { box }] of boxes.entries())
    for (const { parts } of box) places.set((parts[0] << 16) | (parts[1] << 8) | parts[2], place)
  return { entries: boxes.map(({ box }) => entryOf(box, { exact, mask })), places, mask }
}

/** Where colours were told apart coarsely, the finest of them that occurs most. */
const entryOf = (
  box: readonly Colour[],
  { exact, mask }: { exact: ReadonlyMap<number, number>; mask: number },
): readonly [number, number, number] => {
  const { parts } = leading(box)
  if (mask !== COARSE) return parts
  const base = (parts[0] << 16) | (parts[1] << 8) | parts[2]
  let [found, most] = [base, 0]
  for (let low = 0; low < 64; low += 1) {
    const colour = base | ((low >> 4) << 16) | (((low >> 2) & 3) << 8) | (low & 3)
    const count = exact.get(colour) ?? 0
    if (count > most) [found, most] = [colour, count]
  }
  return partsOf(found)
}

/** The picture as a PNG file of at most 256 colours. */
export const paletted = (picture: Picture): Buffer => {
  const { width, height, data } = picture
  const { entries, places, mask } = paletteOf(picture)
  const entryAt = (pixel: number) => places.get(pixelAt(data, pixel * 4) & mask) as number
  return indexedPng({ width, height, entries, entryAt })
}
