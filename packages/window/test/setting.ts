/** One browser for a file of tests, one server for each test. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe } from 'vitest'
import { hasBrowser, launch, NO_BROWSER } from './browser.ts'
import { Place } from './visit.ts'

export interface Setting {
  readonly place: Place
}

/**
 * Describes what is done in a browser; without one the tests are skipped by name. A click that falls
 * into a moment in which the machine stands still may be lost: what fails three times is broken.
 */
export const inBrowser = (what: string, tests: (setting: Setting) => void): void => {
  const name = hasBrowser ? what : `${what} (${NO_BROWSER})`
  describe.skipIf(!hasBrowser)(name, { retry: 2 }, () => {
    const setting: { place: Place } = { place: undefined as unknown as Place }
    let browser: Browser
    beforeAll(async () => {
      browser = await launch()
    })
    afterAll(() => browser?.close())
    beforeEach(async (context) => {
      const place = await Place.open(browser)
      setting.place = place
      context.onTestFinished(() => place[Symbol.asyncDispose]())
    })
    tests(setting)
  })
}
