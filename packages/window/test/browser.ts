/** A real browser for tests of pages; without one they are skipped by name. */
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const path = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'

/** Stands in the names of tests, so that a skipped one says why. */
export const NO_BROWSER = `no Chromium at ${path}; set CHROMIUM_PATH`
export const hasBrowser = existsSync(path)

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

export const launch = (): Promise<Browser> =>
  chromium.launch({ executablePath: path, args: FLAGS, timeout: 120_000 })
