/** What agents alone follow, and how a login is kept. */
import { describe, expect, it } from 'vitest'
import {
  type AgentState,
  keepLogin,
  logIn,
  logOut,
  RequestRefused,
  type Ring,
} from '../src/index.ts'
import { World } from './world.ts'

const place = World.shared()

const next = async <T>(
  stream: AsyncIterator<T, undefined>,
  isWanted: (value: T) => boolean,
): Promise<T> => {
  for (;;) {
    const { value, done } = await stream.next()
    if (done) throw new Error('The stream ended')
    if (isWanted(value as T)) return value as T
  }
}

describe('an agent', () => {
  it('[CLI9] follows its rings, also over a lost connection, until they are answered', async () => {
    const { client } = await place.agent()
    using agent = client
    const rings = agent.rings()
    const count = (wanted: number) => (waiting: readonly Ring[]) => waiting.length === wanted
    await next(rings, count(0))
    await agent.request('setAgentState', { availability: 'ONLINE' })
    using consumer = await place.consumer()
    const { conversationId } = await consumer.request('requestConversation', {})
    const [ring] = await next(rings, count(1))
    expect(ring).toMatchObject({ convId: conversationId, ringState: 'WAITING' })
    place.network.cut()
    const again = await next(
      rings,
      (waiting) => waiting.length === 1 && agent.state.kind === 'open',
    )
    await agent.request('updateRingState', {
      ringId: again[0]?.ringId ?? '',
      ringState: 'ACCEPTED',
    })
    await next(rings, count(0))
    await agent.request('setAgentState', { availability: 'OFFLINE' })
  })

  it('[CLI9] follows states, its own or those of all', async () => {
    const { client: own, login } = await place.agent()
    const { client: other } = await place.agent()
    using agent = own
    using watcher = other
    const isAway = (states: ReadonlyMap<string, AgentState>) =>
      states.get(login.id)?.availability === 'AWAY'
    const mine = agent.agentStates({ agentId: login.id })
    const all = watcher.agentStates()
    const first = await next(mine, (states) => states.size > 0)
    expect([...first.keys()]).toEqual([login.id])
    await agent.request('setAgentState', { availability: 'AWAY', description: 'Lunch' })
    expect((await next(mine, isAway)).get(login.id)?.description).toBe('Lunch')
    expect((await next(all, isAway)).size).toBeGreaterThan(1)
  })

  it('[CLI10] keeps a login until it is ended, here or there', async () => {
    const { loginName, password } = await place.server.agent(place.accountId)
    const stop = new AbortController()
    const login = await logIn(place.place, { username: loginName, password })
    expect(login.privileges).toContain(100)
    const kept = keepLogin(place.place, login, { signal: stop.signal })
    stop.abort()
    await kept
    // In Node no cookie travels by itself: the server knows nobody by the request.
    const refused = keepLogin(place.place, login, {
      signal: new AbortController().signal,
      isNow: true,
    })
    await expect(refused).rejects.toBeInstanceOf(RequestRefused)
    await expect(logOut(place.place, login)).rejects.toBeInstanceOf(RequestRefused)
  })

  it('[CLI11] is refused a reply that a colleague was faster with, unless it insists', async () => {
    using consumer = await place.consumer()
    const { conversationId: dialogId } = await consumer.request('requestConversation', {})
    const { client: one } = await place.agent()
    const { client: two } = await place.agent()
    using slow = one
    using fast = two
    const role = { field: 'ParticipantsChange', type: 'ADD', role: 'MANAGER' } as const
    for (const client of [slow, fast])
      await client.request('updateConversationField', {
        conversationId: dialogId,
        conversationField: [role],
      })
    await fast.say(dialogId, 'first')
    const event = { type: 'ContentEvent', contentType: 'text/plain', message: 'second' }
    const sent = slow.outbox.send({ dialogId, event, guard: { lastSeenSequence: -1 } })
    await expect(sent).rejects.toMatchObject({ code: 409 })
    const [entry] = slow.outbox.entries
    expect(entry).toMatchObject({ state: 'failed', refusal: { code: 409 } })
    expect(JSON.stringify(entry?.refusal?.body)).toContain('first')
    slow.outbox.retry(entry?.id ?? '', { insist: true })
    await expect.poll(() => slow.outbox.entries, { timeout: 60_000 }).toEqual([])
  })
})
