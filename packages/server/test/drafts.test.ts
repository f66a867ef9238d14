import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ManualClock } from '../src/testing/manual-clock.ts'
import { type TestAgent, type TestServer, testServer } from '../src/testing/test-server.ts'
import { change, closing, consumerOf, joining, managerOf, open } from './given.ts'
import { assign } from './service-calls.ts'

const DAY = 86_400_000

let server: TestServer
let account: string
const logged: string[] = []
const clock = new ManualClock()

beforeAll(async () => {
  const log = pino({ level: 'debug' }, { write: (line: string) => logged.push(line) })
  server = await testServer({
    clock,
    log,
    limits: { draftBytes: 40, draftsPerAgent: 2, draftBytesPerAgent: 150 },
  })
  account = (await server.account()).id
})
afterAll(() => server[Symbol.asyncDispose]())

interface Answer {
  readonly status: number
  readonly etag: string | null
  // biome-ignore lint/suspicious/noExplicitAny: whatever the server says
  readonly body: any
}

const ask = async (
  { bearer }: Pick<TestAgent, 'bearer'>,
  {
    path = '',
    body,
    ifMatch,
    of = account,
  }: Partial<Record<'path' | 'of', string>> & {
    body?: object
    ifMatch?: string | null
  } = {},
): Promise<Answer> => {
  const address = `${server.url}/api/account/${of}/ringdown/v1/me/drafts${path}`
  const response = await fetch(address, {
    headers: {
      authorization: `Bearer ${bearer}`,
      ...(ifMatch && { 'if-match': ifMatch }),
    },
    ...(body && { method: 'PUT', body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const parsed = text === '' ? undefined : JSON.parse(text)
  return { status: response.status, etag: response.headers.get('etag'), body: parsed }
}

const put = (agent: TestAgent, dialogId: string, body: object, ifMatch?: string | null) =>
  ask(agent, { path: `/${dialogId}`, body, ...(ifMatch && { ifMatch }) })

/** An agent that serves a consumer. */
const served = async (stack: AsyncDisposableStack) => {
  const consumer = stack.use(await consumerOf(server, account))
  const max = stack.use(await managerOf(server, account))
  const id = await open(consumer)
  await change(max, id, joining('ASSIGNED_AGENT'))
  return { consumer, max, agent: max.agent, id }
}

describe('an agent’s drafts', () => {
  it('[DRF1] [DRF2] are written, replaced, read on another browser and gone when sent', async () => {
    await using stack = new AsyncDisposableStack()
    const { agent, id } = await served(stack)
    const first = await put(agent, id, { text: 'Dear' })
    expect(first).toMatchObject({ status: 200, etag: `"${first.body.revision}"` })
    const second = await put(agent, id, { text: 'Sorry', isNote: true, at: 5 }, first.etag)
    expect(second.body).toEqual({
      dialogId: id,
      conversationId: id,
      revision: second.body.revision,
      text: 'Sorry',
      isNote: true,
      at: 5,
      others: [],
    })
    const elsewhere = await server.login(account, agent.loginName)
    expect((await ask(elsewhere)).body).toEqual({ drafts: [second.body] })
    expect(await put(agent, id, { text: '' }, second.etag)).toMatchObject({ status: 204 })
    expect((await ask(elsewhere)).body).toEqual({ drafts: [] })
  })

  it('[DRF3] [DRF4] two browsers lose nothing, and neither writes in the future', async () => {
    await using stack = new AsyncDisposableStack()
    const { agent, id } = await served(stack)
    await put(agent, id, { text: 'From the office', at: 1 })
    const merged = await put(agent, id, { text: 'From home', at: clock.now() + DAY }, '"unknown"')
    expect(merged.body).toMatchObject({ text: 'From home', at: clock.now() })
    expect(merged.body.others).toEqual([{ text: 'From the office', isNote: false, at: 1 }])
    const taken = { text: 'From the office', others: [{ text: 'From home', at: 2 }] }
    const swapped = await put(agent, id, taken, merged.etag)
    expect(swapped.body.others).toEqual([{ text: 'From home', isNote: false, at: 2 }])
  })

  it('[DRF7] a writer that lost the answer still knows what it wrote', async () => {
    await using stack = new AsyncDisposableStack()
    const { agent, id } = await served(stack)
    const first = await put(agent, id, { text: 'Hello', revision: 'mine-1' })
    expect(first).toMatchObject({ etag: '"mine-1"', body: { revision: 'mine-1' } })
    expect(await put(agent, id, { text: '' }, '"older", "mine-1"')).toMatchObject({ status: 204 })
    await put(agent, id, { text: 'Hello', at: 1 })
    const merged = await put(agent, id, { text: 'Bye', revision: 'mine-2' }, '"mine-1"')
    expect(merged.body.others).toHaveLength(1)
    expect(merged.body.revision).not.toBe('mine-2')
    for (const revision of ['', 'a"b', 'x'.repeat(65), 5])
      expect(await put(agent, id, { text: 'x', revision })).toMatchObject({ status: 400 })
  })

  it('[DRF5] [DRF4] have a size and a number, and values that fit', async () => {
    await using stack = new AsyncDisposableStack()
    const { agent, id, max, consumer } = await served(stack)
    const refused = (body: object) => put(agent, id, body)
    const long = await refused({ text: 'ü'.repeat(21) })
    expect(long).toMatchObject({ status: 400 })
    expect(long.body.error.message).toBe('text has at most 40 bytes')
    for (const body of [
      {},
      { text: 5 },
      { text: '', colour: 'red' },
      { text: 'x', isNote: 1 },
      { text: 'x', at: -1 },
      { text: 'x', others: {} },
      { text: 'x', others: ['x'] },
      { text: 'x', others: [{ text: 'ü'.repeat(21) }] },
      { text: 'x', others: Array(4).fill({ text: 'x' }) },
    ])
      expect(await refused(body), JSON.stringify(body)).toMatchObject({ status: 400 })
    expect(await refused({ text: 'ü'.repeat(20) })).toMatchObject({ status: 200 })
    const ids = [await open(consumer), await open(consumer)] as const
    for (const one of ids) await change(max, one, joining('ASSIGNED_AGENT'))
    expect(await put(agent, ids[0], { text: 'x' })).toMatchObject({ status: 200 })
    expect(await put(agent, ids[1], { text: 'x' })).toMatchObject({ status: 409 })
    expect(await refused({ text: 'again' })).toMatchObject({ status: 200 })
  })

  it('[DRF1] are emptied also where the agent sees the conversation no longer', async () => {
    await using stack = new AsyncDisposableStack()
    const consumer = stack.use(await consumerOf(server, account))
    const id = await open(consumer)
    const agent = await server.agent(account)
    await assign(server, { ...agent, accountId: account }, id)
    const { etag } = await put(agent, id, { text: 'Hello' })
    const socket = stack.use(await server.agentSocket(account, agent.bearer))
    await change({ socket }, id, joining('ASSIGNED_AGENT', 'REMOVE'))
    expect(await put(agent, id, { text: 'Hello you' }, etag)).toMatchObject({ status: 404 })
    expect(await put(agent, id, { text: '' }, '"unknown"')).toMatchObject({
      status: 200,
      body: { text: 'Hello' },
    })
    const [{ revision }] = (await ask(agent)).body.drafts
    expect(await put(agent, id, { text: ' ' }, `"${revision}"`)).toMatchObject({ status: 204 })
    expect((await ask(agent)).body).toEqual({ drafts: [] })
    expect(await put(agent, id, { text: '' })).toEqual(await put(agent, 'none', { text: '' }))
  })

  it('[DRF5] have so many bytes together', async () => {
    await using stack = new AsyncDisposableStack()
    const { agent, id, max, consumer } = await served(stack)
    const second = await open(consumer)
    await change(max, second, joining('ASSIGNED_AGENT'))
    const others = [{ text: 'y'.repeat(40), at: 1 }]
    expect(await put(agent, id, { text: 'x'.repeat(40), others })).toMatchObject({ status: 200 })
    const refused = await put(agent, second, { text: 'x'.repeat(40) })
    expect(refused).toMatchObject({ status: 409 })
    expect(refused.body.error.message).toBe('Drafts of an agent have at most 150 bytes')
    expect(await put(agent, second, { text: 'x'.repeat(30) })).toMatchObject({ status: 200 })
  })

  it('[DRF1] are nobody else’s, of conversations that the agent may see', async () => {
    await using stack = new AsyncDisposableStack()
    const { agent, id } = await served(stack)
    await put(agent, id, { text: 'secret of its own' })
    const colleague = await server.agent(account)
    const manager = await server.agent(account, { roles: ['manager'] })
    const { id: other } = await server.account()
    const stranger = await server.agent(other, { roles: ['manager'] })
    expect((await ask(colleague)).body).toEqual({ drafts: [] })
    expect((await ask(manager)).body).toEqual({ drafts: [] })
    const unseen = await put(colleague, id, { text: 'x' })
    expect(unseen).toEqual(await put(colleague, 'none', { text: 'x' }))
    expect(unseen).toMatchObject({ status: 404, body: { error: { code: 'dialog_not_found' } } })
    expect(await put(manager, id, { text: 'x' })).toMatchObject({ status: 200 })
    const across = (path: string, of: string) => ask(stranger, { path, of, body: { text: 'x' } })
    expect(await across(`/${id}`, account)).toMatchObject({ status: 401 })
    expect(await across(`/${id}`, other)).toMatchObject({ status: 404 })
    expect(await ask({ bearer: 'none' })).toMatchObject({ status: 401 })
    expect((await ask(agent)).body.drafts).toMatchObject([{ text: 'secret of its own' }])
  })

  it('[DRF6] go by themselves a while after the conversation, and no log knew them', async () => {
    await using stack = new AsyncDisposableStack()
    const { agent, id, max } = await served(stack)
    await put(agent, id, { text: 'secret beginning' })
    await put(agent, 'none', { text: 'secret beginning' })
    await change(max, id, closing)
    const texts = async () =>
      (await server.services.store.read('drafts', { accountId: account, agentId: agent.id })).length
    await clock.leap(29 * DAY)
    expect(await texts()).toBe(1)
    await clock.leap(2 * DAY)
    await clock.advance(3_600_000)
    await expect.poll(texts).toBe(0)
    expect(logged.length).toBeGreaterThan(0)
    expect(logged.join('')).not.toContain('secret')
  })
})
