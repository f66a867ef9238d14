/** Readers that are behind, and what the outbox does with what is not wanted. */
import { describe, expect, it } from 'vitest'
import { ManualClock } from '../../server/src/testing/index.ts'
import { Channel } from '../src/channel.ts'
import { type MessagingClient, type OutboxStorage, signUp } from '../src/index.ts'
import { World } from './world.ts'

const PATIENCE = { timeout: 60_000 }

const clock = new ManualClock(Date.now())
const place = World.shared({ clock })

const open = async (client: MessagingClient): Promise<string> =>
  (await client.request('requestConversation', {})).conversationId

const text = (message: string) => ({ type: 'ContentEvent', contentType: 'text/plain', message })

describe('a channel', () => {
  it('[CLI16] keeps one unread value where it is replaced or merged', async () => {
    const replaced = new Channel<number>()
    const merged = new Channel<readonly number[]>()
    for (const value of [1, 2, 3]) {
      replaced.replace(value)
      merged.merge([value], (older, newer) => [...older, ...newer])
    }
    expect((await replaced.next()).value).toBe(3)
    expect((await merged.next()).value).toEqual([1, 2, 3])
    merged.merge([4], (older, newer) => [...older, ...newer])
    expect((await merged.next()).value).toEqual([4])
  })

  it('[CLI17] calls between two values once the first was dealt with', async () => {
    const channel = new Channel<string>()
    const seen: string[] = []
    channel.push('a')
    channel.mark(() => seen.push('between'))
    channel.push('b')
    channel.end()
    for await (const value of channel) {
      await Promise.resolve()
      seen.push(value)
    }
    expect(seen).toEqual(['a', 'between', 'b'])
  })
})

it('[CLI23] whatever is followed under a signal that was aborted before ends at once', async () => {
  using client = await place.consumer()
  const { client: agent } = await place.agent()
  using other = agent
  const signal = AbortSignal.abort()
  const followed: readonly AsyncIterable<unknown>[] = [
    client.states(signal),
    client.outbox.changes(signal),
    client.conversations({}, { signal }),
    client.events('none', { signal }),
    other.rings({ signal }),
    other.agentStates({ signal }),
  ]
  for (const one of followed)
    for await (const value of one) expect(value, 'a value of what is over').toBe(undefined)
  expect(followed).toHaveLength(6)
})

describe('a reader that is behind', () => {
  it('[CLI16] gets all changes of conversations as one', async () => {
    using client = await place.consumer()
    const changes = client.conversations({ convState: ['OPEN'] })
    await changes.next()
    const first = await open(client)
    const second = await open(client)
    const closing = { field: 'ConversationStateField', conversationState: 'CLOSE' } as const
    const conversationField = [closing]
    await client.request('updateConversationField', { conversationId: first, conversationField })
    // Frames keep their order: all of it has come.
    await client.request('getClock', {})
    const { value } = await changes.next()
    expect([...(value?.conversations.keys() ?? [])]).toEqual([second])
    expect(value?.changed.map(({ convId }) => convId)).toEqual([second])
    expect(value?.gone).toEqual([first])
  })

  it('[CLI16] gets the newest states of agents, and of the connection', async () => {
    const { client, login } = await place.agent()
    using agent = client
    const states = agent.agentStates({ agentId: login.id })
    const link = agent.states()[Symbol.asyncIterator]()
    await states.next()
    for (const availability of ['ONLINE', 'AWAY', 'BACK_SOON'] as const)
      await agent.request('setAgentState', { availability })
    await agent.request('getClock', {})
    const { value } = await states.next()
    expect(value?.get(login.id)?.availability).toBe('BACK_SOON')
    expect((await link.next()).value).toEqual({ kind: 'open' })
  })

  it('[CLI5] of two loops hears of what left the one although it is in the other', async () => {
    using consumer = await place.consumer({ origin: place.server.url })
    const id = await open(consumer)
    const { client, login } = await place.agent()
    using manager = client
    const own = manager.conversations({ convState: ['OPEN'], agentIds: [login.id] })
    const all = manager.conversations({ convState: ['OPEN'] })
    const change = async (agent: MessagingClient, type: 'ADD' | 'REMOVE') => {
      const field = {
        field: 'ParticipantsChange',
        type,
        role: 'MANAGER',
        userId: login.id,
      } as const
      await agent.request('updateConversationField', {
        conversationId: id,
        conversationField: [field],
      })
    }
    await change(manager, 'ADD')
    let known: ReadonlyMap<string, unknown> = new Map()
    const reading = (async () => {
      for await (const { conversations } of own) known = conversations
    })()
    await expect.poll(() => [...known.keys()], PATIENCE).toEqual([id])
    await all.next()
    const { client: elsewhere } = await place.agent({
      origin: place.server.url,
      token: async () => login.bearer,
    })
    using same = elsewhere
    await same.request('getClock', {})
    place.network.goDown()
    await change(same, 'REMOVE')
    place.network.comeBack()
    await expect.poll(() => [...known.keys()], PATIENCE).toEqual([])
    await own.return?.()
    await reading
  })
})

describe('the outbox', () => {
  it('[CLI19] drops a receipt that is refused, and goes on', async () => {
    using client = await place.consumer()
    const id = await open(client)
    const action = { type: 'AcceptStatusEvent', status: 'ACTION', sequenceList: ['no number'] }
    const refused = client.outbox.send({ dialogId: id, event: action })
    const said = client.say(id, 'behind it')
    await expect(refused).rejects.toMatchObject({ code: 400 })
    expect(await said).toMatchObject({ sequence: 0 })
    expect(client.outbox.entries).toEqual([])
  })

  it('[CLI6] tries again what is retried the moment it fails', async () => {
    using client = await place.consumer()
    const id = await open(client)
    const tries: string[] = []
    const bad = client.outbox.send({ dialogId: id, event: { type: 'ContentEvent' } })
    void bad.catch(() => {})
    for await (const [entry] of client.outbox.changes()) {
      if (entry?.state !== 'failed') continue
      tries.push(entry.problem ?? '')
      if (tries.length === 5) break
      client.outbox.retry(entry.id)
    }
    expect(tries).toHaveLength(5)
  })

  it('[CLI6] keeps the newest although its storage takes its time', async () => {
    const saves: { readonly text: string; readonly done: () => void }[] = []
    const storage: OutboxStorage = {
      load: () => undefined,
      save: (entries) =>
        new Promise((done) => void saves.push({ text: entries, done: () => done() })),
    }
    using client = await place.consumer({ storage, origin: 'http://127.0.0.1:1' })
    for (const message of ['one', 'two', 'three'])
      void client.outbox.send({ dialogId: 'd', event: text(message) }).catch(() => {})
    await expect.poll(() => saves.length, PATIENCE).toBe(1)
    saves[0]?.done()
    // The next one begins when the one before is over, and holds all there is by then.
    await expect.poll(() => saves.length, PATIENCE).toBe(2)
    expect(saves[1]?.text).toContain('three')
  })

  it.each([['null'], ['{"id":"x"}'], ['[null, 7, {"id":"x"}]']])(
    '[CLI6] says everything also where something else was kept: %s',
    async (kept) => {
      using client = await place.consumer({ storage: { load: () => kept, save: () => {} } })
      const id = await open(client)
      expect(await client.say(id, 'all the same')).toMatchObject({ sequence: 0 })
    },
  )

  it('[CLI6] says what two tabs kept alike once', async () => {
    const jwt = await signUp(place.place)
    const token = async () => jwt
    using before = await place.consumer({ token })
    const id = await open(before)
    const entry = { id: crypto.randomUUID(), dialogId: id, event: text('twice'), state: 'sending' }
    const storage = { load: () => JSON.stringify([entry]), save: () => {} }
    using one = await place.consumer({ storage, token })
    using other = await place.consumer({ storage, token })
    for (const tab of [one, other]) await tab.say(id, 'behind it')
    const stored = await before.request('queryMessages', { dialogId: id })
    expect(stored.map(({ event }) => 'message' in event && event.message)).toEqual([
      'twice',
      'behind it',
      'behind it',
    ])
  })
})

it('[CLI7] the server’s time is known again after a clock was set', async () => {
  using client = await place.consumer()
  for (let time = 0; time < 5; time += 1) await client.clock.measure()
  clock.jump(3_600_000)
  await client.clock.measure()
  expect(Math.abs(client.clock.now() - clock.now())).toBeLessThan(60_000)
})
