/** What node-agent-sdk and its bots take for granted in every frame. */
import type { AccountId } from '@ringdown/protocol'
import { expect } from 'vitest'
import type { SocketClient, TestServer } from '../../src/testing/index.ts'
import type { Frame } from '../../src/testing/socket-client.ts'
import {
  CONVERSATIONS,
  EVENTS,
  followConversations,
  hire,
  RINGS,
  STATES,
  setState,
} from './duty.ts'

type Body = Frame['body']

/** What the SDK dereferences in a conversation, whether it appears or goes. */
const inspectConversation = ({ type, result }: Body): void => {
  expect(['UPSERT', 'DELETE']).toContain(type)
  const { conversationDetails: details } = result
  expect(result.convId).toEqual(expect.any(String))
  expect(result.effectiveTTR).toEqual(expect.any(Number))
  expect(result.lastUpdateTime).toEqual(expect.any(Number))
  expect(result.numberOfunreadMessages).toEqual(expect.any(Object))
  for (const field of ['skillId', 'state', 'stage', 'brandId'])
    expect(details[field], field).toEqual(expect.any(String))
  const roles = Object.keys(details.participants)
  expect(Object.keys(details.participantsPId)).toEqual(roles)
  for (const role of roles) {
    expect(Array.isArray(details.participants[role])).toBe(true)
    expect(details.participantsPId[role]).toHaveLength(details.participants[role].length)
  }
  // A bot takes the first one's id unasked.
  expect(details.participantsPId.CONSUMER[0]).toEqual(expect.any(String))
  expect(details.dialogs.length).toBeGreaterThan(0)
  for (const { participantsDetails } of details.dialogs) {
    const counts: Record<string, number> = {}
    for (const { id, role, state } of participantsDetails) {
      expect(state).toBe('ACTIVE')
      // The SDK overwrites the n-th of a role with the n-th public id of that role.
      const at = counts[role] ?? 0
      counts[role] = at + 1
      expect(details.participants[role]?.[at]).toBe(id)
      expect(details.participantsPId[role]?.[at]).toEqual(expect.any(String))
    }
  }
  const last = result.lastContentEventNotification
  if (last === undefined) return
  expect(last.originatorMetadata.role).toEqual(expect.any(String))
  expect(last.event.type).toEqual(expect.any(String))
  expect(last.originatorPId).toEqual(expect.any(String))
}

export const inspectEvent = (body: Body): void => {
  expect(body.event.type).toEqual(expect.any(String))
  for (const field of ['dialogId', 'conversationId', 'originatorId', 'originatorPId'])
    expect(body[field], field).toEqual(expect.any(String))
  expect(body.originatorMetadata).toMatchObject({
    id: body.originatorPId,
    role: expect.any(String),
  })
  if (body.metadata !== undefined) expect(Array.isArray(body.metadata)).toBe(true)
  const isFleeting = body.event.type === 'ChatStateEvent'
  expect('sequence' in body).toBe(!isFleeting)
  expect('serverTimestamp' in body).toBe(!isFleeting)
  if (body.event.type === 'AcceptStatusEvent')
    expect(Array.isArray(body.event.sequenceList)).toBe(true)
}

/** Fails where the SDK or a bot would. */
export const inspect = ({ type, body, kind }: Frame): void => {
  expect(type).toMatch(/^\./)
  if (kind === 'resp') return
  if (type.endsWith(EVENTS)) {
    inspectEvent(body)
    return
  }
  expect(Array.isArray(body.changes)).toBe(true)
  for (const one of body.changes) {
    expect(one.result).toEqual(expect.any(Object))
    if (type.endsWith(CONVERSATIONS)) inspectConversation(one)
    if (type.endsWith(RINGS)) expect(Array.isArray(one.result.ringsDetails)).toBe(true)
    if (type.endsWith(STATES)) expect(one.result.channels).toContain('MESSAGING')
  }
}

/** Keeps every frame of the socket, whoever takes it. */
export const recorded = (socket: SocketClient): Frame[] => {
  const frames: Frame[] = []
  socket.socket.on('message', (data) => frames.push(JSON.parse(String(data))))
  return frames
}

/** The order in which conversations and their events came, by conversation. */
export const story = (frames: readonly Frame[], id: string): string[] =>
  frames.flatMap(({ type, body, kind }) => {
    if (kind === 'resp') return []
    if (type.endsWith(EVENTS) && body.dialogId === id) return [body.event.type as string]
    if (!type.endsWith(CONVERSATIONS)) return []
    return body.changes
      .filter(({ result }: Body) => result.convId === id)
      .map((one: Body) => one.type as string)
  })

/** A bot's socket that is recorded from its first frame on. */
export const recordedAtWork = async (server: TestServer, account: AccountId) => {
  const agent = await hire(server, account)
  const socket = await server.agentSocket(account, agent.bearer)
  const frames = recorded(socket)
  await setState(socket, 'ONLINE')
  await followConversations(socket, { agentIds: [agent.oldId] })
  await socket.request('.ams.routing.SubscribeRoutingTasks', {})
  await socket.request('.ams.routing.SubscribeAgentsState', {})
  return { agent, socket, frames }
}
