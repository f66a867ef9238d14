/** Texts, names and properties of others that want to be more than that, wherever the workspace shows them. */
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { describePages } from '../../window/test/browser.ts'
import { hostileLinks, payloads } from '../../window/test/hostile-payloads.ts'
import { accept, type Consumer, message, type Place, until, World } from './world.ts'

/** What fits wherever a text may stand. */
const short = payloads.filter((text) => text.length < 120)

/** Keys that would reach into every object of the page, were they followed. */
const POLLUTING = JSON.parse(
  '{"__proto__":{"polluted":"1"},"constructor":{"prototype":{"polluted":"1"}},"prototype":"1"}',
) as Record<string, unknown>

interface Harm {
  readonly requests: string[]
  readonly places: string[]
}

/** What leaves for other hosts, and where the page goes by itself. */
const watchFor = (page: Page, { origin }: Place): Harm => {
  const harm: Harm = { requests: [], places: [] }
  const socket = origin.replace('http', 'ws')
  const isOwn = (url: string) =>
    [`${origin}/`, `${socket}/`, 'data:', `blob:${origin}/`].some((one) => url.startsWith(one))
  page.context().on('request', (request) => {
    if (!isOwn(request.url())) harm.requests.push(request.url())
  })
  page.on('websocket', (one) => {
    if (!isOwn(one.url())) harm.requests.push(one.url())
  })
  page.on('framenavigated', (frame) => {
    if (!frame.url().startsWith(`${origin}/workspace/`)) harm.places.push(frame.url())
  })
  page.context().on('page', (one) => harm.places.push(one.url()))
  page.on('dialog', (dialog) => {
    harm.places.push(dialog.message())
    void dialog.dismiss()
  })
  return harm
}

/** What of the page could act, or was acted on. Runs in it. */
const FOUND = `(() => {
  const leading = ['href', 'src', 'srcset', 'action', 'formaction', 'srcdoc', 'data', 'xlink:href', 'ping']
  const isLink = (element) => element.localName === 'a'
  const acting = [...document.body.querySelectorAll('*')].flatMap((element) =>
    [...element.attributes].flatMap(({ name, value }) => {
      if (/^on/i.test(name)) return [element.localName + ' ' + name]
      if (!leading.includes(name) || value.startsWith('#')) return []
      const isGood = isLink(element)
        ? /^(https?|mailto|tel):/.test(value) && element.target === '_blank'
          && element.relList.contains('noopener') && element.relList.contains('noreferrer')
        : /^(blob:|data:image\\/|\\/)/.test(value) && !value.startsWith('//')
      return isGood ? [] : [element.localName + ' ' + name + '=' + value]
    }))
  const made = [...document.body.querySelectorAll(
    'iframe, object, embed, style, form, base, meta, math, video, audio, marquee, noscript')]
  return {
    acting,
    made: made.map(({ localName }) => localName),
    scripts: document.querySelectorAll('script:not([src^="/workspace/assets/"])').length,
    ran: window.__xss,
    polluted: [{}.polluted, [].polluted, Object.keys(Object.prototype).length],
    title: document.title.replace(/^\\(\\d+\\) /, ''),
  }
})()`

const clean = {
  acting: [],
  made: [],
  scripts: 0,
  ran: undefined,
  polluted: [undefined, undefined, 0],
  title: 'Ringdown',
}

/** What the server takes of these, one request each: what it refuses never gets here. */
const given = async (all: readonly string[], give: (text: string) => Promise<unknown>) => {
  const outcomes = await Promise.allSettled(all.map(give))
  return outcomes.filter(({ status }) => status === 'fulfilled').length
}

/** Draws the thread up to its beginning. */
const drawAll = async (page: Page, first: string): Promise<void> => {
  await until(async () => {
    await page.locator('[data-message]').first().scrollIntoViewIfNeeded()
    return page.locator('[data-message]').first().innerText()
  }).toContain(first)
}

/** An account in which everything that has a name or a text is named hostile. */
const hostileAccount = async (place: Place) => {
  const skills = await given(short.slice(0, 12), (text) => place.skill(text))
  const canned = await given(short, (text) =>
    place.configure('engagement-window/canned-responses?v=2.0', {
      enabled: true,
      type: 0,
      data: [{ title: text, msg: text, lang: 'en-US', isDefault: true }],
    }),
  )
  const reasons = await given(short.slice(0, 6), (text) =>
    place.configure('le-agents/status-reasons', { text: text.slice(0, 60), state: 'Away' }),
  )
  const declines = await given(short.slice(0, 6), (text) =>
    place.configure('le-agents/decline-reasons', { text: text.slice(0, 60) }),
  )
  expect(Math.min(skills, canned, reasons, declines)).toBeGreaterThan(3)
}

const rename = (place: Place, loginName: string, nickname: string) =>
  place.administer(`agents/${loginName}`, { nickname }, 'PATCH')

const joined = async (place: Place, { dialogId }: Consumer) => {
  const { client, login } = await place.colleague({ roles: ['manager'] })
  await rename(place, login.loginName, '<img src=x onerror=__xss=1>')
  await client.request('updateConversationField', {
    conversationId: dialogId,
    conversationField: [{ field: 'ParticipantsChange', type: 'ADD', role: 'MANAGER' }],
  })
  return client
}

/** Structured content of every kind, with the text wherever one may stand. */
const contents = (text: string): readonly object[] => [
  {
    type: 'vertical',
    elements: [
      { type: 'text', text, tooltip: text, alt: text },
      { type: 'button', title: text, click: { actions: [{ type: 'publishText', text }] } },
      { type: 'image', url: 'https://evil.example/x.png', caption: text, alt: text },
    ],
  },
]

const hostileContents = async (client: Awaited<ReturnType<typeof joined>>, dialogId: string) => {
  const publish = (event: object) =>
    client.request('publishEvent', { dialogId, event: event as never })
  const inside = short.filter((text) => text.length <= 60)
  const said = await given(inside, (text) =>
    Promise.all(contents(text).map((content) => publish({ type: 'RichContentEvent', content }))),
  )
  expect(said).toBeGreaterThan(20)
  await given(hostileLinks, (uri) =>
    publish({
      type: 'RichContentEvent',
      content: { type: 'button', title: 'go', click: { actions: [{ type: 'link', uri }] } },
    }),
  )
  const replies = inside.slice(0, 6).map((title) => ({
    type: 'button',
    title,
    click: { actions: [{ type: 'publishText', text: title }] },
  }))
  await publish({
    type: 'ContentEvent',
    contentType: 'text/plain',
    message: 'the last of them',
    quickReplies: { type: 'quickReplies', itemsPerRow: 2, replies },
  })
}

/** Somebody with a hostile name, properties and device, who says all of it. */
const hostileConsumer = async (place: Place): Promise<Consumer> => {
  const [first = '', second = ''] = short
  const consumer = await place.consumer({
    text: '',
    profile: { firstName: first, lastName: second, email: short[2], description: short[3] },
    properties: {
      appId: short[4],
      browserVersion: short[5],
      deviceModel: short[6],
      timeZone: short[7],
    },
  })
  await Promise.all(short.map((text) => consumer.say(text)))
  const metadata = [{ type: 'BotResponse', externalConversationId: short[0], ...POLLUTING }]
  const event = { type: 'ContentEvent', contentType: 'text/plain', message: 'with metadata' }
  const { client, dialogId } = consumer
  const body = { dialogId, event, metadata } as never
  await client.request('publishEvent', body).catch(() => {})
  await consumer.say('that was all')
  return consumer
}

describePages('what others wrote', () => {
  const world = World.shared()

  it('[WSP16] is text in every view, runs nothing, asks nobody else and leads nowhere by itself', async () => {
    const place = await world.account()
    await hostileAccount(place)
    const { page, watch, login } = await place.desk({ roles: ['agent', 'manager'] })
    const harm = watchFor(page, place)
    await rename(place, login.loginName, '<svg onload=__xss=1>')
    const found: Record<string, unknown> = {}
    const look = async (state: string) => {
      found[state] = await page.evaluate(FOUND)
    }
    using consumer = await hostileConsumer(place)
    await page.getByRole('button', { name: /^Accept/ }).waitFor()
    await look('ring')
    await page.getByRole('button', { name: /^Decline with a reason/ }).click()
    await page.getByRole('menu').waitFor()
    await look('reasons for declining')
    await page.keyboard.press('Escape')
    await accept(page)
    await message(page, 'that was all').waitFor()
    await page.getByRole('complementary', { name: 'Details' }).waitFor()
    const client = await joined(place, consumer)
    await hostileContents(client, consumer.dialogId)
    await message(page, 'the last of them').waitFor()
    await drawAll(page, short[0] ?? '')
    await look('thread')
    // What is a link shows its host, or says it.
    const links = await page
      .locator('[data-message] a')
      .evaluateAll((all) => all.map((one) => [String(one), one.textContent ?? '']))
    expect(links.length).toBeGreaterThan(0)
    for (const [href = '', text = ''] of links)
      expect([href, text.includes(new URL(href).host)]).toEqual([href, true])
    const field = page.getByRole('textbox', { name: 'Message' })
    await field.fill('/')
    await page.getByRole('listbox', { name: 'Predefined content' }).waitFor()
    await look('predefined content')
    await field.press('Enter')
    expect(await field.inputValue()).not.toBe('')
    await field.fill('')
    await page.getByRole('button', { name: /^Status:/ }).click()
    await page
      .getByRole('menuitem', { name: /^Away:/ })
      .first()
      .waitFor()
    await look('status')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Transfer' }).click()
    await page.getByRole('dialog').getByRole('option').first().waitFor()
    await look('transfer to skills')
    await page.getByRole('button', { name: 'To an agent' }).click()
    await page.getByRole('dialog').getByRole('option').first().waitFor()
    await look('transfer to agents')
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.keyboard.press('Control+k')
    await page.getByRole('dialog', { name: 'Command palette' }).waitFor()
    await look('palette')
    await page.keyboard.type(short[0] ?? '')
    await look('palette, searching')
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.getByRole('link', { name: 'All conversations' }).click()
    await page.locator('a[data-row]').first().waitFor()
    await look('all')
    await page.getByRole('link', { name: 'Agents' }).click()
    await page.getByRole('table').waitFor()
    await look('agents')
    await page.getByRole('link', { name: 'History' }).click()
    await page.getByRole('searchbox', { name: 'Search what was said' }).fill('onerror')
    await page.locator('mark').first().waitFor()
    await look('history')
    await page.locator('a[data-row]').first().click()
    await page.getByRole('log', { name: 'Past conversation' }).waitFor()
    await look('past thread')
    for (const hash of [
      '#/mine/<img src=x onerror=__xss=1>',
      '#javascript:__xss=1',
      '#/__proto__?__proto__[polluted]=1&constructor=1',
    ]) {
      await page.evaluate(`location.hash = ${JSON.stringify(hash)}`)
      await page.getByRole('navigation', { name: 'Views' }).waitFor()
      await look(hash)
    }
    for (const [state, one] of Object.entries(found)) expect([state, one]).toEqual([state, clean])
    expect(harm).toEqual({ requests: [], places: [] })
    expect(watch).toEqual({ errors: [], violations: [] })
    client.close()
  })

  it('[WSP16] names cannot turn the text around them, and a blank one is none', async () => {
    const place = await world.account()
    const { page } = await place.desk({ capacity: 5 })
    using _turned = await place.consumer({
      profile: { firstName: 'Ann\u202Eeel', lastName: '\r\n' },
    })
    await accept(page)
    await page.getByRole('heading', { name: 'Ann eel', exact: true }).waitFor()
    using blank = await place.consumer({ profile: { firstName: '\u200B\u3164', lastName: '' } })
    await accept(page)
    await page.getByRole('heading', { name: /^Visitor / }).waitFor()
    // Properties that are named like those that every object has are read as what they are.
    using odd = await place.consumer({
      properties: { deviceModel: 'constructor', appId: 'toString' },
    })
    await accept(page)
    const details = page.getByRole('complementary', { name: 'Details' })
    await details.getByText('toString', { exact: true }).waitFor()
    expect(await details.innerText()).not.toContain('native code')
    expect(blank.dialogId).not.toBe(odd.dialogId)
  })
})
