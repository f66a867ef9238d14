/** Files on their way, and pictures that may not be loaded. */
import type { CDPSession, Locator } from 'playwright-core'
import { expect, it } from 'vitest'
import { png } from '../../server/test/file-world.ts'
import { inBrowser, type Setting } from './setting.ts'
import { type Answerer, eventually, type Visit } from './visit.ts'

const talking = async ({ place }: Setting) => {
  const visit = await place.visit()
  const agent = await place.answerer()
  await visit.begin()
  await visit.write('hello')
  await agent.take()
  return { visit, agent }
}

const files = (agent: Answerer) =>
  agent.heard
    .filter(({ event }) => event['contentType'] === 'hosted/file')
    .map(({ event }) => (event['message'] as { caption: string }).caption)

/** A connection on which a large file takes most of a minute, until it is given up. */
const slowly = async ({ context, page }: Visit): Promise<CDPSession> => {
  const session = await context.newCDPSession(page)
  await session.send('Network.enable')
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: 50_000,
  })
  return session
}

const shareOf = (bar: Locator) => bar.evaluate((one) => (one as unknown as { value: number }).value)

const large = {
  name: 'photos.pdf',
  mimeType: 'application/pdf',
  buffer: Buffer.alloc(2_500_000, '%PDF-1.4 '),
}

/** Puts files where a hand would. */
const give = (visit: Visit, way: 'paste' | 'dragover' | 'drop', names: readonly string[]) =>
  visit.inside.evaluate(`(() => {
    const data = new DataTransfer()
    for (const name of ${JSON.stringify(names)})
      data.items.add(new File(['words of ' + name], name, { type: 'text/plain' }))
    const init = { bubbles: true, cancelable: true, clipboardData: data, dataTransfer: data }
    const event = '${way}' === 'paste' ? new ClipboardEvent('paste', init) : new DragEvent('${way}', init)
    const place = document.querySelector('${way}' === 'paste' ? 'textarea' : '.messages')
    return !place.dispatchEvent(event)
  })()`)

inBrowser('sharing', (setting) => {
  it('[WIN37] a file shows how far it is, and goes no further when it is cancelled', async () => {
    const { visit, agent } = await talking(setting)
    await using _visit = visit
    using _agent = agent
    const slow = await slowly(visit)
    await visit.frame.locator('input[type="file"]').setInputFiles(large)
    const bar = visit.frame.getByRole('progressbar', { name: 'Sending photos.pdf' })
    const share = () => shareOf(bar)
    await eventually(share).toBeGreaterThan(0)
    expect(await share()).toBeLessThan(1)
    await visit.frame.getByRole('button', { name: 'Cancel sending photos.pdf' }).click()
    await bar.waitFor({ state: 'detached' })
    await slow.detach()
    await visit.write('never mind')
    await eventually(() => agent.texts).toContain('never mind')
    expect(files(agent)).toEqual([])
    expect(await visit.frame.locator('.upload').count()).toBe(0)
  })

  it('[WIN37] a file that did not arrive is sent again', async () => {
    const { visit, agent } = await talking(setting)
    await using _visit = visit
    using _agent = agent
    const { network } = setting.place.world
    const slow = await slowly(visit)
    await visit.frame.locator('input[type="file"]').setInputFiles(large)
    const bar = visit.frame.getByRole('progressbar')
    await eventually(() => shareOf(bar)).toBeGreaterThan(0)
    network.goDown()
    await visit.frame.getByText('photos.pdf: Not sent').waitFor()
    network.comeBack()
    await slow.detach()
    await visit.frame.locator('.upload').getByRole('button', { name: 'Try again' }).click()
    await eventually(() => files(agent)).toEqual(['photos.pdf'])
    await visit.frame.locator('.upload').waitFor({ state: 'detached' })
  })

  it('[WIN22] files are pasted and dropped, and never opened in place of the window', async () => {
    await using visit = await setting.place.visit()
    using agent = await setting.place.answerer()
    await visit.begin()
    // Before there is a conversation there is nothing to share them in.
    expect(await give(visit, 'drop', ['early.txt'])).toBe(true)
    await visit.write('hello')
    await agent.take()
    expect(await give(visit, 'dragover', ['one.txt'])).toBe(true)
    await visit.frame.getByText('Drop the file to send it').waitFor()
    expect(await give(visit, 'drop', ['one.txt', 'two.txt'])).toBe(true)
    await visit.frame.getByText('Drop the file to send it').waitFor({ state: 'detached' })
    await eventually(() => [...files(agent)].sort()).toEqual(['one.txt', 'two.txt'])
    expect(await give(visit, 'paste', ['three.txt'])).toBe(true)
    await eventually(() => files(agent).at(-1)).toBe('three.txt')
    await visit.frame.getByRole('button', { name: 'Download three.txt' }).waitFor()
    expect(await visit.field.inputValue()).toBe('')
  })

  it('[WIN37] what was fetched is given back when it is not shown any more', async () => {
    const { visit, agent } = await talking(setting)
    await using _visit = visit
    using _agent = agent
    await visit.inside.evaluate(`(() => {
      window.held = new Set()
      const { createObjectURL, revokeObjectURL } = URL
      URL.createObjectURL = (blob) => {
        const url = createObjectURL.call(URL, blob)
        window.held.add(url)
        return url
      }
      URL.revokeObjectURL = (url) => {
        window.held.delete(url)
        revokeObjectURL.call(URL, url)
      }
    })()`)
    const bytes = png(4, 4)
    const count = 6
    for (let at = 0; at < count; at += 1) {
      const asked = { fileSize: bytes.length, fileType: 'PNG' }
      const { relativePath, queryParams } = await agent.client.request('generateUploadUrl', asked)
      const url = `${setting.place.world.server.url}${relativePath}?${new URLSearchParams({ ...queryParams })}`
      await fetch(url, { method: 'PUT', body: new Uint8Array(bytes) })
      await agent.publish({
        type: 'ContentEvent',
        contentType: 'hosted/file',
        message: { relativePath, fileType: 'PNG', caption: `picture ${at}` },
      })
    }
    const held = () => visit.inside.evaluate('window.held.size')
    const shown = visit.frame.locator('.file-picture img')
    await eventually(held).toBe(count)
    await eventually(() => shown.count()).toBe(count)
    await visit.frame.getByRole('button', { name: 'Back to your conversations' }).click()
    // Those that were shown last may be wanted again.
    await eventually(held).toBe(4)
    await visit.frame.locator('.conversation').click()
    await eventually(() => shown.count()).toBe(count)
    await eventually(held).toBe(count)
  })

  it('[WIN38, WEB9] a picture from a host that is not listed is replaced by its words', async () => {
    const { visit, agent } = await talking(setting)
    await using _visit = visit
    using _agent = agent
    const picture = (host: string, alt: string) => ({
      type: 'image',
      url: `https://${host}/tent.png`,
      alt,
    })
    const content = {
      type: 'vertical',
      elements: [picture('img.example', 'A listed tent'), picture('other.example', 'Another tent')],
    }
    await agent.publish({ type: 'RichContentEvent', content })
    await visit.frame.getByText('Another tent').waitFor()
    const { server, accountId } = setting.place.world
    const changed = await fetch(`${server.url}/ringdown/v1/accounts/${accountId}`, {
      method: 'PATCH',
      headers: {
        authorization: `Bearer ${server.running.adminToken}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ settings: { imageHosts: ['img.example'] } }),
    })
    expect(changed.status).toBe(200)
    await visit.context.addInitScript(`window.blocked = []
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) =>
        window.blocked.push(effectiveDirective + ' ' + blockedURI))`)
    await visit.page.reload()
    await visit.open()
    await visit.frame.getByText('Another tent').waitFor()
    await eventually(() => visit.inside.evaluate('[...new Set(window.blocked)]')).toEqual([
      'img-src https://other.example/tent.png',
    ])
    await eventually(() => visit.frame.locator('.structured img').count()).toBe(0)
    await visit.frame.getByText('A listed tent').waitFor()
  })
})
