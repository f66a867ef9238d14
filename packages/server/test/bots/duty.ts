/** Agents at work and consumers who need one, spoken on the wire by the tests themselves. */
import type { AccountId } from '@ringdown/protocol'
import { expect } from 'vitest'
import type { SocketClient, TestAgent, TestServer } from '../../src/testing/index.ts'
import type { Frame } from '../../src/testing/socket-client.ts'

type Body = Frame['body']

export const CONVERSATIONS = 'ExConversationChangeNotification'
export const RINGS = 'RoutingTaskNotification'
export const EVENTS = 'OnlineEventDistribution'
export const STATES = 'AgentStateNotification'

export const setState = (socket: SocketClient, availability: string): Promise<Frame> =>
  socket.request('.ams.routing.SetAgentState', { availability })

export const followConversations = (socket: SocketClient, filter: object = {}): Promise<Frame> =>
  socket.request('.ams.aam.SubscribeExConversations', { convState: ['OPEN'], ...filter })

export interface Duty {
  readonly availability?: string
  readonly version?: string
}

/** A socket as a bot sets it up: its state, its conversations, its rings. */
export const atWork = async (
  server: TestServer,
  { accountId, bearer, oldId }: TestAgent & { accountId: AccountId },
  { availability = 'ONLINE', version = '2.1' }: Duty = {},
): Promise<SocketClient> => {
  const socket = await server.agentSocket(accountId, bearer, version)
  await setState(socket, availability)
  await followConversations(socket, { agentIds: [oldId] })
  await socket.next(CONVERSATIONS)
  await socket.request('.ams.routing.SubscribeRoutingTasks', {})
  return socket
}

export interface RingSeen {
  readonly ringId: string
  readonly ringState: string
  readonly ringExpiration: number
  readonly ringExpirationTs: number
  readonly conversationId: string
  readonly taskCompleted: boolean
}

const ringsIn = ({ body }: Frame): RingSeen[] =>
  body.changes.flatMap(({ result }: Body) =>
    result.ringsDetails.map((ring: Body) => ({
      ...ring,
      conversationId: result.conversationId,
      taskCompleted: result.taskCompleted,
    })),
  )

const isRing =
  (state: string, conversationId?: string) =>
  (frame: Frame): boolean =>
    frame.type.endsWith(RINGS) &&
    ringsIn(frame).some(
      (ring) =>
        ring.ringState === state &&
        (conversationId === undefined || ring.conversationId === conversationId),
    )

/** The next ring in this state, of any conversation or of one. */
export const nextRing = async (
  socket: SocketClient,
  state = 'WAITING',
  conversationId?: string,
): Promise<RingSeen> => {
  const wanted = isRing(state, conversationId)
  const frame = await socket.next(wanted)
  return ringsIn(frame).find((ring) => ring.ringState === state) as RingSeen
}

/** Rings among frames that have come. */
export const ringsAmong = (frames: readonly Frame[]): RingSeen[] =>
  frames.filter(({ type }) => type.endsWith(RINGS)).flatMap(ringsIn)

export const answerRing = (
  socket: SocketClient,
  ringId: string,
  ringState: 'ACCEPTED' | 'REJECTED' = 'ACCEPTED',
): Promise<Frame> => socket.request('.ams.routing.UpdateRingState', { ringId, ringState })

/** Waits for a ring and takes it. */
export const takeRing = async (
  socket: SocketClient,
  conversationId?: string,
): Promise<RingSeen> => {
  const ring = await nextRing(socket, 'WAITING', conversationId)
  expect(await answerRing(socket, ring.ringId)).toMatchObject({ code: 202 })
  return ring
}

/** The next change of the conversation of this kind that a subscription tells. */
export const nextChange = async (
  socket: SocketClient,
  id: string,
  type: 'UPSERT' | 'DELETE' = 'UPSERT',
  wanted: (result: Body) => boolean = () => true,
): Promise<Body> => {
  const fits = (change: Body) =>
    change.type === type && change.result.convId === id && wanted(change.result)
  const frame = await socket.next(
    ({ type: name, body }) => name.endsWith(CONVERSATIONS) && body.changes.some(fits),
  )
  return frame.body.changes.find(fits).result
}

export interface Opened extends AsyncDisposable {
  readonly id: string
  readonly consumerId: string
  readonly token: string
  readonly consumer: SocketClient
  say(message: string): Promise<Frame>
}

const subjectOf = (token: string): string =>
  JSON.parse(Buffer.from(token.split('.')[1] as string, 'base64').toString()).sub

/** A new consumer with a new conversation. */
export const openConversation = async (
  server: TestServer,
  accountId: AccountId,
  body: object = {},
): Promise<Opened> => {
  const token = await server.signup(accountId)
  const consumer = await server.consumer(accountId, { token })
  const { body: opened, code } = await consumer.request('cm.ConsumerRequestConversation', body)
  expect(code, JSON.stringify(opened)).toBe(200)
  return {
    id: opened.conversationId,
    consumerId: subjectOf(token),
    token,
    consumer,
    say: (message) => say(consumer, opened.conversationId, message),
    [Symbol.asyncDispose]: () => consumer[Symbol.asyncDispose](),
  }
}

export const say = (socket: SocketClient, dialogId: string, message: string): Promise<Frame> =>
  socket.request('ms.PublishEvent', {
    dialogId,
    event: { type: 'ContentEvent', contentType: 'text/plain', message },
  })

export const change = (
  socket: SocketClient,
  conversationId: string,
  ...conversationField: object[]
): Promise<Frame> =>
  socket.request('.ams.cm.UpdateConversationField', { conversationId, conversationField })

export const closing = { field: 'ConversationStateField', conversationState: 'CLOSE' }

export const participant = (type: string, role: string, userId?: string): object => ({
  field: 'ParticipantsChange',
  type,
  role,
  ...(userId !== undefined && { userId }),
})

/** An agent with its account, as `atWork` wants it. */
export const hire = async (
  server: TestServer,
  accountId: AccountId,
  options: Parameters<TestServer['agent']>[1] = {},
): Promise<TestAgent & { accountId: AccountId }> => ({
  ...(await server.agent(accountId, options)),
  accountId,
})

export const ADDED = { code: 200, type: '.ReqBody$StringResp', body: 'OK Agent added successfully' }
export const REMOVED = {
  code: 200,
  type: '.ReqBody$StringResp',
  body: 'OK Agent removed successfully',
}

/** A refusal's answer. */
export const refusal = (code: number, body: string) => ({ code, type: '.ReqBody$StringResp', body })

/** A manager who follows all open conversations of the account. */
export const supervisor = async (server: TestServer, account: AccountId, filter: object = {}) => {
  const agent = await hire(server, account, { roles: ['manager'] })
  const socket = await server.agentSocket(account, agent.bearer)
  await followConversations(socket, filter)
  await socket.next(CONVERSATIONS)
  return { agent, socket }
}

const isEventSaying =
  (text: string) =>
  ({ type, body }: { type: string; body: { event?: { message?: string } } }): boolean =>
    type.endsWith(EVENTS) && body.event?.message === text

/** Waits for this message. */
export const hears = (socket: SocketClient, text: string) => socket.next(isEventSaying(text))
