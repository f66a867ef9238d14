/** That the pictures tell what a reader would see, and nothing else. */
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { Album, compare } from './album.ts'
import { describePages, wholeBrowser } from './browser.ts'
import { encode } from './palette.ts'
import { picture, readPicture } from './still.ts'

const BUTTON = 'left: 40px; top: 40px; width: 120px; height: 40px'

/** A line of text and a button, in colours of the workspace. */
const draw = async (
  page: Page,
  style: string,
  colours = 'background: #4f46e5',
): Promise<Buffer> => {
  await page.setContent(`<body style="margin: 0; background: #ffffff; color: #1b1d22">
    <p style="border-bottom: 1px solid #e3e4e8">Incoming conversation</p>
    <div style="position: absolute; border-radius: 8px; ${colours}; ${style}"></div></body>`)
  return picture(page)
}

describePages('pictures', () => {
  let page: Page
  let kept: Buffer
  beforeAll(async () => {
    const browser = await wholeBrowser()
    page = await browser.newPage({ viewport: { width: 390, height: 200 } })
    kept = encode(readPicture(await draw(page, BUTTON)))
  })
  afterAll(() => page?.close())

  const isSeen = async (style: string, colours?: string) =>
    compare(kept, await draw(page, style, colours)).isSeen

  it('[WSP64] are the same when nothing has changed', async () => {
    expect(await isSeen(BUTTON)).toBe(false)
  })

  it.each([
    [
      'a button that moved by a step of the grid',
      BUTTON.replace('left: 40px', 'left: 44px'),
      undefined,
    ],
    ['a button that grew', BUTTON.replace('width: 120px', 'width: 124px'), undefined],
    ['a button of another colour', BUTTON, 'background: #5850ec'],
    ['a button that lost its edge', BUTTON, 'background: #4f46e5; border-radius: 0'],
    ['a button that is gone', 'display: none', undefined],
  ])('[WSP64] tell %s', async (_, style, colours) => {
    expect(await isSeen(style, colours)).toBe(true)
  })

  it('[WSP64] are compared once: what was found to look like one is known by both', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ringdown-album-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const moved = await draw(page, BUTTON.replace('left: 40px', 'left: 44px'))
    const faults = (known: object) => {
      writeFileSync(join(folder, 'button.png'), kept)
      writeFileSync(join(folder, 'known.json'), JSON.stringify(known))
      const album = new Album(folder, 'album')
      album.add('button', moved)
      return album.close().length
    }
    const both = createHash('sha256').update(kept).update(moved).digest('base64url')
    const either = createHash('sha256').update(moved).digest('base64url')
    expect(faults({ button: both })).toBe(0)
    expect(faults({ button: either })).toBeGreaterThan(0)
    expect(faults({})).toBeGreaterThan(0)
  })

  it('[WSP64] tell another size', async () => {
    await page.setViewportSize({ width: 391, height: 200 })
    const different = await isSeen(BUTTON)
    await page.setViewportSize({ width: 390, height: 200 })
    expect(different).toBe(true)
  })
})
