import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testServer } from '../src/testing/index.ts'
import { SocketClient } from '../src/testing/socket-client.ts'
import type { TestServer } from '../src/testing/test-server.ts'
import { change, eventsIn, joining, managerOf, range, say } from './given.ts'
import { claimsOf } from './identity-world.ts'

let server: TestServer
let account: string

beforeAll(async () => {
  server = await testServer()
  account = (await server.account()).id
})
afterAll(() => server[Symbol.asyncDispose]())

/** As a gateway for text messages connects: everything in the path, numbers for ids. */
const gateway = async () => {
  const token = await server.signup(account)
  const url = `ws://127.0.0.1:${server.running.port}/ws_api/account/${account}/messaging/consumer/${token}?v=2`
  const socket = await SocketClient.open(url)
  return {
    socket,
    id: String(claimsOf(token)['sub']),
    [Symbol.asyncDispose]: () => socket[Symbol.asyncDispose](),
  }
}

const requestWithNumber = async (socket: SocketClient, id: number, type: string, body: unknown) => {
  socket.send({ kind: 'req', id, type, body })
  return socket.next((frame) => frame.reqId === String(id))
}

describe('version 2 of the consumer dialect', () => {
  it('[CON1] [CON2] [FRM3] [FRM12] takes the token from the path and numbers for ids', async () => {
    await using sms = await gateway()
    const profile = await requestWithNumber(sms.socket, 1, '.ams.userprofile.GetUserProfile', {})
    expect(profile).toMatchObject({ code: 200, body: { userId: sms.id } })
    const opened = await requestWithNumber(sms.socket, 2, '.ams.cm.ConsumerRequestConversation', {})
    expect(opened).toMatchObject({ code: 200, body: { conversationId: expect.any(String) } })
    expect(opened.type).toMatch(/^\.ams\.cm\./)
    expect(await requestWithNumber(sms.socket, 3, '.ams.nonsense', {})).toMatchObject({
      code: 400,
      type: '.ReqBody$StringResp',
    })
  })

  it('[EV20] [EV25] gets one event per frame, replayed and live', async () => {
    await using sms = await gateway()
    await using max = await managerOf(server, account)
    const { body } = await sms.socket.request('.ams.cm.ConsumerRequestConversation', {})
    const dialogId = body.conversationId
    await change(max, dialogId, joining('ASSIGNED_AGENT'))
    for (const index of range(0, 3)) await say(max, dialogId, `${index}`)
    await sms.socket.settled()
    const subscribed = await sms.socket.request('.ams.ms.SubscribeMessagingEvents', {
      dialogId,
      fromSeq: 1,
    })
    expect(subscribed.body).toEqual({ subscriptionId: expect.any(String) })
    await say(max, dialogId, 'live')
    const frames = await sms.socket.settled()
    expect(frames.map(({ type }) => type)).toEqual(
      range(0, 3).map(() => expect.stringMatching(/OnlineEventDistribution$/)),
    )
    expect(frames.flatMap(eventsIn)).toMatchObject([
      { sequence: 1, dialogId, event: { message: '1' } },
      { sequence: 2, dialogId },
      { sequence: 3, dialogId, originatorId: max.agent.oldId, originatorPId: max.agent.id },
    ])
  })

  it('[SUB8] sees conversations with its participants as maps', async () => {
    await using sms = await gateway()
    await sms.socket.request('.ams.aam.SubscribeExConversations', { convState: ['OPEN'] })
    await sms.socket.next('ExConversationChangeNotification')
    const { body } = await sms.socket.request('.ams.cm.ConsumerRequestConversation', {})
    const seen = await sms.socket.next('ExConversationChangeNotification')
    expect(seen.body.changes).toMatchObject([
      {
        type: 'UPSERT',
        result: {
          convId: body.conversationId,
          conversationDetails: { participants: { CONSUMER: [sms.id], ASSIGNED_AGENT: [] } },
        },
      },
    ])
  })

  it('[EV4] repeats a publish safely, with the id inside the event', async () => {
    await using sms = await gateway()
    const { body } = await sms.socket.request('.ams.cm.ConsumerRequestConversation', {})
    const publish = (message: string) =>
      sms.socket.request('.ams.ms.PublishEvent', {
        dialogId: body.conversationId,
        event: { type: 'ContentEvent', contentType: 'text/plain', message, eventId: 'sms-1' },
      })
    const first = await publish('hi')
    expect(first).toMatchObject({ code: 200, body: { sequence: 0 } })
    expect((await publish('hi')).body).toEqual(first.body)
    expect(await publish('ho')).toMatchObject({ code: 409 })
  })
})
