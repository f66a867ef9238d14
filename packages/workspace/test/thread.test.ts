/** A thread over connections and servers that do not keep what they had. */
import { describe, expect, it } from 'vitest'
import {
  type AgentClient,
  consumerClient,
  type DialogEvent,
  type MessagingClient,
  RequestTimedOut,
  signUp,
} from '../../client/src/index.ts'
import { restorable } from '../../client/test/restorable.ts'
import { World } from '../../client/test/world.ts'
import { Thread } from '../src/model/thread.ts'

const place = World.shared()

/** Shown to an agent who takes part. */
const opened = (client: AgentClient, dialogId: string, me: string): Thread => {
  const thread = new Thread({ client, dialogId, me, takesPart: () => true, newest: () => -1 })
  thread.show(true)
  return thread
}

const textsOf = ({ state }: Thread) => state.get().said.map(({ event }) => event['message'])

const join = (client: AgentClient, conversationId: string) =>
  client.request('updateConversationField', {
    conversationId,
    conversationField: [{ field: 'ParticipantsChange', type: 'ADD', role: 'MANAGER' }],
  })

/** What was read of it by others, as whoever follows it hears. */
const readIn = (client: MessagingClient, dialogId: string): number[] => {
  const read: number[] = []
  const hear = ({ event }: DialogEvent) => {
    if (event['status'] === 'READ') read.push(...(event['sequenceList'] as number[]))
  }
  void (async () => {
    for await (const event of client.events(dialogId, { onReplaced: () => (read.length = 0) }))
      hear(event)
  })()
  return read
}

describe('a thread', () => {
  it('[WSP10] reads what is shown although nothing was answered when it was opened', async () => {
    using consumer = await place.consumer()
    const { client, login } = await place.agent({ timeoutMs: 500 })
    using agent = client
    const { conversationId: id } = await consumer.request('requestConversation', {})
    const { sequence } = await consumer.say(id, 'Hello?')
    await join(agent, id)
    const read = readIn(consumer, id)
    place.network.hold()
    using thread = opened(agent, id, login.id)
    await expect(agent.request('getClock', {})).rejects.toBeInstanceOf(RequestTimedOut)
    expect(thread.state.get().isLoaded).toBe(false)
    place.network.release()
    await expect.poll(() => read).toEqual([sequence])
    expect(thread.state.get().isLoaded).toBe(true)
    expect(textsOf(thread)).toEqual(['Hello?'])
  })
})

/** A conversation that was copied before the last of it was said, in a thread that shows all of it. */
const copied = async (server: Awaited<ReturnType<typeof restorable>>) => {
  using stack = new DisposableStack()
  const jwt = await signUp(server.world.place)
  const token = async () => jwt
  const consumer = stack.use(await server.world.consumer({ token }))
  const { client, login } = await server.world.agent()
  const agent = stack.use(client)
  const { conversationId: id } = await consumer.request('requestConversation', {})
  await consumer.say(id, 'kept')
  await join(agent, id)
  server.backUp()
  const lost = ['lost', 'lost, too', 'lost as well']
  for (const text of lost) await consumer.say(id, text)
  const thread = stack.use(opened(agent, id, login.id))
  const read = readIn(consumer, id)
  await expect.poll(() => read.length).toBe(4)
  expect(textsOf(thread)).toEqual(['kept', ...lost])
  const parts = stack.move()
  return { consumer, token, id, thread, read, [Symbol.dispose]: () => parts.dispose() }
}

describe('a thread whose store was restored from a copy', () => {
  it('[WSP45] shows what the server has, and goes on with it', async () => {
    await using server = await restorable()
    using before = await copied(server)
    const { consumer, id, thread, read } = before
    await server.restore()
    await expect.poll(() => textsOf(thread)).toEqual(['kept'])
    const { sequence } = await consumer.say(id, 'new')
    await expect.poll(() => textsOf(thread)).toEqual(['kept', 'new'])
    await expect.poll(() => read).toContain(sequence)
    expect(thread.state.get()).toMatchObject({ isLoaded: true, newFrom: undefined })
  })

  it.each([
    ['a shorter log', 0],
    ['a log with other events of the same numbers', 20],
  ])('[WSP45] shows what the server has when it comes back to %s', async (_, count) => {
    await using server = await restorable()
    using before = await copied(server)
    const { token, id, thread } = before
    const { network, accountId: account } = server.world
    network.goDown()
    thread.regained()
    const { url: origin } = await server.restore()
    using elsewhere = consumerClient({ origin, account, token })
    const others = Array.from({ length: count }, (_, index) => `other ${index}`)
    for (const text of others) await elsewhere.say(id, text)
    network.comeBack()
    await expect.poll(() => textsOf(thread)).toEqual(['kept', ...others])
    const { sequence } = await elsewhere.say(id, 'new')
    await expect.poll(() => textsOf(thread)).toEqual(['kept', ...others, 'new'])
    await expect.poll(() => thread.state.get().lastSequence).toBeGreaterThanOrEqual(sequence)
  })
})
