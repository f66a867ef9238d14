import { beforeEach } from 'vitest'
import { describePages, lightBrowser } from './browser.ts'
import { Place } from './visit.ts'

export interface Setting {
  readonly place: Place
}

/** Describes what is done in a browser, with a server for each test. */
export const inBrowser = (what: string, tests: (setting: Setting) => void): void => {
  describePages(what, () => {
    const setting: { place: Place } = { place: undefined as unknown as Place }
    beforeEach(async (context) => {
      const place = await Place.open(await lightBrowser())
      setting.place = place
      context.onTestFinished(() => place[Symbol.asyncDispose]())
    })
    tests(setting)
  })
}
