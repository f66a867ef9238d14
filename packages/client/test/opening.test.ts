/** Conversations that are opened once, and dialogs whose server lost what was read. */
import { describe, expect, it } from 'vitest'
import {
  type DialogEvent,
  DialogReplaced,
  type MessagingClient,
  openConversation,
  RequestTimedOut,
  signUp,
  untilTaken,
} from '../src/index.ts'
import { restorable } from './restorable.ts'
import { World } from './world.ts'

const PATIENCE = { timeout: 60_000 }

const place = World.shared()

const idsOf = async (client: MessagingClient): Promise<string[]> => {
  for await (const { conversations } of client.conversations()) return [...conversations.keys()]
  throw new Error('The client was closed')
}

describe('a conversation', () => {
  it('[CLI18] is opened once although the answer is lost', async () => {
    using client = await place.consumer()
    const watcher = await place.agent({ origin: place.server.url })
    using manager = watcher.client
    const known = manager.conversations()
    await known.next()
    await client.request('getClock', {})
    place.network.hold()
    const opening = openConversation(client, {})
    // The server has it, and its answer was kept back.
    const { value } = await known.next()
    expect(value?.changed).toHaveLength(1)
    place.network.cut()
    const id = await opening
    expect(id).toBe(value?.changed[0]?.convId)
    expect(await idsOf(client)).toEqual([id])
  })

  it('[CLI18] is opened once although the answer does not come in time', async () => {
    using client = await place.consumer({ timeoutMs: 500 })
    await untilTaken(() => client.request('getClock', {}))
    place.network.hold()
    const opening = openConversation(client, {})
    await expect(client.request('getClock', {})).rejects.toBeInstanceOf(RequestTimedOut)
    place.network.release()
    const id = await opening
    expect(await idsOf(client)).toEqual([id])
  })

  it('[CLI18] is opened once although the page that asked was left', async () => {
    const jwt = await signUp(place.place)
    const token = async () => jwt
    const key = crypto.randomUUID()
    using before = await place.consumer({ token })
    const id = await openConversation(before, {}, { key })
    before.close()
    using after = await place.consumer({ token })
    expect(await openConversation(after, {}, { key, isRepeat: true })).toBe(id)
    expect(await openConversation(after, {}, { isRepeat: true })).not.toBe(id)
    expect(await idsOf(after)).toHaveLength(2)
  })

  it('[CLI18] is not opened where it is refused, or not wanted any more', async () => {
    using client = await place.consumer()
    const refused = openConversation(client, { skillId: '404' })
    await expect(refused).rejects.toMatchObject({ code: 400 })
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(openConversation(client, {}, { signal })).rejects.toThrow('enough')
    expect(await idsOf(client)).toEqual([])
  })
})

const next = async (events: AsyncIterator<DialogEvent, undefined>, count: number) => {
  const texts: unknown[] = []
  while (texts.length < count) {
    const { value, done } = await events.next()
    if (done) throw new Error('The loop ended')
    texts.push(value?.event['message'])
  }
  return texts
}

describe('a dialog whose store was restored from a copy', () => {
  it('[CLI17] comes again, and its reader is told between the two', async () => {
    await using server = await restorable()
    const jwt = await signUp(server.world.place)
    using client = await server.world.consumer({ token: async () => jwt })
    const { conversationId: id } = await client.request('requestConversation', {})
    await client.say(id, 'kept')
    server.backUp()
    for (const text of ['lost', 'lost, too', 'lost as well']) await client.say(id, text)
    const seen: unknown[] = []
    const reading = (async () => {
      const onReplaced = () => seen.push('replaced')
      for await (const { event } of client.events(id, { onReplaced })) seen.push(event['message'])
    })()
    await expect.poll(() => seen, PATIENCE).toEqual(['kept', 'lost', 'lost, too', 'lost as well'])
    await server.restore()
    await expect.poll(() => seen.slice(4), PATIENCE).toEqual(['replaced', 'kept'])
    await client.say(id, 'new')
    await expect.poll(() => seen.slice(4), PATIENCE).toEqual(['replaced', 'kept', 'new'])
    client.close()
    await reading
  })

  it('[CLI17] is noticed below the end, too, and a reader who cannot be told is refused', async () => {
    await using server = await restorable()
    const jwt = await signUp(server.world.place)
    using client = await server.world.consumer({ token: async () => jwt })
    const { conversationId: id } = await client.request('requestConversation', {})
    await client.say(id, 'kept')
    server.backUp()
    await client.say(id, 'lost')
    const events = client.events(id)
    expect(await next(events, 2)).toEqual(['kept', 'lost'])
    await server.restore()
    await client.say(id, 'another second')
    await expect(next(events, 1)).rejects.toBeInstanceOf(DialogReplaced)
    const again = client.events(id)
    expect(await next(again, 2)).toEqual(['kept', 'another second'])
  })
})
