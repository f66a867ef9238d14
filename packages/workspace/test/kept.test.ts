/** What is written and what was shown outlives reloads, outages, other browsers and new builds. */
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { sqliteStore } from '../../server/src/store/sqlite/sqlite-store.ts'
import { testServer } from '../../server/src/testing/index.ts'
import { describePages } from '../../window/test/browser.ts'
import { expectNoBarrier } from './inspection.ts'
import { accept, hurry, message, type Place, signIn, until, World, write } from './world.ts'

const fieldOf = (page: Page) => page.getByRole('textbox', { name: 'Message' })

/** The conversation's row in the list. */
const rowOf = (page: Page) => page.locator('[data-row]').first()

const otherOf = (page: Page) => page.locator('[data-other-draft]')

const world = World.shared()

const noConnection = (page: Page) => page.getByText(/^No connection\.|^Connecting/).first()

/** Texts that the server has of an agent. */
const savedTexts = async ({ account }: Place, agentId: string) => {
  const drafts = await world.server.services.store.read('drafts', { accountId: account, agentId })
  return drafts.flatMap(({ text, others }) => [text, ...others.map((one) => one.text)])
}

/** The same agent in another browser, with its first conversation open. */
const elsewhere = async (place: Place, login: Parameters<typeof signIn>[2]) => {
  const { page } = await place.page()
  await signIn(page, place.account, login)
  await rowOf(page).click()
  await fieldOf(page).waitFor()
  return page
}

const signOut = async (page: Page) => {
  await page.getByRole('button', { name: /^Status:/ }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.getByLabel('Password').waitFor()
}

describePages('what was begun', () => {
  it('[WSP40] [WSP13] is there in every browser, over reloads in mid-sentence and signing out', async () => {
    const place = await world.account()
    const { page, login } = await place.desk()
    using _ = await place.consumer({ text: 'Hello?' })
    await accept(page)
    await fieldOf(page).pressSequentially('Dear Ann, your par')
    await until(() => savedTexts(place, login.id)).toEqual(['Dear Ann, your par'])
    expect(await rowOf(page).textContent()).toContain('Draft: Dear Ann, your par')
    await fieldOf(page).pressSequentially('cel')
    await page.reload()
    await until(() => fieldOf(page).inputValue()).toBe('Dear Ann, your parcel')
    const other = await elsewhere(place, login)
    await until(() => fieldOf(other).inputValue()).toBe('Dear Ann, your parcel')
    await fieldOf(other).fill('Dear Ann')
    await signOut(other)
    expect(await savedTexts(place, login.id)).toEqual(['Dear Ann'])
    expect(await other.evaluate('JSON.stringify({ ...localStorage })')).not.toContain('Ann')
    await page.reload()
    await until(() => fieldOf(page).inputValue()).toBe('Dear Ann')
    await fieldOf(page).press('Enter')
    await until(() => savedTexts(place, login.id)).toEqual([])
  })

  it('[WSP40] [WSP32] in two browsers without a connection is not lost on either side', async () => {
    const place = await world.account()
    const { page, login } = await place.desk()
    using _ = await place.consumer({ text: 'Hello?' })
    await accept(page)
    const other = await elsewhere(place, login)
    world.network.goDown()
    await noConnection(page).waitFor()
    await fieldOf(page).fill('Begun at home')
    await fieldOf(other).fill('Begun at the office')
    world.network.comeBack()
    for (const one of [page, other]) await hurry(one)
    await until(() => savedTexts(place, login.id)).toEqual(['Begun at the office', 'Begun at home'])
    await page.reload()
    await until(() => fieldOf(page).inputValue()).toBe('Begun at the office')
    await otherOf(page).getByText('Begun at home').waitFor()
    await expectNoBarrier(page, '[data-other-draft]')
    await otherOf(page).getByRole('button', { name: 'Use it' }).click()
    await until(() => fieldOf(page).inputValue()).toBe('Begun at home')
    await until(() => savedTexts(place, login.id)).toEqual(['Begun at home', 'Begun at the office'])
    await otherOf(page).getByRole('button', { name: 'Dismiss the other draft' }).click()
    await until(() => savedTexts(place, login.id)).toEqual(['Begun at home'])
    expect(await otherOf(page).count()).toBe(0)
  })
})

/** Everything that the browser keeps for this page under addresses. */
const keptAddresses = (page: Page) =>
  page.evaluate<string[]>(`(async () => {
    const opened = await Promise.all((await caches.keys()).map((name) => caches.open(name)))
    const requests = await Promise.all(opened.map((cache) => cache.keys()))
    return requests.flat().map(({ url }) => new URL(url).pathname)
  })()`)

const worker = (page: Page) => page.evaluate('navigator.serviceWorker.ready.then(() => undefined)')

const keptInTab = (page: Page) => page.evaluate<string>('JSON.stringify({ ...sessionStorage })')

describePages('a page without a server', () => {
  it('[WSP41] [WSP42] [WSP15] is loaded again with all that was known, and sends what is written', async () => {
    const place = await world.account()
    const { page, watch } = await place.desk()
    using consumer = await place.consumer({
      text: 'Where is my parcel?',
      profile: { firstName: 'Ann', lastName: 'Lee' },
    })
    await accept(page)
    await message(page, 'Where is my parcel?').waitFor()
    await worker(page)
    await until(() => keptInTab(page)).toContain('Where is my parcel?')
    world.network.goDown()
    await page.reload()
    await message(page, 'Where is my parcel?').waitFor()
    await rowOf(page).getByText('Ann Lee').waitFor()
    await page.getByText(/^Offline since \d\d:\d\d$/).waitFor()
    await write(page, 'I look into it')
    await page.getByText('1 message waits to be sent.').waitFor()
    await page.reload()
    await message(page, 'I look into it').waitFor()
    world.network.comeBack()
    await hurry(page)
    await until(() => consumer.texts).toEqual(['Where is my parcel?', 'I look into it'])
    await until(() => message(page, 'I look into it').count()).toBe(1)
    await until(() => page.getByText('Offline since').count()).toBe(0)
    const addresses = await keptAddresses(page)
    expect(addresses).toContain('/workspace/')
    expect(addresses.filter((path) => !/^\/workspace\/(?:assets\/.+)?$/.test(path))).toEqual([])
    expect(watch).toEqual({ errors: [], violations: [] })
    await signOut(page)
    expect(await keptInTab(page)).not.toContain('parcel')
  })

  it('[WSP54] [WSP51] does not show again what was left, and does not tell of it as taken', async () => {
    const place = await world.account()
    const { page } = await place.desk({ capacity: 5 })
    using left = await place.consumer({ text: 'Bye?' })
    await accept(page)
    await message(page, 'Bye?').waitFor()
    using other = await place.consumer({ text: 'Hello?' })
    await accept(page)
    await message(page, 'Hello?').waitFor()
    const rows = page.locator('[data-row]')
    await worker(page)
    await until(() => keptInTab(page)).toContain('Bye?')
    await page.context().addInitScript(`globalThis.seen = []
      new MutationObserver(() => {
        const text = document.body?.innerText ?? ''
        for (const one of ['Bye?', 'is not with you any more']) if (text.includes(one)) seen.push(one)
      }).observe(document, { childList: true, subtree: true, characterData: true })`)
    await rows.filter({ hasText: 'Bye?' }).click()
    world.network.goDown()
    await noConnection(page).waitFor()
    await page.getByRole('button', { name: 'Close conversation' }).click()
    await page.getByText('Conversation closed').waitFor()
    await page.reload()
    await rows.filter({ hasText: 'Hello?' }).waitFor()
    world.network.comeBack()
    await hurry(page)
    await until(async () => {
      for await (const { conversations } of left.client.conversations({ stage: ['CLOSE'] }))
        return conversations.size
      return 0
    }).toBe(1)
    // What is said after it has come: the list is the server's by then.
    await other.say('Later')
    await rows.filter({ hasText: 'Later' }).waitFor()
    expect(await page.evaluate('seen')).toEqual([])
  })
})

const TWO_PICTURES = `new Promise((resolve) =>
  requestAnimationFrame(() => requestAnimationFrame(() => resolve())))`

describePages('signing out', () => {
  it('[WSP41] [WSP40] makes drafts of what was not sent, and nothing goes out by itself', async () => {
    const place = await world.account()
    const { page, login } = await place.desk()
    using consumer = await place.consumer({ text: 'Hello?' })
    await accept(page)
    await message(page, 'Hello?').waitFor()
    world.network.goDown()
    await noConnection(page).waitFor()
    await write(page, 'Said one')
    await write(page, 'Said two')
    await page.getByText('2 messages wait to be sent.').waitFor()
    await fieldOf(page).fill('Begun')
    await signOut(page)
    expect(await keptInTab(page)).not.toContain('Said')
    world.network.comeBack()
    await signIn(page, place.account, login)
    await rowOf(page).click()
    await until(() => fieldOf(page).inputValue()).toBe('Said one\nSaid two\nBegun')
    await until(() => savedTexts(place, login.id)).toEqual(['Said one\nSaid two\nBegun'])
    expect(await page.evaluate('JSON.stringify({ ...sessionStorage })')).not.toContain('outbox')
    expect(consumer.texts).toEqual(['Hello?'])
  })

  it('[WSP41] [WSP55] waits for what was said a moment before', async () => {
    const place = await world.account()
    const { page, login } = await place.desk()
    using consumer = await place.consumer({ text: 'Hello?' })
    await accept(page)
    await page.routeWebSocket(/messaging\/brand/, (socket) => {
      const server = socket.connectToServer()
      socket.onMessage(async (frame) => {
        // Who does not wait for it has gone two pictures later.
        if (String(frame).includes('Good night')) await page.evaluate(TWO_PICTURES)
        server.send(frame)
      })
    })
    const kept = JSON.stringify({ holdSeconds: 5 })
    await page.evaluate(`localStorage.setItem('ringdown.preferences', ${JSON.stringify(kept)})`)
    await page.reload()
    await message(page, 'Hello?').waitFor()
    await write(page, 'Good night')
    await page.getByText('Not sent yet: Good night').waitFor()
    await signOut(page)
    await until(() => consumer.texts).toEqual(['Hello?', 'Good night'])
    expect(await savedTexts(place, login.id)).toEqual([])
  })
})

const BUILT = fileURLToPath(new URL('../dist', import.meta.url))

/** The build once more, under another name of its script. */
const rebuild = (folder: string): void => {
  const assets = join(folder, 'assets')
  const script = readdirSync(assets).find((name) => /^index-.+\.js$/.test(name)) as string
  const renamed = script.replace('.js', '2.js')
  renameSync(join(assets, script), join(assets, renamed))
  for (const name of ['index.html', 'worker.js']) {
    const file = join(folder, name)
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(script, renamed))
    for (const kind of ['gz', 'br']) rmSync(`${file}.${kind}`, { force: true })
  }
  writeFileSync(join(folder, '.built-from'), 'another')
}

describePages('a new build', () => {
  it('[WSP43] [WSP42] [WSP32] is offered after the server was restarted, and taken when the agent likes', async (context) => {
    const pages = mkdtempSync(join(tmpdir(), 'ringdown-pages-'))
    context.onTestFinished(() => rmSync(pages, { recursive: true, force: true }))
    const dist = join(pages, 'workspace/dist')
    cpSync(BUILT, dist, { recursive: true })
    await using store = await sqliteStore({ file: ':memory:', hosting: 'inline', epoch: 'one' })
    await using own = await World.open({ store, pages })
    const place = await own.account()
    const { page } = await place.desk()
    using _ = await place.consumer({ text: 'Hello?' })
    await accept(page)
    await worker(page)
    const scripts = () =>
      page.evaluate<string[]>('[...document.scripts].map(({ src }) => new URL(src).pathname)')
    const before = await scripts()
    await fieldOf(page).pressSequentially('Dear An')
    await own.server[Symbol.asyncDispose]()
    rebuild(dist)
    await using second = await testServer({ store, pages })
    own.network.target = second.running.port
    const note = page.locator('[data-new-version]')
    await note.getByText('New version. Reload when convenient.').waitFor()
    await expectNoBarrier(page, '[data-new-version]')
    await fieldOf(page).pressSequentially('n')
    expect(await scripts()).toEqual(before)
    await note.getByRole('button', { name: 'Reload' }).click()
    await until(async () => (await scripts().catch(() => before))[0]).not.toBe(before[0])
    await until(() => fieldOf(page).inputValue()).toBe('Dear Ann')
    await until(async () =>
      (await keptAddresses(page)).filter((path) => path.endsWith('.js')),
    ).toHaveLength(2)
    expect(await note.count()).toBe(0)
  })
})

/** More than a thread draws at first. */
const LINES = 60

const lineOf = (page: Page) => page.locator('[data-new-line]')

/** What stands in the thread, with the line. */
const linesOf = (page: Page) =>
  page
    .locator('[data-message], [data-new-line]')
    .evaluateAll((all) =>
      all.map((one) =>
        one.hasAttribute('data-new-line') ? '—' : one.textContent?.match(/\w+ said/)?.[0],
      ),
    )

describePages('a thread that one comes back to', () => {
  it('[WSP44] has a line above what is new, which stays until the next visit', async () => {
    const place = await world.account()
    const { page } = await place.desk()
    using consumer = await place.consumer({ text: 'one said' })
    await accept(page)
    await message(page, 'one said').waitFor()
    const leave = () => page.evaluate(`location.hash = '#/mine'`)
    expect(await lineOf(page).count()).toBe(0)
    await until(() => consumer.receipts('READ')).toEqual([0])
    await leave()
    await consumer.say('two said')
    await consumer.say('three said')
    await rowOf(page).locator('[data-unread="2"]').waitFor()
    await rowOf(page).click()
    await until(() => linesOf(page)).toEqual(['one said', '—', 'two said', 'three said'])
    await write(page, 'four said')
    await until(() => linesOf(page)).toEqual([
      'one said',
      '—',
      'two said',
      'three said',
      'four said',
    ])
    await until(() => consumer.receipts('READ')).toEqual([0, 2, 3])
    await leave()
    await consumer.say('five said')
    await rowOf(page).locator('[data-unread="1"]').waitFor()
    // Another page knows only from the log what was read.
    await page.reload()
    await rowOf(page).click()
    await until(async () => (await linesOf(page)).slice(-2)).toEqual(['—', 'five said'])
    await leave()
    await rowOf(page).click()
    await message(page, 'five said').waitFor()
    await until(() => lineOf(page).count()).toBe(0)
  })

  it('[WSP44] [WSP32] says how much is to come, leads to the newest, and moves nothing for older lines', async () => {
    const place = await world.account()
    const { page } = await place.page()
    let isHeld = false
    await page.routeWebSocket(/messaging\/brand/, (socket) => {
      const server = socket.connectToServer()
      // What is said in threads does not come through for a while.
      server.onMessage((frame) => {
        if (!isHeld || !String(frame).includes('MessagingEventNotification')) socket.send(frame)
      })
    })
    const login = await world.server.agent(place.account)
    await signIn(page, place.account, login)
    using consumer = await place.consumer({ text: 'first' })
    await accept(page)
    await message(page, 'first').waitFor()
    isHeld = true
    await consumer.say('held back')
    await page.getByText(/^Catching up \(\d to come\)$/).waitFor()
    isHeld = false
    const lines = Array.from({ length: LINES }, (_, count) => `line ${count}`)
    await consumer.say('after it')
    await message(page, 'held back').waitFor()
    await until(() => page.locator('[data-gap]').count()).toBe(0)
    for (const line of lines)
      void consumer.publish({ type: 'ContentEvent', contentType: 'text/plain', message: line })
    await message(page, lines.at(-1) as string).waitFor()
    const log = page.getByRole('log')
    const shown = () => page.locator('[data-message]').count()
    expect(await shown()).toBeLessThan(LINES)
    const topOf = () =>
      message(page, 'line 55')
        .first()
        .evaluate((one) => Math.round(one.getBoundingClientRect().top))
    await log.evaluate((one) => one.scrollTo({ top: 90 }))
    const top = await topOf()
    await log.evaluate((one) => one.scrollTo({ top: 70 }))
    await until(shown).toBe(LINES + 3)
    expect(Math.abs((await topOf()) - top - 20)).toBeLessThan(3)
    await consumer.say('the newest')
    const jump = page.getByRole('button', { name: 'Jump to latest · 1 new' })
    await jump.waitFor()
    await expectNoBarrier(page)
    await jump.click()
    await until(() => page.getByRole('button', { name: /^Jump to latest/ }).count()).toBe(0)
  })
})
