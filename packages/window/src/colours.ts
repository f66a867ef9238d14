/** Colours that can be read on each other, whatever a brand chose. */

export type Rgb = readonly [number, number, number]

const READABLE = 4.5
const WHITE: Rgb = [255, 255, 255]
const BLACK: Rgb = [0, 0, 0]
const STEPS = 20

/** `#rgb`, `#rrggbb` or `rgb(r, g, b)`; nothing else is understood. */
export const parseColour = (text: unknown): Rgb | undefined => {
  if (typeof text !== 'string') return undefined
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(text)
  const hex = short
    ? short.slice(1).map((digit) => digit + digit)
    : /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text)?.slice(1)
  const parts = hex
    ? hex.map((pair) => Number.parseInt(pair, 16))
    : /^rgb\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*\)$/i.exec(text)?.slice(1).map(Number)
  if (!parts || parts.some((part) => part > 255)) return undefined
  return parts as unknown as Rgb
}

export const css = ([red, green, blue]: Rgb): string => `rgb(${red}, ${green}, ${blue})`

const linear = (part: number): number => {
  const value = part / 255
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
}

const luminance = ([red, green, blue]: Rgb): number =>
  0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)

export const contrast = (one: Rgb, other: Rgb): number => {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return ((light as number) + 0.05) / ((dark as number) + 0.05)
}

/** Black or white, whichever reads better. */
export const readableOn = (ground: Rgb): Rgb =>
  contrast(ground, WHITE) >= contrast(ground, BLACK) ? WHITE : BLACK

const mix = (one: Rgb, other: Rgb, share: number): Rgb =>
  one.map((part, at) => Math.round(part + ((other[at] as number) - part) * share)) as unknown as Rgb

/** The colour itself, or the nearest to it that can be read on the ground. */
export const readable = (colour: Rgb, ground: Rgb): Rgb => {
  const towards = readableOn(ground)
  for (let step = 0; step < STEPS; step += 1) {
    const candidate = mix(colour, towards, step / STEPS)
    if (contrast(candidate, ground) >= READABLE) return candidate
  }
  return towards
}
