import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testServer } from '../src/testing/index.ts'
import type { TestServer } from '../src/testing/test-server.ts'
import {
  agentOf,
  change,
  consumerOf,
  eventsIn,
  follow,
  isEvents,
  joining,
  managerOf,
  open,
  type Person,
  say,
  unhurried,
  type Worker,
} from './given.ts'

let server: TestServer
let account: string
const stack = new AsyncDisposableStack()
let ann: Person
let max: Worker
let id: string

beforeAll(async () => {
  server = stack.use(await testServer({ limits: unhurried }))
  account = (await server.account()).id
  ann = stack.use(await consumerOf(server, account))
  max = stack.use(await managerOf(server, account))
  id = await open(ann)
  await change(max, id, joining('ASSIGNED_AGENT'))
  await follow(ann, id)
  await follow(max, id)
})
afterAll(() => stack.disposeAsync())

type Socket = Pick<Worker, 'socket'>

const publish = ({ socket }: Socket, event: unknown, more: Record<string, unknown> = {}) =>
  socket.request('ms.PublishEvent', { dialogId: id, event, ...more })

/** The event of this sequence, as the reader gets it. */
const eventAt = async ({ socket }: Socket, sequence: number) => {
  for (;;) {
    const found = eventsIn(await socket.next(isEvents)).find((one) => one.sequence === sequence)
    if (found) return found
  }
}

const rich = (content: unknown) => ({ type: 'RichContentEvent', content })
const text = { type: 'ContentEvent', contentType: 'text/plain', message: 'hi' }
const button = { type: 'button', title: 'Yes' }
const card = { type: 'vertical', elements: [{ type: 'text', text: 'Hello' }, button] }
const quickReplies = { type: 'quickReplies', itemsPerRow: 2, replies: [button, button] }
const linking = (uri: string) => ({
  type: 'vertical',
  elements: [{ ...button, click: { actions: [{ type: 'link', uri }] } }],
})

describe('what agents compose', () => {
  it.each([
    rich(card),
    { type: 'RichContent', content: card },
    { type: 'RichContent', message: card },
    { type: 'RichContentEvent', Content: card },
    rich(JSON.stringify(card)),
  ])('[CNT1] a card that fits reaches the consumer in one spelling', async (event) => {
    const { code, body } = await publish(max, event)
    expect(code).toBe(200)
    expect((await eventAt(ann, body.sequence)).event).toEqual(rich(card))
  })

  it.each([
    rich({ ...card, colour: 'red' }),
    { type: 'RichContent', message: JSON.stringify({ ...card, colour: 'red' }) },
  ])(
    '[CNT1] [CNT3] one that does not is refused with its place and takes no sequence',
    async (event) => {
      const before = (await say(max, id, 'before')).body.sequence
      expect(await publish(max, event)).toMatchObject({
        code: 400,
        type: '.ReqBody$StringResp',
        body: 'Bad request: /content/colour is not known here',
      })
      expect((await say(max, id, 'after')).body).toEqual({ sequence: before + 1 })
    },
  )

  it('[CNT3] a refusal deep inside stays within 128 characters and keeps its end', async () => {
    let content: unknown = { type: 'button' }
    for (let level = 0; level < 12; level += 1) content = { type: 'vertical', elements: [content] }
    const { code, body } = await publish(max, rich(content))
    expect(code).toBe(400)
    expect(body.length).toBeLessThanOrEqual(128)
    expect(body).toMatch(/^Bad request: ….*\/elements\/0\/title is required$/)
  })

  it.each([text, rich(card)])('[CNT2] quick replies pass beside $type', async (event) => {
    const { body } = await publish(max, { ...event, quickReplies })
    expect((await eventAt(ann, body.sequence)).event).toEqual({ ...event, quickReplies })
  })

  it.each([text, rich(card)])(
    '[CNT2] bad quick replies beside $type are refused',
    async (event) => {
      const { itemsPerRow: _, ...lacking } = quickReplies
      expect(await publish(max, { ...event, quickReplies: lacking })).toMatchObject({
        code: 400,
        body: 'Bad request: /quickReplies/itemsPerRow is required',
      })
    },
  )

  it('[CNT2] null for quick replies is left out', async () => {
    const { body } = await publish(max, { ...text, quickReplies: null })
    expect((await eventAt(ann, body.sequence)).event).toEqual(text)
  })

  it('[CNT1] bots and agents that do not manage are held to the same', async () => {
    await using own = await agentOf(server, account)
    const { body } = await own.socket.request('ms.PublishEvent', {
      dialogId: id,
      event: rich({ type: 'vertical' }),
    })
    expect(body).toBe('Bad request: /content/elements is required')
  })
})

describe('what consumers compose', () => {
  const odd = { type: 'poem', lines: [{ text: 'a', size: 9000 }], elements: 'none' }

  it('[CNT7] passes untouched', async () => {
    const { body } = await publish(ann, { ...rich(odd), quickReplies: { free: true } })
    const { event } = await eventAt(max, body.sequence)
    expect(event).toEqual({ ...rich(odd), quickReplies: { free: true } })
  })

  it.each([['x'], [[]], [7], [null]])('[CNT7] but must be an object: %j', async (content) => {
    expect((await publish(ann, rich(content))).code).toBe(400)
  })

  it('[CNT7] and so must quick replies', async () => {
    expect((await publish(ann, { ...text, quickReplies: 'yes' })).code).toBe(400)
  })
})

const bombs = [
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  ' \u0001javascript:alert(1)',
  'java\nscript:alert(1)',
  'java\tscr\ript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:x',
]

describe('addresses inside', () => {
  it.each(bombs)('[CNT5] %j is refused from everybody', async (uri) => {
    const detail = 'must not be a javascript, data or vbscript link'
    const place = '/content/elements/0/click/actions/0/uri'
    for (const who of [ann, max]) {
      const answer = await publish(who, rich(linking(uri)))
      expect(answer).toMatchObject({ code: 400, body: `Bad request: ${place} ${detail}` })
    }
    const preview = { type: 'vertical', elements: [{ type: 'linkPreview', url: uri }] }
    expect((await publish(ann, rich(preview))).code).toBe(400)
    expect((await publish(ann, rich({ any: { imageURL: uri } }))).code).toBe(400)
    const replies = [{ ...button, click: { actions: [{ type: 'link', uri }] } }]
    const asked = { ...text, quickReplies: { ...quickReplies, replies } }
    expect((await publish(ann, asked)).body).toMatch(/^Bad request: \/quickReplies\/replies\/0\//)
  })

  it.each([
    'https://example.com/?q=javascript:',
    'tel:+4930123',
    'shop-app://home',
    '/javascript:',
    'mailto:a@example.com',
  ])('[CNT5] %s passes', async (uri) => {
    for (const who of [ann, max]) expect((await publish(who, rich(linking(uri)))).code).toBe(200)
  })

  it('[CNT5] metadata of a click is not looked at', async () => {
    const click = { metadata: [{ type: 'ExternalId', url: 'data:x' }] }
    const content = { type: 'vertical', elements: [{ ...button, click }] }
    for (const who of [ann, max]) expect((await publish(who, rich(content))).code).toBe(200)
  })
})

const image = (url: unknown) => ({ type: 'vertical', elements: [{ type: 'image', url }] })

describe('images', () => {
  it.each(['http://example.com/a.png', '//example.com/a.png', 'a.png', 'https://', 'ftp://x/a'])(
    '[CNT6] %s is refused',
    async (url) => {
      for (const who of [ann, max])
        expect(await publish(who, rich(image(url)))).toMatchObject({
          code: 400,
          body: 'Bad request: /content/elements/0/url must be an https address',
        })
    },
  )

  it('[CNT6] come from the hosts that the account lists', async () => {
    const tenant = await server.account({ imageHosts: ['img.example.com', '*.cdn.example.com'] })
    await using eva = await consumerOf(server, tenant.id)
    const dialogId = await open(eva)
    const codeOf = async (url: string) =>
      (await eva.socket.request('ms.PublishEvent', { dialogId, event: rich(image(url)) })).code
    for (const host of ['img.example.com', 'IMG.example.com:8443', 'a.b.cdn.example.com'])
      expect([host, await codeOf(`https://${host}/a.png`)]).toEqual([host, 200])
    for (const host of [
      'example.com',
      'cdn.example.com',
      'evilcdn.example.com',
      'img.example.com@evil.com',
      'img.example.com.evil.com',
    ])
      expect([host, await codeOf(`https://${host}/a.png`)]).toEqual([host, 400])
    expect((await publish(ann, rich(image('https://any.example.org/a.png')))).code).toBe(200)
  })
})

/** What administration answers to a change of the hosts. */
const settingHosts = async (accountId: string, imageHosts: unknown): Promise<number> => {
  const { status } = await fetch(`${server.url}/api/account/${accountId}/ringdown/v1/settings`, {
    method: 'PATCH',
    headers: {
      authorization: `Bearer ${server.running.adminToken}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ imageHosts }),
  })
  return status
}

describe('the hosts of images', () => {
  it('[CNT6] are set by administration, as plain names', async () => {
    const { id: tenant } = await server.account()
    expect(await settingHosts(tenant, ['img.example.com', '*.example.org', 'localhost'])).toBe(200)
    for (const bad of ['https://a.example', 'a.example/path', 'a b', '*', 'A.example', ''])
      expect([bad, await settingHosts(tenant, [bad])]).toEqual([bad, 400])
  })
})

/** Levels of objects and lists, the outermost included. */
const nested = (levels: number): unknown => {
  let value: unknown = {}
  for (let level = 1; level < levels; level += 1) value = { a: value }
  return value
}

describe('depth', () => {
  it('[CNT4] ends at 32 levels', async () => {
    expect((await publish(ann, rich(nested(32)))).code).toBe(200)
    const { code, body } = await publish(ann, rich(nested(33)))
    expect({ code, body }).toEqual({
      code: 400,
      body: expect.stringMatching(/deeper than 32 levels$/),
    })
    expect((await publish(ann, rich({ metadata: nested(32) }))).code).toBe(400)
    expect((await publish(ann, { ...text, quickReplies: nested(33) })).code).toBe(400)
  })

  it.each([
    ['[', ']'],
    ['{"a":', '}'],
  ])('[CNT4] is measured in JSON text too: %s', async (bracket, end) => {
    const deep = `${bracket.repeat(20_000)}1${end.repeat(20_000)}`
    for (const who of [ann, max]) {
      const { code, body } = await publish(who, rich(`{"metadata":${deep}}`))
      expect({ code, body }).toEqual({ code: 400, body: expect.stringMatching(/32 levels$/) })
      expect((await publish(who, rich(bracket.repeat(20_000)))).code).toBe(400)
    }
  })
})

describe('texts', () => {
  const LIMIT = 64 * 1024

  it('[CNT8] hold 1 byte to 64 KiB', async () => {
    const sizes = [1, LIMIT - 1, LIMIT]
    for (const size of sizes) expect((await say(ann, id, 'x'.repeat(size))).code).toBe(200)
    expect((await say(ann, id, '€'.repeat(Math.floor(LIMIT / 3)))).code).toBe(200)
  })

  it.each([
    ['', /event\.message/],
    ['x'.repeat(LIMIT + 1), /event\.message is too large$/],
    ['€'.repeat(Math.ceil(LIMIT / 3)), /event\.message is too large$/],
  ])('[CNT8] nothing else: %#', async (message, sentence) => {
    const answer = await say(ann, id, message)
    expect(answer).toMatchObject({ code: 400, body: expect.stringMatching(sentence) })
    expect((await say(ann, id, 'still here')).code).toBe(200)
  })
})
