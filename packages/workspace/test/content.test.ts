import type { Page, Route } from 'playwright-core'
import { expect, it } from 'vitest'
import { describePages } from '../../window/test/browser.ts'
import { accept, message, signIn, until, World, widthOf, write } from './world.ts'

/** One red pixel. */
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==',
  'base64',
)

const attach = async (page: Page, name: string) => {
  const chosen = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Attach a file' }).click()
  const file = { name, mimeType: 'text/plain', buffer: Buffer.from(name) }
  await (await chosen).setFiles(file)
}

/** Files that are put to the server wait for what the test does with them. */
const holdUploads = async (page: Page) => {
  const held: PromiseWithResolvers<Route>[] = []
  let come = 0
  const at = (count: number) => {
    while (held.length <= count) held.push(Promise.withResolvers())
    return held[count] as PromiseWithResolvers<Route>
  }
  await page.route(
    (url) => url.searchParams.has('temp_url_sig'),
    (route) => {
      at(come).resolve(route)
      come += 1
    },
  )
  return (count: number) => at(count).promise
}

describePages('what is said', () => {
  const world = World.shared()

  it('[WSP11] shows cards and quick replies as the consumer sees them', async () => {
    const place = await world.account()
    const { page } = await place.desk()
    using consumer = await place.consumer()
    await accept(page)
    const { client } = await place.colleague({ roles: ['manager'] })
    await client.request('updateConversationField', {
      conversationId: consumer.dialogId,
      conversationField: [{ field: 'ParticipantsChange', type: 'ADD', role: 'MANAGER' }],
    })
    const button = (title: string) => ({
      type: 'button',
      title,
      click: { actions: [{ type: 'publishText', text: title }] },
    })
    await client.outbox.send({
      dialogId: consumer.dialogId,
      event: {
        type: 'RichContentEvent',
        content: {
          type: 'vertical',
          elements: [{ type: 'text', text: 'Pick a day' }, button('Monday')],
        },
        quickReplies: { type: 'quickReplies', itemsPerRow: 2, replies: [button('Any day')] },
      },
    })
    const card = message(page, 'Pick a day')
    await card.getByText('Monday').waitFor()
    await card.getByRole('list', { name: 'Quick replies' }).getByText('Any day').waitFor()
    expect(await card.getByRole('button').count()).toBe(0)
    client.close()
  })

  it('[WSP14] files go both ways, with their words', async () => {
    const place = await world.account()
    const { page, watch } = await place.desk()
    using consumer = await place.consumer()
    await accept(page)
    const chosen = page.waitForEvent('filechooser')
    await page.getByRole('button', { name: 'Attach a file' }).click()
    const file = { name: 'pixel.png', mimeType: 'image/png', buffer: PIXEL }
    await (await chosen).setFiles(file)
    await page.getByText('pixel.png').waitFor()
    await write(page, 'Like this one?')
    await until(() => consumer.texts.at(-1)).toMatchObject({
      caption: 'Like this one?',
      fileType: 'PNG',
    })
    await page.getByRole('img', { name: 'Like this one?' }).waitFor()

    await place.share(consumer, ['pixel.png', PIXEL], 'No, this one')
    await until(() => widthOf(page, 'No, this one')).toBe(1)
    expect(watch).toEqual({ errors: [], violations: [] })
  })

  it('[WSP14] a picture whose address has ended is asked for once more', async () => {
    const place = await world.account()
    const { page } = await place.desk()
    using consumer = await place.consumer()
    await accept(page)
    const shown: string[] = []
    const isDownload = (url: URL) => url.searchParams.has('temp_url_sig')
    await page.route(isDownload, (route) => {
      shown.push(route.request().url())
      return shown.length === 2 ? route.continue() : route.fulfill({ status: 401 })
    })
    await place.share(consumer, ['pixel.png', PIXEL], 'In the rain')
    await until(() => widthOf(page, 'In the rain')).toBe(1)
    expect(shown).toHaveLength(2)
    // This one cannot be had at all.
    await place.share(consumer, ['pixel.png', PIXEL], 'In the sun')
    const line = message(page, 'In the sun')
    await until(() => shown.length).toBe(4)
    await line.getByRole('img').waitFor({ state: 'detached' })
    await line.getByRole('button', { name: 'Download PNG' }).waitFor()
    expect(shown).toHaveLength(4)
  })

  it('[WSP14] what is written while a file is on its way is neither lost nor said twice', async () => {
    const place = await world.account()
    const { page } = await place.desk()
    using consumer = await place.consumer()
    await accept(page)
    const uploadAt = await holdUploads(page)
    const field = page.getByRole('textbox', { name: 'Message' })
    await attach(page, 'one.txt')
    await write(page, 'Like this?')
    const first = await uploadAt(0)
    await until(() => field.inputValue()).toBe('')
    await field.fill('Or that?')
    await attach(page, 'two.txt')
    await page.evaluate(`location.hash = '#/mine'`)
    await page.locator('[data-row]').first().click()
    await page.getByText('Uploading …').waitFor()
    expect(await page.getByRole('button', { name: 'Send', exact: true }).isDisabled()).toBe(true)
    await first.continue()
    await until(() => consumer.texts).toMatchObject(['Hello?', { caption: 'Like this?' }])
    await page.getByRole('button', { name: 'Remove two.txt' }).waitFor()
    expect(await field.inputValue()).toBe('Or that?')

    await field.press('Enter')
    const second = await uploadAt(1)
    await field.fill('And more')
    await second.abort()
    await page.getByText('The file could not be sent. Try again.').waitFor()
    await until(() => field.inputValue()).toBe('Or that?\nAnd more')
    await field.press('Enter')
    await uploadAt(2)
    await until(() => field.inputValue()).toBe('')
    await page.reload()
    await until(() => field.inputValue()).toBe('Or that?\nAnd more')
    expect(consumer.texts).toHaveLength(2)
  })

  it('[WSP14] a file is asked for when it is wanted, and says when it cannot be had', async () => {
    const place = await world.account()
    const { page } = await place.page()
    const asked: string[] = []
    page.on('websocket', (socket) =>
      socket.on('framesent', ({ payload }) => {
        if (String(payload).includes('GenerateURLForDownloadFile')) asked.push(String(payload))
      }),
    )
    await signIn(page, place.account, await world.server.agent(place.account))
    using consumer = await place.consumer()
    await accept(page)
    const wanted = { fileSize: 10, fileType: 'TXT' }
    const { relativePath } = await consumer.client.request('generateUploadUrl', wanted)
    // Its bytes never come.
    const shared = { caption: 'The list', relativePath, fileType: 'TXT' }
    await consumer.publish({ type: 'ContentEvent', contentType: 'hosted/file', message: shared })
    await message(page, 'The list').getByRole('button', { name: 'Download TXT' }).click()
    await page.getByText('The file could not be downloaded: File not available').waitFor()
    expect(asked).toHaveLength(1)
  })

  it.each(['paste', 'drop'])(
    '[WSP14] files come by %s, and can be taken out again',
    async (way) => {
      const place = await world.account()
      const { page } = await place.desk()
      using consumer = await place.consumer()
      await accept(page)
      await page.evaluate(`(() => {
      const data = new DataTransfer()
      data.items.add(new File(['some words'], 'words.txt', { type: 'text/plain' }))
      data.items.add(new File(['others'], 'others.txt', { type: 'text/plain' }))
      const init = { bubbles: true, cancelable: true, clipboardData: data, dataTransfer: data }
      const event = '${way}' === 'paste' ? new ClipboardEvent('paste', init) : new DragEvent('drop', init)
      document.querySelector('[data-composer]').dispatchEvent(event)
    })()`)
      await page.getByRole('button', { name: 'Remove others.txt' }).click()
      await page.getByRole('button', { name: 'Send', exact: true }).click()
      await until(() => consumer.texts.at(-1)).toMatchObject({ fileType: 'TXT' })
      expect(consumer.texts).toHaveLength(2)
    },
  )

  it('[WSP18] offers predefined content after a slash, with its places filled', async () => {
    const place = await world.account()
    const manager = await world.server.agent(place.account, { roles: ['manager'] })
    const write = async (title: string, msg: string) => {
      const url = `${world.server.url}/api/account/${place.account}/configuration/engagement-window/canned-responses?v=2.0`
      const item = {
        enabled: true,
        type: 0,
        data: [{ title, msg, lang: 'en-US', isDefault: true }],
      }
      const headers = {
        authorization: `Bearer ${manager.bearer}`,
        'content-type': 'application/json',
      }
      const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(item) })
      if (!answer.ok) throw new Error(await answer.text())
    }
    await write('Welcome', 'Hello, I am $!{operator.nickname}.')
    await write('Order', 'Your order $!{order.number} is on its way.')
    const { page, login } = await place.desk()
    using consumer = await place.consumer()
    await accept(page)
    const field = page.getByRole('textbox', { name: 'Message' })
    await field.pressSequentially('/wel')
    await page.getByRole('option', { name: /Welcome/ }).waitFor()
    await field.press('Enter')
    const greeting = `Hello, I am ${login.loginName}.`
    await until(() => field.inputValue()).toBe(greeting)
    await field.press('Enter')
    await until(() => consumer.texts.at(-1)).toBe(greeting)
    await field.pressSequentially('/order')
    await field.press('Enter')
    await field.press('Enter')
    await page.getByText('Fill in order.number before sending.').waitFor()
    expect(consumer.texts).toHaveLength(2)
  })

  it('[WSP22] details show who it is and what is known', async () => {
    const place = await world.account()
    const { page } = await place.desk()
    using _consumer = await place.consumer({ profile: { firstName: 'Dana', lastName: 'Ng' } })
    await accept(page)
    const details = page.getByRole('complementary', { name: 'Details' })
    await details.getByText('Not authenticated').first().waitFor()
    await details.getByText('First name').waitFor()
    await details.getByText('This is the first one').waitFor()
    expect(await details.getByText('Dana Ng').count()).toBe(1)
  })
})
