/** A real browser for tests of pages; without one they are skipped by name. */
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'
import { describe, type TestOptions } from 'vitest'

const given = process.env['CHROMIUM_PATH']
const path = given ?? '/usr/bin/chromium'
const SHELL = '/usr/bin/chromium-headless-shell'

const hasBrowser = existsSync(path)

/**
 * Describes what is done in a browser; without one the tests are skipped, and their names say why. A
 * click that falls into a moment in which the machine stands still may be lost: what fails three
 * times is broken.
 */
export const describePages = (
  what: string,
  ...rest: [tests: () => void] | [options: TestOptions, tests: () => void]
): void => {
  const [options, tests] = rest.length === 1 ? [{}, rest[0]] : rest
  const name = hasBrowser ? what : `${what} (no Chromium at ${path}; set CHROMIUM_PATH)`
  describe.skipIf(!hasBrowser)(name, { retry: 2, ...options }, tests)
}

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  // Letters are drawn alike on every machine.
  '--font-render-hinting=none',
  '--disable-lcd-text',
]

/** The one browser of its kind in a worker, with which it ends. Who opens a context closes it again. */
const kept = (executablePath: string): (() => Promise<Browser>) => {
  let launched: Promise<Browser> | undefined
  return async () => {
    const browser = await launched
    if (browser?.isConnected()) return browser
    launched = chromium.launch({ executablePath, args: FLAGS, timeout: 120_000 })
    return launched
  }
}

/** All that people have: it draws letters as they see them, and knows what they have permitted. */
export const wholeBrowser = kept(path)

/** For most tests: the same engine without the browser around it, where it is installed. */
export const lightBrowser = given === undefined && existsSync(SHELL) ? kept(SHELL) : wholeBrowser
