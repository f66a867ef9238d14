import { methodNames, methods } from '@ringdown/protocol'
import { describe, expect, it } from 'vitest'
import {
  ClientClosed,
  type DialogEvent,
  type LinkState,
  type MessagingClient,
  type OutboxEntry,
  type OutboxStorage,
  RequestRefused,
  signUp,
  type TokenNeed,
  waitBefore,
  wireNames,
} from '../src/index.ts'
import { World } from './world.ts'

const place = World.shared()

const open = async (client: MessagingClient): Promise<string> => {
  const { conversationId } = await client.request('requestConversation', {})
  return conversationId
}

const textOf = ({ event }: DialogEvent): string => event['message'] as string

/** Reads so many messages and leaves. */
const messages = async (
  events: AsyncIterable<DialogEvent>,
  count: number,
): Promise<DialogEvent[]> => {
  const read: DialogEvent[] = []
  for await (const event of events) {
    if (event.event.type === 'ContentEvent') read.push(event)
    if (read.length === count) break
  }
  return read
}

const until = async <State extends { readonly kind: string }>(
  states: AsyncIterable<State>,
  kind: State['kind'],
): Promise<State | undefined> => {
  for await (const state of states) if (state.kind === kind) return state
  return undefined
}

describe('requests', () => {
  it('[CLI1] have the names that the registry gives them in version 3', () => {
    for (const name of methodNames) {
      const names = Object.values(methods[name].names)
      expect(names.map((one) => one[3].request)).toContain(wireNames[name])
    }
  })

  it('[CLI1] are answered with the body, or refused with code and words', async () => {
    using client = await place.consumer()
    const id = await open(client)
    const answer = await client.request('publishEvent', {
      dialogId: id,
      event: { type: 'ContentEvent', contentType: 'text/plain', message: 'hello' },
    })
    expect(answer).toEqual({ sequence: 0 })
    const refused = client.request('subscribeMessagingEvents', { dialogId: 'none' })
    await expect(refused).rejects.toMatchObject({ code: 404, body: 'Dialog not found' })
    await expect(refused).rejects.toBeInstanceOf(RequestRefused)
  })

  it('[CLI1] end with their signal, before a connection and during one', async () => {
    using client = await place.consumer({ token: () => new Promise(() => {}) })
    const stop = new AbortController()
    const waiting = client.request('getClock', {}, { signal: stop.signal })
    stop.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
    await expect(client.request('getClock', {}, { signal: stop.signal })).rejects.toThrow('enough')
  })

  it('[CLI1] are refused after closing', async () => {
    const client = await place.consumer()
    client.close()
    await expect(client.request('getClock', {})).rejects.toBeInstanceOf(ClientClosed)
    expect(client.state.kind).toBe('closed')
  })
})

describe('a connection', () => {
  it('[CLI2] is made again when it is lost, and says what it does', async () => {
    using client = await place.consumer()
    const seen: LinkState['kind'][] = []
    const stop = new AbortController()
    const watched = (async () => {
      for await (const { kind } of client.states(stop.signal)) seen.push(kind)
    })()
    await client.request('getClock', {})
    place.network.cut()
    await until(client.states(), 'waiting')
    await client.request('getClock', {})
    stop.abort()
    await watched
    expect(seen.join(' ')).toMatch(/^(connecting )?open waiting connecting open$/)
  })

  it('[CLI3] of an anonymous identity that ended asks for its extension', async () => {
    const asked: TokenNeed[] = []
    using client = await place.consumer({
      token: async (need) => {
        asked.push(need)
        return asked.length === 1 ? place.shortLived() : signUp(place.place)
      },
    })
    await expect.poll(() => asked, { timeout: 30_000 }).toEqual(['first', 'extend'])
    await client.request('getClock', {})
    expect(asked).toEqual(['first', 'extend'])
  })

  it('[CLI3] of an agent who was logged out asks for another login', async () => {
    const asked: TokenNeed[] = []
    const { login } = await place.agent()
    const { client } = await place.agent({
      token: async (need) => {
        asked.push(need)
        if (asked.length === 1) return login.bearer
        return (await place.server.login(place.accountId, login.loginName)).bearer
      },
    })
    using agent = client
    await agent.request('getClock', {})
    await place.logOut(login)
    await until(agent.states(), 'waiting')
    await agent.request('getClock', {})
    expect(asked).toEqual(['first', 'expired'])
  })

  it('[CLI3] with a token that the server refuses asks for another one', async () => {
    const asked: TokenNeed[] = []
    using client = await place.consumer({
      token: async (need) => {
        asked.push(need)
        return asked.length === 1 ? 'no.such.token' : signUp(place.place)
      },
    })
    await client.request('getClock', {})
    expect(asked[0]).toBe('first')
    expect(asked).toContain('expired')
  })

  it('[CLI3] of a consumer keeps its token while nothing can be opened', async () => {
    const asked: TokenNeed[] = []
    using client = await place.consumer({
      token: async (need) => {
        asked.push(need)
        return signUp(place.place)
      },
    })
    const own = await client.request('getUserProfile', {})
    place.network.goDown()
    for await (const state of client.states())
      if (state.kind === 'connecting' && state.attempt === 4) break
    place.network.comeBack()
    expect(await client.request('getUserProfile', {})).toEqual(own)
    expect(asked).toEqual(['first'])
  })

  it('[CLI3] ends when its identity cannot be renewed', async () => {
    using client = await place.consumer({
      token: async () => {
        throw new ClientClosed('the brand knows nobody of that name')
      },
    })
    await expect(client.request('getClock', {})).rejects.toThrow('the brand knows nobody')
    expect(client.state).toMatchObject({ kind: 'closed' })
  })

  it('[CLI2] waits longer with each attempt, by chance and within bounds', () => {
    const backoff = { firstMs: 100, mostMs: 1_000 }
    const waits = (chance: number) => [0, 1, 2, 3, 9].map((n) => waitBefore(n, backoff, chance))
    expect(waits(0)).toEqual([50, 100, 200, 400, 500])
    expect(waits(0.9999).map(Math.round)).toEqual([100, 200, 400, 800, 1_000])
  })
})

describe('events', () => {
  it('[CLI4] come once and in order although connections are cut', async () => {
    using writer = await place.consumer()
    const id = await open(writer)
    const { client } = await place.agent()
    using reader = client
    const COUNT = 60
    const read = messages(reader.events(id), COUNT)
    for (let number = 0; number < COUNT; number += 1) {
      await writer.say(id, `message ${number}`)
      if (number % 9 === 4) place.network.cut()
    }
    const all = await read
    expect(all.map(textOf)).toEqual(Array.from({ length: COUNT }, (_, i) => `message ${i}`))
    expect(all.map(({ sequence }) => sequence)).toEqual(all.map((_, index) => index))
  })

  it('[CLI4] start where they are asked to', async () => {
    using client = await place.consumer()
    const id = await open(client)
    for (const text of ['a', 'b', 'c']) await client.say(id, text)
    const read = await messages(client.events(id, { from: 1 }), 2)
    expect(read.map(textOf)).toEqual(['b', 'c'])
  })

  it('[CLI4] of a dialog that is none end with the refusal', async () => {
    using client = await place.consumer()
    await expect(messages(client.events('none'), 1)).rejects.toMatchObject({ code: 404 })
  })

  it('[CLI4] hide private messages from a consumer without taking them for a gap', async () => {
    using consumer = await place.consumer()
    const id = await open(consumer)
    const { client, login } = await place.agent()
    using agent = client
    await agent.request('updateConversationField', {
      conversationId: id,
      conversationField: [
        { field: 'ParticipantsChange', type: 'ADD', role: 'MANAGER', userId: login.id },
      ],
    })
    const read = messages(consumer.events(id), 2)
    await consumer.say(id, 'hello')
    const event = { type: 'ContentEvent', contentType: 'text/plain', message: 'a whisper' }
    await agent.outbox.send({ dialogId: id, event, isPrivate: true })
    await agent.say(id, 'good day')
    expect((await read).map(textOf)).toEqual(['hello', 'good day'])
  })
})

describe('conversations', () => {
  it('[CLI5] are known as they are, after a lost connection too', async () => {
    using consumer = await place.consumer()
    const stop = new AbortController()
    const changes = consumer.conversations({ convState: ['OPEN'] }, stop)
    const known = async (isWanted: (ids: string[]) => boolean): Promise<string[]> => {
      for (;;) {
        const { value } = await changes.next()
        const ids = [...(value?.conversations.keys() ?? [])]
        if (!value || isWanted(ids)) return ids
      }
    }
    const first = await open(consumer)
    const second = await open(consumer)
    expect(await known((ids) => ids.length === 2)).toEqual([first, second])
    // Closed by another device while this one is away.
    place.network.goDown()
    const { client } = await place.agent({ origin: place.server.url })
    using agent = client
    const closing = { field: 'ConversationStateField', conversationState: 'CLOSE' } as const
    await agent.request('updateConversationField', {
      conversationId: first,
      conversationField: [closing],
    })
    place.network.comeBack()
    expect(await known((ids) => !ids.includes(first))).toEqual([second])
    stop.abort()
    expect((await changes.next()).done).toBe(true)
  })
})

const memory = (): OutboxStorage & { readonly text: () => string } => {
  let kept: string | undefined
  return {
    load: () => kept,
    save: (text) => {
      kept = text
    },
    text: () => kept ?? '',
  }
}

describe('the outbox', () => {
  it('[CLI6] says each message once and in order however often connections are cut', async () => {
    using consumer = await place.consumer()
    const id = await open(consumer)
    const COUNT = 80
    const sent = Array.from({ length: COUNT }, (_, number) => consumer.say(id, `part ${number}`))
    const cutting = (async () => {
      for await (const { length } of lengths(consumer)) if (length % 20 === 10) place.network.cut()
    })()
    const sequences = (await Promise.all(sent)).map(({ sequence }) => sequence)
    expect(sequences).toEqual(sequences.toSorted((one, other) => one - other))
    expect(new Set(sequences).size).toBe(COUNT)
    const stored = await consumer.request('queryMessages', { dialogId: id })
    expect(stored).toHaveLength(COUNT)
    consumer.close()
    await cutting
  })

  it('[CLI6] keeps what was not sent over a reload', async () => {
    const storage = memory()
    const jwt = await signUp(place.place)
    const token = async () => jwt
    using before = await place.consumer({ token, storage })
    const id = await open(before)
    place.network.goDown()
    const lost = before.say(id, 'written in a tunnel')
    await expect.poll(() => storage.text()).toContain('tunnel')
    before.close()
    await expect(lost).rejects.toThrow()
    place.network.comeBack()
    using after = await place.consumer({ token, storage })
    const [message] = await messages(after.events(id), 1)
    expect(message && textOf(message)).toBe('written in a tunnel')
    await expect.poll(() => storage.text()).toBe('[]')
  })

  it('[CLI6] says everything also where storage is broken', async () => {
    const broken = (): never => {
      throw new Error('the quota is used up')
    }
    using consumer = await place.consumer({ storage: { load: () => 'no JSON', save: broken } })
    const id = await open(consumer)
    expect(await consumer.say(id, 'all the same')).toMatchObject({ sequence: 0 })
  })

  it('[CLI6] keeps what the server does not want until it is retried or discarded', async () => {
    using consumer = await place.consumer()
    const id = await open(consumer)
    const bad = consumer.outbox.send({ dialogId: id, event: { type: 'ContentEvent' } })
    const behind = consumer.say(id, 'behind it')
    await expect(bad).rejects.toMatchObject({ code: 400 })
    const [failed, waiting] = consumer.outbox.entries as [OutboxEntry, OutboxEntry]
    expect([failed.state, waiting.state]).toEqual(['failed', 'waiting'])
    expect(failed.problem).toContain('400')
    consumer.outbox.retry(failed.id)
    await expect
      .poll(() => consumer.outbox.entries.map(({ state }) => state))
      .toEqual(['failed', 'waiting'])
    expect(consumer.outbox.discard(failed.id)).toBe(true)
    expect(await behind).toMatchObject({ sequence: 0 })
    expect(consumer.outbox.entries).toEqual([])
  })
})

async function* lengths(client: MessagingClient): AsyncGenerator<{ length: number }> {
  const stop = new AbortController()
  const stopped = until(client.states(), 'closed').then(() => stop.abort())
  for await (const entries of client.outbox.changes(stop.signal)) yield { length: entries.length }
  await stopped
}

it('[CLI7] the server’s time is known to within the round trip', async () => {
  using client = await place.consumer()
  await client.clock.measure()
  expect(Math.abs(client.clock.now() - place.server.services.clock.now())).toBeLessThan(500)
})
