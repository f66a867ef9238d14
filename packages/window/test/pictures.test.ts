/** How every state of the window looks, wide and narrow, light and dark, in each language. */
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { systemClock } from '../../server/src/clock.ts'
import { Album } from './album.ts'
import { describePages, wholeBrowser } from './browser.ts'
import { holding, makeStill, picture, settle, useOneFont } from './still.ts'
import { tour, tourAway } from './tour.ts'
import { eventually, Place, type Visit } from './visit.ts'

const NOW = '2026-05-12T09:14:30Z'
const WIDE = { width: 1440, height: 900 }
const MIDDLE = { width: 1024, height: 768 }
const NARROW = { width: 390, height: 844 }

/** Every language is seen light and dark, every size in both, and each with two of the languages. */
const looks = [
  {
    language: 'en',
    ways: [
      ['light', WIDE],
      ['dark', NARROW],
    ],
  },
  {
    language: 'de',
    ways: [
      ['dark', MIDDLE],
      ['light', NARROW],
    ],
  },
  {
    language: 'xx-pseudo-rtl',
    ways: [
      ['dark', WIDE],
      ['light', MIDDLE],
    ],
  },
] as const

/** Beside the window a wide page is empty. */
const corner = ({ width, height }: { readonly width: number; readonly height: number }) => {
  const shown = Math.min(width, 480)
  return { x: width - shown, y: 0, width: shown, height }
}

describePages('looks', { retry: 1, timeout: 600_000 }, () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await wholeBrowser()
  })

  const take = async (album: Album, visit: Visit, [state, ways]: readonly [string, Ways]) => {
    for (const [colorScheme, size] of ways) {
      await visit.page.setViewportSize(size)
      await visit.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      const width = size.width > NARROW.width ? 400 : size.width
      await eventually(() => visit.inside.evaluate('innerWidth')).toBe(width)
      await settle(visit.inside)
      album.add(`${state}-${size.width}-${colorScheme}`, await picture(visit.page, corner(size)))
    }
  }

  it('[WIN40] every state is as it was', async () => {
    const album = new Album(join(import.meta.dirname, 'pictures'), 'window')
    for (const { language, ways } of looks) {
      const clock = { ...systemClock, now: () => Date.parse(NOW) }
      await using place = await Place.open(browser, { clock })
      const options = {
        init: `language: '${language}'`,
        now: NOW,
        timeZone: 'UTC',
        prepare: makeStill,
      }
      const look = async (visit: Visit, state: string) => {
        // The shop beside it is drawn in the system's font.
        await visit.page.evaluate(`document.querySelector('main')?.remove()`)
        await useOneFont(visit.inside)
        // Attempts are further apart each time: this wait is long enough to be looked at.
        if (state === 'offline')
          await visit.frame
            .locator('.banner')
            .filter({ hasText: /\b6 [sš]/ })
            .waitFor()
        const label = `${state.replaceAll(/\W+/g, '-')}-${language.replace('xx-', '')}`
        await holding(visit.inside, () => take(album, visit, [label, ways]))
      }
      await tour({ place }, options, look)
      await tourAway({ place }, options, look)
      await using closed = await place.visit(options)
      await closed.launcher.waitFor()
      await closed.page.evaluate(`document.querySelector('main')?.remove()`)
      for (const [colorScheme, size] of ways) {
        await closed.page.setViewportSize(size)
        await closed.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        await settle(closed.page.mainFrame())
        const label = `closed-${language.replace('xx-', '')}-${size.width}-${colorScheme}`
        album.add(label, await picture(closed.page, corner(size)))
      }
    }
    expect(album.close()).toEqual([])
  })
})

type Ways = (typeof looks)[number]['ways']
