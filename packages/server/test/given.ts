/** What most tests of the wire begin with: people, their sockets, and a conversation between them. */
import type { Frame, SocketClient } from '../src/testing/socket-client.ts'
import type { TestAgent, TestServer } from '../src/testing/test-server.ts'
import { claimsOf } from './identity-world.ts'

export interface Person extends AsyncDisposable {
  readonly id: string
  readonly token: string
  readonly socket: SocketClient
}

export interface Worker extends AsyncDisposable {
  readonly agent: TestAgent
  readonly socket: SocketClient
}

/** A limiter that is in the path and never in the way. */
export const unhurried = { requestsPerSecond: 1_000_000, requestBurst: 1_000_000 } as const

export const consumerOf = async (
  server: TestServer,
  account: string,
  version = '3',
): Promise<Person> => {
  const token = await server.signup(account)
  const socket = await server.consumer(account, { token, version })
  const id = String(claimsOf(token)['sub'])
  return { id, token, socket, [Symbol.asyncDispose]: () => socket[Symbol.asyncDispose]() }
}

export const agentOf = async (
  server: TestServer,
  account: string,
  { version = '3', ...options }: Parameters<TestServer['agent']>[1] & { version?: string } = {},
): Promise<Worker> => {
  const agent = await server.agent(account, options)
  const socket = await server.agentSocket(account, agent.bearer, version)
  return { agent, socket, [Symbol.asyncDispose]: () => socket[Symbol.asyncDispose]() }
}

export const managerOf = (server: TestServer, account: string, version = '3'): Promise<Worker> =>
  agentOf(server, account, { version, roles: ['manager'] })

export const open = async (
  { socket }: Pick<Person, 'socket'>,
  body: unknown = {},
): Promise<string> => {
  const { body: answer } = await socket.request('cm.ConsumerRequestConversation', body)
  return answer.conversationId
}

/** The body of a plain text message. */
export const text = (dialogId: string, message: string, more: Record<string, unknown> = {}) => ({
  dialogId,
  event: { type: 'ContentEvent', contentType: 'text/plain', message },
  ...more,
})

export const say = (
  { socket }: { socket: SocketClient },
  dialogId: string,
  message: string,
  more: Record<string, unknown> = {},
): Promise<Frame> => socket.request('ms.PublishEvent', text(dialogId, message, more))

export const receipt = (dialogId: string, sequenceList: readonly number[], status = 'READ') => ({
  dialogId,
  event: { type: 'AcceptStatusEvent', status, sequenceList },
})

export const chatState = (dialogId: string, state: string) => ({
  dialogId,
  event: { type: 'ChatStateEvent', chatState: state },
})

export const change = (
  { socket }: { socket: SocketClient },
  conversationId: string,
  ...conversationField: readonly Record<string, unknown>[]
): Promise<Frame> =>
  socket.request('cm.UpdateConversationField', { conversationId, conversationField })

export const joining = (role: string, type = 'ADD') => ({ field: 'ParticipantsChange', type, role })
export const closing = { field: 'ConversationStateField', conversationState: 'CLOSE' } as const

/** Follows a dialog from a sequence on. */
export const follow = (
  { socket }: { socket: SocketClient },
  dialogId: string,
  fromSeq = 0,
): Promise<Frame> => socket.request('ms.SubscribeMessagingEvents', { dialogId, fromSeq })

// biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects to find
type Seen = any

/** The events that a frame carries, in either version's form. */
export const eventsIn = ({ kind, type, body }: Frame): readonly Seen[] => {
  if (kind !== 'notification') return []
  if (type.endsWith('OnlineEventDistribution')) return [body]
  return type.endsWith('MessagingEventNotification') ? body.changes : []
}

export const isEvents = (frame: Frame): boolean =>
  frame.kind === 'notification' &&
  /MessagingEventNotification$|OnlineEventDistribution$/.test(frame.type)

/** Sequences of what came and was not taken, after a round trip. */
export const sequencesOf = async ({ socket }: { socket: SocketClient }): Promise<number[]> =>
  (await socket.settled()).flatMap(eventsIn).map(({ sequence }) => sequence)

/** Reads events until one has this sequence; returns all sequences in the order in which they came. */
export const readTo = async (socket: SocketClient, last: number): Promise<number[]> => {
  const all: number[] = []
  while (all.at(-1) !== last)
    all.push(...eventsIn(await socket.next(isEvents)).map(({ sequence }) => sequence))
  return all
}

export const isConversations = (frame: Frame): boolean =>
  frame.type.endsWith('ExConversationChangeNotification')

/** The numbers from one to another, the latter left out. */
export const range = (from: number, before: number): number[] =>
  Array.from({ length: Math.max(0, before - from) }, (_, index) => from + index)
