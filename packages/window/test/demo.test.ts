/** The shop in which the window can be tried. */
import { expect, it } from 'vitest'
import { testServer } from '../../server/src/testing/index.ts'
import { describePages, lightBrowser } from './browser.ts'
import { PATIENCE } from './visit.ts'

describePages('the demo shop', () => {
  it('[WEB8] misses nothing, fits narrow screens, and opens the window from its own buttons', async () => {
    await using server = await testServer({ config: { dev: true } })
    const { id } = await server.account()
    const browser = await lightBrowser()
    const page = await browser.newPage({ viewport: { width: 320, height: 640 } })
    page.setDefaultTimeout(PATIENCE)
    const missing: string[] = []
    page.on('response', (response) => {
      if (response.status() >= 400) missing.push(response.url())
    })
    const complaints: string[] = []
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    await page.goto(`${server.url}/demo/?account=${id}`)
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320)
    await page.getByRole('button', { name: 'Ask us anything' }).click()
    const frame = page.frameLocator('iframe')
    await frame.getByRole('heading', { name: 'Alpenglow' }).waitFor()
    await frame.getByRole('button', { name: 'New conversation' }).waitFor()
    await page.context().close()
    expect([missing, complaints]).toEqual([[], []])
  })
})
