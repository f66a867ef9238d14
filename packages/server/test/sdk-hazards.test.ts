/**
 * What is known to end a bot on node-agent-sdk, to fool it, or to make it log in without end, each shown
 * not to come from this server; docs/start/bots.md lists them with the rules that forbid them. Every
 * frame that is sent here also goes through the checks that the SDK's own code makes implicitly
 * (`inspect`). The survey's and the file's are shown by the bots of bot-kinds.test.ts and
 * bot-scripted.test.ts, refresh and reconnect by sdk-connection.test.ts.
 *
 * Two are defects of clients, which no answer of a server avoids: a hosted file's `message` is an
 * object, on which some bots call string functions; and agent-survey's helper is built too late when the
 * first ring comes more than 60 seconds after discovery.
 */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ManualClock, TestServer } from '../src/testing/index.ts'
import type { Frame } from '../src/testing/socket-client.ts'
import {
  change,
  closing,
  EVENTS,
  followConversations,
  hire,
  openConversation,
  participant,
  say,
  takeRing,
} from './bots/duty.ts'
import { inspect, inspectEvent, recorded, recordedAtWork } from './bots/inspect.ts'

import { stillServer } from './bots/still-server.ts'

type Body = Frame['body']

let server: TestServer
let clock: ManualClock

beforeAll(async () => {
  ;({ server, clock } = await stillServer())
})
afterAll(() => server[Symbol.asyncDispose]())

it('[CV24] [EV21] a whole conversation holds everything that the SDK dereferences', async () => {
  const { id: account } = await server.account()
  const { agent, socket, frames } = await recordedAtWork(server, account)
  await using _socket = socket
  const max = await hire(server, account, { roles: ['manager'] })
  await using chief = await server.agentSocket(account, max.bearer)
  const seen = recorded(chief)
  await followConversations(chief)
  await using talk = await openConversation(server, account)
  await takeRing(socket)
  await change(chief, talk.id, participant('ADD', 'MANAGER'))
  await change(chief, talk.id, participant('ADD', 'READER'))
  await talk.consumer.request(
    'ms.PublishEvent',
    { dialogId: talk.id, event: { type: 'ContentEvent', contentType: 'text/plain', message: 'a' } },
    { metadata: { type: 'SocialMessagingEventData', channel: 'private' } },
  )
  await talk.consumer.request('ms.PublishEvent', {
    dialogId: talk.id,
    event: { type: 'ChatStateEvent', chatState: 'COMPOSING' },
  })
  await talk.consumer.request('ms.PublishEvent', {
    dialogId: talk.id,
    event: { type: 'AcceptStatusEvent', status: 'READ', sequenceList: [0] },
  })
  await talk.consumer.request('ms.PublishEvent', {
    dialogId: talk.id,
    event: { type: 'RichContentEvent', content: { type: 'vertical', elements: [] } },
  })
  await say(socket, talk.id, 'b')
  await clock.advance(1_000)
  await change(chief, talk.id, participant('REMOVE', 'ASSIGNED_AGENT', agent.oldId))
  await takeRing(socket, talk.id)
  await change(socket, talk.id, closing)
  await clock.advance(1_000)
  await socket.settled()
  await chief.settled()
  for (const frame of [...frames, ...seen]) inspect(frame)
  const events = frames.filter(({ type }) => type.endsWith(EVENTS)).map(({ body }) => body)
  expect(new Set(events.map(({ event }) => event.type))).toEqual(
    new Set(['ContentEvent', 'ChatStateEvent', 'AcceptStatusEvent', 'RichContentEvent']),
  )
  const [first] = events.filter(({ event }) => event.message === 'a')
  expect(first.metadata).toEqual([{ type: 'SocialMessagingEventData', channel: 'private' }])
  const [own] = events.filter(({ event }) => event.message === 'b')
  expect(own).toMatchObject({ originatorId: agent.oldId, originatorPId: agent.id })
})

it('[SUB12] QueryMessages is an array in every case and an error is never dressed as one', async () => {
  const { id: account } = await server.account()
  const { socket } = await recordedAtWork(server, account)
  await using _socket = socket
  await using talk = await openConversation(server, account)
  await takeRing(socket)
  const query = (body: object) => socket.request('.ams.ms.QueryMessages', body)
  const type = '.ams.ms.QueryMessages$Response'
  const dialogId = talk.id
  expect(await query({ dialogId, newerThanSequence: 0 })).toMatchObject({
    code: 200,
    type,
    body: [],
  })
  await talk.say('first')
  await say(socket, dialogId, 'second')
  const all = await query({ dialogId, newerThanSequence: 0, fromSeq: 0 })
  expect(all.body.map(({ sequence }: Body) => sequence)).toEqual([0, 1])
  for (const one of all.body) inspectEvent(one)
  expect((await query({ dialogId, newerThanSequence: 2 })).body).toEqual([])
  for (const refused of [await query({ dialogId: 'no' }), await query({})]) {
    expect(refused.code).toBeGreaterThanOrEqual(400)
    expect(refused.type).toBe('.ReqBody$StringResp')
    expect(refused.body).toEqual(expect.any(String))
  }
})

it('[AG11] [CV31] a profile is an object without nulls in its lists, for every visible consumer', async () => {
  const { id: account } = await server.account()
  const { socket } = await recordedAtWork(server, account)
  await using _socket = socket
  await using talk = await openConversation(server, account)
  await takeRing(socket)
  const profile = async (): Promise<Body> => {
    const { code, type, body } = await socket.request(
      '.ams.userprofile.GetUserProfile',
      talk.consumerId,
    )
    expect({ code, type }).toEqual({
      code: 200,
      type: '.ams.userprofile.GetUserProfile$Response',
    })
    return body
  }
  expect(await profile()).toMatchObject({ userId: talk.consumerId, privateData: {} })
  const refused = await talk.consumer.request('userprofile.SetUserProfile', {
    authenticatedData: { lp_sdes: [null] },
  })
  expect(refused.code).toBe(400)
  await talk.consumer.request('userprofile.SetUserProfile', {
    firstName: null,
    privateData: { mobileNum: '+1-555-0100', mail: 'd@example.com' },
    authenticatedData: { lp_sdes: { type: 'ctmrinfo', info: { customerId: 'A' } } },
  })
  const body = await profile()
  expect(body.authenticatedData.lp_sdes).toEqual([{ type: 'ctmrinfo', info: { customerId: 'A' } }])
  expect(body.claims?.lp_sdes ?? []).toEqual([])
  expect(body.privateData).toMatchObject({ mobileNum: '+1-555-0100', email: 'd@example.com' })
})

it('[FRM2] [FRM3] odd envelopes of real bots are answered, with the id as a string', async () => {
  const { id: account } = await server.account()
  const { socket } = await recordedAtWork(server, account)
  await using _socket = socket
  const odd = [
    { id: 4, headers: true },
    { id: 'five', headers: null, metadata: null, encodedMetadata: null },
    { id: 'six', headers: {}, metadata: [], encodedMetadata: '' },
    { id: 'seven', headers: [], conversationId: 'stray' },
  ]
  for (const extra of odd)
    expect(await socket.request('.GetClock', {}, extra)).toMatchObject({
      reqId: String(extra.id),
      code: 200,
      type: '.GetClock$Response',
      body: { currentTime: clock.now() },
    })
  await using talk = await openConversation(server, account)
  await takeRing(socket)
  const single = { field: 'ParticipantsChange', type: 'REMOVE', role: 'ASSIGNED_AGENT' }
  expect(
    await socket.request('.ams.cm.UpdateConversationField', {
      conversationId: talk.id,
      dialogId: 'stray',
      conversationField: single,
    }),
  ).toMatchObject({ code: 200, body: 'OK Agent removed successfully' })
})

it('[AG26] a refresh with a wrong secret is not 401 while the session has a socket', async () => {
  const { id: account } = await server.account()
  const ana = await hire(server, account)
  const refresh = async (csrf: string): Promise<number> => {
    const response = await fetch(`${server.url}/api/account/${account}/refresh?v=1.3`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: ana.cookie },
      body: JSON.stringify({ csrf }),
    })
    await response.arrayBuffer()
    return response.status
  }
  const socket = await server.agentSocket(account, ana.bearer)
  expect(await refresh('wrong')).toBe(403)
  expect(await refresh(ana.csrf)).toBe(200)
  await socket[Symbol.asyncDispose]()
  const [session] = server.services.sessions.of(account, ana.id)
  if (session) await new Promise<void>((resolve) => session.onEnd(resolve))
  expect(await refresh('wrong')).toBe(401)
})

it('[CON5] a rejected bearer waits before it is told so', async () => {
  const delayMs = 2_345
  const { server: own, clock: time } = await stillServer({ limits: { loginDelayMs: delayMs } })
  await using _own = own
  const { id: account } = await own.account()
  let isTold = false
  const waits = time.started(delayMs)
  const refused = own.agentSocket(account, 'f00d').then(
    () => 'opened',
    (error: Error) => {
      isTold = true
      return error.message
    },
  )
  await waits
  await time.advance(delayMs - 1)
  expect(isTold).toBe(false)
  await time.advance(1)
  expect(await refused).toBe('upgrade refused with 401')
})
