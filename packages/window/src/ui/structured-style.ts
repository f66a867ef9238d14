/** The looks that an element may choose, from a list of what it may choose from. [WIN20] */
import { contrast, css, parseColour, type Rgb, readableOn } from '../colours.ts'

const READABLE = 4.5
const sizes: Readonly<Record<string, string>> = { small: '12px', medium: '14px', large: '16px' }
const MOST_RADIUS = 24

export type Given = Readonly<Record<string, unknown>>

export const objectIn = (value: unknown): Given =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Given) : {}

export const listIn = (value: unknown): readonly Given[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'object' && one !== null) : []

export const textIn = (value: unknown): string => (typeof value === 'string' ? value : '')

/** A colour for writing counts only on a ground that comes with it and lets it be read. */
const colours = (color: Rgb | undefined, ground: Rgb | undefined): Record<string, string> => {
  if (!ground) return {}
  const isGood = color !== undefined && contrast(color, ground) >= READABLE
  return {
    backgroundColor: css(ground),
    color: css(isGood ? (color as Rgb) : readableOn(ground)),
  }
}

export const styleOf = (value: unknown): Record<string, string> => {
  const style = objectIn(value)
  const border = parseColour(style['border-color'])
  const radius = Number(style['border-radius'])
  const named = textIn(style['size'])
  const size = Object.hasOwn(sizes, named) ? sizes[named] : undefined
  return {
    ...colours(parseColour(style['color']), parseColour(style['background-color'])),
    ...(border && { borderColor: css(border) }),
    ...(radius >= 0 && radius <= MOST_RADIUS && { borderRadius: `${radius}px` }),
    ...(style['bold'] === true && { fontWeight: '600' }),
    ...(style['italic'] === true && { fontStyle: 'italic' }),
    ...(size && { fontSize: size }),
  }
}
