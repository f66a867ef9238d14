/** What comes before there is a conversation, against the real server. */
import { describe, expect, it } from 'vitest'
import { type MessagingClient, type SocketLike, signUp } from '../../client/src/index.ts'
import { World } from '../../client/test/world.ts'
import { Beginning } from '../src/model/beginning.ts'
import { Keeping, type Storages } from '../src/model/keeping.ts'
import { serverTime } from '../src/model/server-time.ts'
import { newTab } from './tab.ts'
import { eventually } from './visit.ts'

const place = World.shared()

/** One page in a tab, and the ids of what it opened. */
const pageIn = (tab: Storages, client: MessagingClient) => {
  const keeping = new Keeping(place.accountId, tab)
  const opened: string[] = []
  const beginning = new Beginning({
    keeping,
    body: {},
    client: () => client,
    opened: (id) => opened.push(id),
    changed: () => {},
  })
  return { keeping, beginning, opened }
}

/** The first name by which the server knows somebody, asked beside the network that is cut. */
const nameOf = async (jwt: string): Promise<unknown> => {
  using client = await place.consumer({ token: async () => jwt, origin: place.server.url })
  const profile = await client.request('getUserProfile', {})
  return 'firstName' in profile && profile.firstName
}

/** The texts of a conversation, once there are so many. */
const textsOf = async (client: MessagingClient, id: string, count: number): Promise<unknown[]> => {
  const texts: unknown[] = []
  for await (const { event } of client.events(id)) {
    if (event.type === 'ContentEvent') texts.push(event['message'])
    if (texts.length === count) break
  }
  return texts
}

describe('who somebody is', () => {
  it('[WIN26] survives a connection that is lost with it', async () => {
    const jwt = await signUp(place.place)
    using client = await place.consumer({ token: async () => jwt })
    const { keeping, beginning } = pageIn(newTab(), client)
    keeping.settle('ann')
    await client.request('getClock', {})
    place.network.silence()
    beginning.introduce({ firstName: 'Old' })
    beginning.introduce({ firstName: 'Kim' })
    place.network.cut()
    await eventually(() => nameOf(jwt)).toBe('Kim')
    await eventually(() => keeping.tab('profile')).toBe(undefined)
  })

  it('[WIN26] survives the page, too', async () => {
    const jwt = await signUp(place.place)
    const token = async () => jwt
    const tab = newTab()
    {
      using client = await place.consumer({ token })
      const { keeping, beginning } = pageIn(tab, client)
      keeping.settle('ann')
      await client.request('getClock', {})
      place.network.silence()
      beginning.introduce({ firstName: 'Kim' })
    }
    place.network.cut()
    using client = await place.consumer({ token })
    const { keeping, beginning } = pageIn(tab, client)
    keeping.settle('ann')
    await beginning.resume()
    await eventually(() => nameOf(jwt)).toBe('Kim')
    await eventually(() => keeping.tab('profile')).toBe(undefined)
  })
})

describe('the first words', () => {
  /** A page in which the first words wait for a connection that does not come. */
  const leaveWaiting = async (tab: Storages, owner: string, text: string) => {
    using client = await place.consumer({ token: () => new Promise(() => {}) })
    const { keeping, beginning } = pageIn(tab, client)
    keeping.settle(owner)
    void beginning.open([text])
    await eventually(() => keeping.tab('opening')).toContain(text)
  }

  it('[WIN41] that wait are said by who wrote them, before what is written meanwhile', async () => {
    const tab = newTab()
    await leaveWaiting(tab, 'ann', 'first')
    using client = await place.consumer()
    const { keeping, beginning, opened } = pageIn(tab, client)
    const resumed = beginning.resume()
    const said = beginning.open(['second'])
    keeping.settle('ann')
    await Promise.all([resumed, said])
    expect(opened).toHaveLength(1)
    expect(await textsOf(client, opened[0] ?? '', 2)).toEqual(['first', 'second'])
    expect(keeping.tab('opening')).toBe(undefined)
  })

  it('[WIN41] that wait are not said by somebody else', async () => {
    const tab = newTab()
    await leaveWaiting(tab, 'ann', 'of ann')
    using client = await place.consumer()
    const { keeping, beginning, opened } = pageIn(tab, client)
    const resumed = beginning.resume()
    keeping.settle('ben')
    await resumed
    expect(beginning.opening).toBe(undefined)
    const id = await beginning.open(['of ben'])
    expect(opened).toEqual([id])
    expect(await textsOf(client, id ?? '', 1)).toEqual(['of ben'])
  })
})

it('[WIN32] the time from which on there is news is asked for until it is told', async () => {
  let isLost = false
  using client = await place.consumer({
    openSocket: (url) => {
      const socket = new WebSocket(url) as unknown as SocketLike
      const send = socket.send.bind(socket)
      socket.send = (text) => {
        if (isLost || !text.includes('GetClock')) return send(text)
        isLost = true
        socket.close()
      }
      return socket
    },
  })
  const before = Date.now()
  expect(await serverTime(client)).toBeGreaterThanOrEqual(before - 1000)
  expect(isLost).toBe(true)
})
