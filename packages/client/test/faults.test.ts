/** What goes wrong on the way: silence, refusals that pass, answers that come too late. */
import { createServer, type Server, type Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import {
  ClientClosed,
  type ClientOptions,
  isPassing,
  type LinkState,
  type MessagingClient,
  RequestRefused,
  RequestTimedOut,
  signUp,
  type TokenNeed,
  untilTaken,
} from '../src/index.ts'
import { World } from './world.ts'

const PATIENCE = { timeout: 60_000 }

const place = World.shared()

const until = async (client: MessagingClient, kind: LinkState['kind']): Promise<LinkState> => {
  for await (const state of client.states()) if (state.kind === kind) return state
  throw new Error('The client was closed')
}

const open = async (client: MessagingClient): Promise<string> =>
  (await client.request('requestConversation', {})).conversationId

/** How many subscriptions the server holds for somebody. */
const subscriptions = (
  actorId: string,
  kind: 'conversations' | 'rings' | 'agent_states' = 'conversations',
): number =>
  [...place.server.services.sessions.all]
    .filter(({ identity }) => identity?.id === actorId)
    .reduce((sum, session) => sum + session.subscriptions(kind).length, 0)

/** A consumer whose requests soon count as late, and one of the same name who is patient. */
const impatient = async (options: Partial<ClientOptions> = {}) => {
  const jwt = await signUp(place.place)
  const { sub } = JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString())
  const token = async () => jwt
  return {
    id: sub as string,
    client: await place.consumer({ token, timeoutMs: 500, ...options }),
    patient: await place.consumer({ token, origin: place.server.url }),
  }
}

/** Takes connections, and says nothing on them. */
class Mute implements AsyncDisposable {
  readonly sockets = new Set<Socket>()
  readonly #server: Server = createServer((socket) => {
    this.sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => this.sockets.delete(socket))
    socket.resume()
  })

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as { port: number }).port}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

describe('a connection', () => {
  it('[CLI14] that does not open in time is given up and tried again', async () => {
    await using mute = new Mute()
    using client = await place.consumer({ origin: await mute.listen(), openTimeoutMs: 50 })
    const attempts: number[] = []
    for await (const state of client.states()) {
      if (state.kind === 'connecting') attempts.push(state.attempt)
      if (attempts.length === 3) break
    }
    expect(attempts).toEqual([0, 1, 2])
    client.close()
    await expect.poll(() => mute.sockets.size, PATIENCE).toBe(0)
  })

  it('[CLI14] that is half open is made anew', async () => {
    const { client, patient } = await impatient({ keepAliveMs: 100 })
    using hasty = client
    using other = patient
    const id = await open(other)
    await until(hasty, 'open')
    place.network.silence()
    const before = place.network.connections
    expect(await hasty.say(id, 'through the next one')).toMatchObject({ sequence: 0 })
    expect(place.network.connections).toBeGreaterThan(before)
  })

  it('[CLI14] is looked at when the network is said to have come back', async () => {
    const { client, patient } = await impatient()
    using hasty = client
    patient.close()
    await until(hasty, 'open')
    place.network.silence()
    hasty.retryNow()
    await until(hasty, 'waiting')
    await until(hasty, 'open')
  })

  it('[CLI14] that is only slow with one answer stays', async () => {
    const { client, patient } = await impatient()
    using hasty = client
    patient.close()
    await until(hasty, 'open')
    const { connections } = place.network
    place.network.hold()
    await expect(hasty.request('getClock', {})).rejects.toBeInstanceOf(RequestTimedOut)
    place.network.release()
    await untilTaken(() => hasty.request('getClock', {}))
    expect([hasty.state.kind, place.network.connections]).toEqual(['open', connections])
  })

  it('[CLI2] a request that follows a lost one at once waits for the next connection', async () => {
    using client = await place.consumer()
    await client.request('getClock', {})
    place.network.hold()
    const lost = client.request('getClock', {}).catch(() => client.request('getClock', {}))
    place.network.cut()
    expect(await lost).toHaveProperty('currentTime')
  })

  it('[CLI3] of a consumer whose tokens are refused one after the other asks for each anew', async () => {
    const asked: TokenNeed[] = []
    const tokens = ['no.such.token', 'nor.this.one', await signUp(place.place)]
    using client = await place.consumer({
      token: async (need) => {
        asked.push(need)
        return tokens[asked.length - 1] ?? ''
      },
    })
    await expect.poll(() => asked, PATIENCE).toEqual(['first', 'expired', 'expired'])
    await client.request('getClock', {})
    expect(asked).toHaveLength(3)
  })
})

describe('what passes', () => {
  it('[CLI15] is told from what does not', () => {
    const codes = [400, 401, 403, 404, 409, 429, 500, 501, 503, 507]
    const passing = codes.filter((code) => isPassing(new RequestRefused('x', code, '')))
    expect(passing).toEqual([401, 429, 500, 503, 507])
    expect(isPassing(new RequestTimedOut(''))).toBe(true)
    expect(isPassing(new ClientClosed(''))).toBe(false)
    expect(isPassing(new TypeError(''))).toBe(false)
  })

  it('[CLI15] is asked again until it is taken: too many at once', async () => {
    await using strict = await World.open({ limits: { requestBurst: 3, requestsPerSecond: 50 } })
    const { client } = await strict.agent()
    using agent = client
    using consumer = await strict.consumer()
    const id = await open(consumer)
    const loops = [
      ...Array.from({ length: 4 }, () => agent.conversations()),
      agent.rings(),
      agent.agentStates(),
      ...Array.from({ length: 4 }, () => agent.conversations({ convState: ['OPEN'] })),
      agent.events(id),
    ]
    await consumer.say(id, 'hello')
    const first = await Promise.all(loops.map((loop) => loop.next()))
    expect(first.map(({ done }) => done)).toEqual(loops.map(() => false))
    agent.close()
  })

  it('[CLI15] is asked again until it is taken: answers that do not come in time', async () => {
    const { client, patient, id: consumerId } = await impatient()
    using hasty = client
    using other = patient
    const id = await open(other)
    await until(hasty, 'open')
    place.network.hold()
    const changes = hasty.conversations()
    await expect.poll(() => subscriptions(consumerId), PATIENCE).toBeGreaterThan(1)
    place.network.release()
    const { value } = await changes.next()
    expect([...(value?.conversations.keys() ?? [])]).toEqual([id])
    // Those that were answered too late are left.
    await expect.poll(() => subscriptions(consumerId), PATIENCE).toBe(1)
    await changes.return?.()
    await expect.poll(() => subscriptions(consumerId), PATIENCE).toBe(0)
  })

  it('[CLI15] what is refused for good ends the loop with the refusal', async () => {
    using client = await place.consumer()
    const bad = client.conversations({ convState: ['AJAR' as 'OPEN'] })
    await expect(bad.next()).rejects.toMatchObject({ name: 'RequestRefused', code: 400 })
  })
})

describe('whoever stops reading', () => {
  it('[CLI15] leaves nothing behind, before the answer and after it', async () => {
    const { client, login } = await place.agent()
    using agent = client
    await agent.request('getClock', {})
    const kinds = ['conversations', 'rings', 'agent_states'] as const
    const held = () => kinds.map((kind) => subscriptions(login.id, kind))
    const follow = () => [agent.conversations(), agent.rings(), agent.agentStates()] as const
    const read = follow()
    await Promise.all(read.map((loop) => loop.next()))
    expect(held()).toEqual([1, 1, 1])
    for (const loop of read) await loop.return?.()
    await expect.poll(held, PATIENCE).toEqual([0, 0, 0])
    for (const loop of follow()) await loop.return?.()
    await agent.request('getClock', {})
    await expect.poll(held, PATIENCE).toEqual([0, 0, 0])
  })

  it('[CLI15] ends nobody else’s stream of a dialog', async () => {
    using client = await place.consumer()
    const id = await open(client)
    await client.say(id, 'one')
    const leaving = client.events(id)
    const staying = client.events(id)
    await Promise.all([leaving.next(), staying.next()])
    await leaving.return?.()
    await client.request('getClock', {})
    const { client: writer } = await place.agent()
    using agent = writer
    const role = { field: 'ParticipantsChange', type: 'ADD', role: 'MANAGER' } as const
    await agent.request('updateConversationField', {
      conversationId: id,
      conversationField: [role],
    })
    await agent.say(id, 'two')
    expect((await staying.next()).value?.event['message']).toBe('two')
  })

  it('[CLI15] by its signal gets nothing more, not even what was not read yet', async () => {
    using client = await place.consumer()
    const id = await open(client)
    const stop = new AbortController()
    const events = client.events(id, stop)
    await client.say(id, 'one')
    await client.say(id, 'two')
    await events.next()
    await client.request('getClock', {})
    stop.abort()
    expect((await events.next()).done).toBe(true)
  })
})

describe('the end of the client', () => {
  it('[CLI20] ends every request, message and loop that waits', async () => {
    const client = await place.consumer()
    const id = await open(client)
    const loops = [client.events(id), client.conversations({ convState: ['CLOSE'] })]
    await loops[1]?.next()
    place.network.silence()
    const outcome = (promise: Promise<unknown>) => promise.catch((error: unknown) => error)
    const asked = outcome(client.request('getClock', {}))
    const said = [outcome(client.say(id, 'one')), outcome(client.say(id, 'two'))]
    await expect.poll(() => client.outbox.entries.length, PATIENCE).toBe(2)
    client.close()
    for (const end of await Promise.all([asked, ...said])) expect(end).toBeInstanceOf(ClientClosed)
    for (const loop of loops) expect((await loop.next()).done).toBe(true)
    expect((await client.events(id).next()).done).toBe(true)
    expect(client.outbox.entries.map(({ state }) => state)).toEqual(['waiting', 'waiting'])
    await expect(client.say(id, 'three')).rejects.toBeInstanceOf(ClientClosed)
  })

  it('[CLI20] for a cause is told to those who read', async () => {
    const cause = new ClientClosed('the login has ended')
    const client = await place.consumer({ token: () => Promise.reject(cause) })
    await expect(client.conversations().next()).rejects.toBe(cause)
    await expect(client.say('any', 'thing')).rejects.toBe(cause)
  })
})
