/** Looks at a page through an automatic check of accessibility: in every scheme, on a desk and on a phone. */
import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

export const WIDE = { width: 1440, height: 900 }
export const NARROW = { width: 390, height: 844 }

/** What is checked in each state: everything in light and on a phone, colours in the other schemes. */
const looks = [
  { size: WIDE, media: { colorScheme: 'light', forcedColors: 'none' }, rules: [] },
  { size: WIDE, media: { colorScheme: 'dark', forcedColors: 'none' }, rules: ['color-contrast'] },
  { size: WIDE, media: { colorScheme: 'dark', forcedColors: 'active' }, rules: [] },
  { size: NARROW, media: { colorScheme: 'light', forcedColors: 'none' }, rules: [] },
] as const

const WHOLE = 'html'
interface Wanted {
  readonly rules: readonly string[]
  /** Selects the part that is checked. */
  readonly within: string
}

/** What an automatic check finds, in words that lead to it. */
const findings = async (page: Page, { rules, within }: Wanted): Promise<readonly string[]> => {
  if (!(await page.evaluate<boolean>(`'axe' in window`)))
    await page.evaluate(`${axe.source}; undefined`)
  const only = rules.length > 0 ? { runOnly: rules } : {}
  const asked = JSON.stringify([within, { ...only, resultTypes: ['violations'], preload: false }])
  // Schemes change in steps; what is judged is what is painted.
  return page.evaluate(`new Promise((painted) =>
    requestAnimationFrame(() => requestAnimationFrame(painted))).then(() => axe.run(...${asked})).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map(({ html, any, all, none }) => id + ': '
      + html.slice(0, 200) + ' ' + ([...any, ...all, ...none][0]?.message ?? ''))))`)
}

/**
 * Texts that cannot be read in the system's colours. The automatic check takes the colour of letters from a
 * style that Chromium does not force.
 */
const UNREADABLE = `(() => {
  const partsOf = (colour) => colour.match(/[\\d.]+/g).map(Number)
  const groundOf = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const colour = getComputedStyle(one).backgroundColor
      if ((partsOf(colour)[3] ?? 1) > 0) return colour
    }
    return 'rgb(255, 255, 255)'
  }
  const linear = (part) => part <= 10.31 ? part / 3294.6 : ((part / 255 + 0.055) / 1.055) ** 2.4
  const luminance = (colour) => {
    const [red, green, blue] = partsOf(colour).map(linear)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
  const isShown = (element) => {
    const { width, height } = element.getBoundingClientRect()
    const isSeen = element.checkVisibility({ opacityProperty: true, visibilityProperty: true })
    return isSeen && width > 1 && height > 1 && !element.closest(':disabled, option, style, script')
  }
  const hasText = ({ childNodes }) =>
    [...childNodes].some(({ nodeType, data }) => nodeType === 3 && data.trim() !== '')
  return [...document.querySelectorAll('body *')].filter(hasText).filter(isShown).flatMap((element) => {
    const { color } = getComputedStyle(element)
    const ground = groundOf(element)
    const [dark, light] = [luminance(color), luminance(ground)].sort((one, other) => one - other)
    return (light + 0.05) / (dark + 0.05) >= 4.5
      ? []
      : [element.outerHTML.slice(0, 200) + ' ' + color + ' on ' + ground]
  })
})()`

/** Each state in all its looks; what was found stands beside its name. */
export class Inspection {
  readonly found: string[] = []
  readonly states: string[] = []

  /** The first look is at the whole page, the others are at what is new in this state. */
  async look(page: Page, state: string, part = WHOLE): Promise<void> {
    this.states.push(state)
    for (const [at, { size, media, rules }] of looks.entries()) {
      await page.setViewportSize(size)
      await page.emulateMedia(media)
      const where = `${state}, ${size.width}, ${media.colorScheme}, ${media.forcedColors}`
      const within = at === 0 ? WHOLE : part
      const faults =
        media.forcedColors === 'active'
          ? await page.evaluate<readonly string[]>(UNREADABLE)
          : await findings(page, { rules, within })
      this.found.push(...faults.map((one) => `${where}: ${one}`))
    }
    await page.setViewportSize(WIDE)
  }

  /** As it is, once. */
  async lookNow(page: Page, state: string): Promise<void> {
    this.states.push(state)
    for (const one of await findings(page, { rules: [], within: WHOLE }))
      this.found.push(`${state}: ${one}`)
  }
}

/** A state that is seen on the way to something else: in all its looks. */
export const expectNoBarrier = async (page: Page, part?: string): Promise<void> => {
  const inspection = new Inspection()
  await inspection.look(page, 'on the way', part)
  expect(inspection.found).toEqual([])
}
