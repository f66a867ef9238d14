/** Puts theme, language and direction on the page, through the style interface alone. [WIN5] */
import { css, parseColour, type Rgb, readable, readableOn } from './colours.ts'
import type { Theme } from './options.ts'

/** The `--raised` of the style sheet, on which less can be read than on `--ground`. */
const LIGHT: Rgb = [243, 244, 246]
const DARK: Rgb = [38, 42, 48]

export const applyTheme = ({
  accent,
  scheme,
  radius,
}: Theme): { accent: string; onAccent: string } => {
  const chosen = parseColour(accent) as Rgb
  const on = css(readableOn(chosen))
  const { style, dataset } = document.documentElement
  style.setProperty('--accent', accent)
  style.setProperty('--on-accent', on)
  style.setProperty('--accent-on-light', css(readable(chosen, LIGHT)))
  style.setProperty('--accent-on-dark', css(readable(chosen, DARK)))
  style.setProperty('--radius', `${radius}px`)
  dataset['scheme'] = scheme
  return { accent, onAccent: on }
}
