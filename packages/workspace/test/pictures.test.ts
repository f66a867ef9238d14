/** How every page looks, wide and narrow, light and dark, in each language, from either side. */
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { Album } from '../../window/test/album.ts'
import { describePages } from '../../window/test/browser.ts'
import { holding, picture, settle } from '../../window/test/still.ts'
import { layoutFaults } from './layout.ts'
import { tour } from './tour.ts'
import { until } from './world.ts'

const SIZES = [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
  { width: 390, height: 844 },
] as const
const SCHEMES = ['light', 'dark'] as const
const LANGUAGES = ['en', 'de', 'xx-pseudo', 'xx-pseudo-rtl'] as const

/** Whose colours come from ids that are made anew each time. */
const SAME_AVATARS = `(() => {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync('[data-avatar] { background: light-dark(#e3e9fc, #2f3856) !important; ' +
    'color: light-dark(#20346b, #c9d5fa) !important }')
  document.adoptedStyleSheets = [sheet]
})()`

/** As another tab of the settings would. */
const prefer = (page: Page, preferences: object) =>
  page.evaluate(`(() => {
    const key = 'ringdown.preferences'
    const kept = JSON.parse(localStorage.getItem(key) ?? '{}')
    localStorage.setItem(key, JSON.stringify({ ...kept, ...${JSON.stringify(preferences)} }))
    dispatchEvent(new StorageEvent('storage', { key }))
  })()`)

const isSpoken = (page: Page, language: string): Promise<void> =>
  until(() =>
    page.evaluate(`[document.documentElement.lang, document.body.innerText.includes('[')]`),
  ).toEqual([language, language.startsWith('xx')])

interface Way {
  readonly size: (typeof SIZES)[number]
  readonly scheme: (typeof SCHEMES)[number]
  readonly language: (typeof LANGUAGES)[number]
}

/** Every size in both colours; the languages take turns, so that each is seen in each state and each size. */
const waysOf = (turn: number): readonly Way[] =>
  SIZES.flatMap((size) => SCHEMES.map((scheme) => ({ size, scheme }))).map((way, at) => ({
    ...way,
    language: LANGUAGES[(turn + at) % LANGUAGES.length] as Way['language'],
  }))

/** Above this the details have a place of their own; below they are a drawer. */
const WIDE = 1100

const show = async (page: Page, state: string, way: Way): Promise<void> => {
  await page.setViewportSize(way.size)
  await page.emulateMedia({ colorScheme: way.scheme })
  const showsContext = way.size.width >= WIDE || state === 'details'
  await prefer(page, { language: way.language, showsContext })
  await isSpoken(page, way.language)
  await settle(page.mainFrame())
}

const usual: Way = { size: SIZES[0], scheme: 'light', language: 'en' }

/** Shows every state in each of its ways; `see` is told its name. */
const showAll = (see: (page: Page, label: string) => Promise<void>): Promise<void> => {
  let states = 0
  const take = async (page: Page, state: string) => {
    for (const way of waysOf(states)) {
      await show(page, state, way)
      const { size, scheme, language } = way
      await see(page, `${state}-${size.width}-${scheme}-${language.replace('xx-', '')}`)
    }
    await show(page, state, usual)
  }
  return tour(async (page, state) => {
    states += 1
    await page.evaluate(SAME_AVATARS)
    // Nothing is pointed at.
    await page.mouse.move(1, 1)
    await holding(page.mainFrame(), () => take(page, state))
  })
}

describePages('looks', { retry: 1, timeout: 600_000 }, () => {
  it('[WSP64] [WSP65] every page is as it was, and nothing is cut off, whatever the language', async () => {
    const album = new Album(join(import.meta.dirname, 'pictures'), 'workspace')
    const faults: string[] = []
    await showAll(async (page, label) => {
      for (const fault of await layoutFaults(page)) faults.push(`${label}: ${fault}`)
      album.add(label, await picture(page))
    })
    expect([...faults, ...album.close()]).toEqual([])
  })
})
