/** Surveys on the wire: who leads them, and who hears them. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { SocketClient, TestServer } from '../src/testing/index.ts'
import type { Frame } from '../src/testing/socket-client.ts'
import {
  ADDED,
  atWork,
  CONVERSATIONS,
  change,
  EVENTS,
  followConversations,
  hire,
  nextChange,
  refusal,
  say,
  supervisor,
  takeRing,
} from './bots/duty.ts'
import { stillServer } from './bots/still-server.ts'
import type { WatchedClock } from './bots/watched-clock.ts'
import { QUESTION, RETRY, SurveyBot, THANKS } from './scripted-survey-bot.ts'
import {
  APP,
  accountWithSurveys,
  closeDialog,
  consumerWith,
  isSurveying,
  surveyOf,
} from './survey-world.ts'

type Body = Frame['body']

let server: TestServer
let clock: WatchedClock

beforeAll(async () => {
  ;({ server, clock } = await stillServer())
})
afterAll(() => server[Symbol.asyncDispose]())

const contentOf = (socket: SocketClient, message: string): Promise<Frame> =>
  socket.next(
    ({ type, body }) =>
      type.endsWith('MessagingEventNotification') &&
      JSON.stringify(body).includes(JSON.stringify(message)),
  )

it.each(['a tap', 'free text first'] as const)(
  '[DLG5] [DLG6] a bot leads a survey from its beginning to its end, by %s',
  async (way) => {
    const account = await accountWithSurveys(server)
    const ana = await hire(server, account)
    await using agent = await atWork(server, ana)
    await using bystander = await atWork(server, await hire(server, account), {
      availability: 'AWAY',
    })
    const leader = await hire(server, account, { appInstallIds: [APP] })
    await using bot = await SurveyBot.start(server, account, leader, APP)
    await using ann = await consumerWith(server, account)
    await takeRing(agent, ann.conversationId)
    await say(ann.socket, ann.conversationId, 'thanks, bye')
    const closed = await change(ann.socket, ann.conversationId, closeDialog(ann.conversationId))
    expect(closed).toMatchObject({ code: 200, body: 'OK Conversation resolved successfully' })
    await nextChange(agent, ann.conversationId, 'DELETE')
    const { conversationId, dialogId } = await bot.lead()
    expect(conversationId).toBe(ann.conversationId)
    await ann.socket.request('ms.SubscribeMessagingEvents', { dialogId, fromSeq: 0 })
    const asked = await contentOf(ann.socket, QUESTION)
    const question = asked.body.changes.find((one: Body) => one.event.message === QUESTION)
    expect(question).toMatchObject({
      dialogId,
      metadata: [{ type: 'Question', id: 'q-1' }],
      originatorMetadata: { role: 'AGENT' },
      event: { quickReplies: { type: 'quickReplies' } },
    })
    const concluded = bot.conclude(conversationId, dialogId)
    if (way === 'free text first') {
      await say(ann.socket, dialogId, 'quite well')
      await contentOf(ann.socket, RETRY)
      await ann.socket.next(({ body }) => JSON.stringify(body).includes('InvalidAnswer'))
    }
    const metadata = [{ type: 'Answer', questionId: 'q-1', id: 'good' }]
    const click = { type: 'AcceptStatusEvent', status: 'ACTION', sequenceList: [question.sequence] }
    await ann.socket.request('ms.PublishEvent', { dialogId, event: click }, { metadata })
    const text = { type: 'ContentEvent', contentType: 'text/plain', message: 'Well' }
    await ann.socket.request('ms.PublishEvent', { dialogId, event: text }, { metadata })
    await contentOf(ann.socket, THANKS)
    await concluded
    expect(bot.answers.filter(({ code = 0 }) => code > 299)).toEqual([])
    expect(bot.answers.find(({ type }) => type.endsWith('QueryMessages$Response'))?.body).toEqual(
      [],
    )
    expect(bot.answers).toContainEqual(expect.objectContaining(ADDED))
    const over = await nextChange(bot.socket, conversationId, 'DELETE')
    expect(over.conversationDetails).toMatchObject({
      state: 'CLOSE',
      stage: 'CLOSE',
      closeReason: 'CONSUMER',
    })
    expect(over.conversationDetails.endTs).toBeTypeOf('number')
    expect(surveyOf(over)).toMatchObject({
      state: 'CLOSE',
      closedBy: 'AGENT',
      closedCause: 'Completed',
    })
    await nextChange(ann.socket, conversationId, 'DELETE')
    // Neither the agent of the conversation nor anybody else heard of it.
    for (const socket of [agent, bystander])
      expect(
        (await socket.settled()).filter(
          ({ type, body }) => type.endsWith(EVENTS) && body.dialogId === dialogId,
        ),
      ).toEqual([])
  },
)

it('[DLG5] only who leads the application sees a survey and joins it', async () => {
  const account = await accountWithSurveys(server, { sharedAppIds: [APP] })
  await using agent = await atWork(server, await hire(server, account))
  const bot = await hire(server, account, { isBot: true })
  const other = await hire(server, account, { appInstallIds: ['another-app'] })
  const sockets = await Promise.all(
    [bot, other].map(({ bearer }) => server.agentSocket(account, bearer)),
  )
  await using _bot = sockets[0]!
  await using _other = sockets[1]!
  await using ann = await consumerWith(server, account)
  await takeRing(agent, ann.conversationId)
  await change(ann.socket, ann.conversationId, closeDialog(ann.conversationId))
  const { dialogId } = surveyOf(
    await nextChange(ann.socket, ann.conversationId, 'UPSERT', isSurveying),
  )
  // What is open when a bot comes is in its first snapshot.
  for (const socket of sockets)
    await followConversations(socket, { convState: undefined, stage: ['OPEN'] })
  const [snapshot, nothing] = await Promise.all(sockets.map((socket) => socket.next(CONVERSATIONS)))
  expect(snapshot?.body.changes).toHaveLength(1)
  expect(nothing?.body.changes).toEqual([])
  const join = { field: 'ParticipantsChange', type: 'ADD', role: 'AGENT', dialogId }
  expect(await change(sockets[1]!, ann.conversationId, join)).toMatchObject(
    refusal(403, 'Operation not permitted'),
  )
  const query = { dialogId, newerThanSequence: 0 }
  expect(await sockets[1]!.request('.ams.ms.QueryMessages', query)).toMatchObject({ code: 404 })
  expect(await sockets[0]!.request('.ams.ms.QueryMessages', query)).toMatchObject({
    code: 200,
    body: [],
  })
  // The dialog before it is not the bot's.
  const before = { dialogId: ann.conversationId, newerThanSequence: 0 }
  expect(await sockets[0]!.request('.ams.ms.QueryMessages', before)).toMatchObject({ code: 404 })
  expect(await change(sockets[0]!, ann.conversationId, join)).toMatchObject(ADDED)
  expect(await change(sockets[0]!, ann.conversationId, join)).toMatchObject(ADDED)
  // The agent of the conversation may not answer for the consumer, nor lead.
  expect(await say(agent, dialogId, 'I was great')).toMatchObject({ code: 403 })
  expect(await change(agent, ann.conversationId, join)).toMatchObject({ code: 403 })
  await say(ann.socket, dialogId, 'it was fine')
  expect(await agent.request('.ams.ms.QueryMessages', query)).toMatchObject({
    code: 200,
    body: [{ event: { message: 'it was fine' } }],
  })
})

it('[DLG5] a manager leads a survey, too', async () => {
  const account = await accountWithSurveys(server)
  await using agent = await atWork(server, await hire(server, account))
  const { socket: chief } = await supervisor(server, account, {
    convState: undefined,
    stage: ['OPEN'],
  })
  await using _chief = chief
  await using ann = await consumerWith(server, account)
  await takeRing(agent, ann.conversationId)
  await change(ann.socket, ann.conversationId, closeDialog(ann.conversationId))
  const { dialogId } = surveyOf(await nextChange(chief, ann.conversationId, 'UPSERT', isSurveying))
  const join = { field: 'ParticipantsChange', type: 'ADD', role: 'AGENT', dialogId }
  expect(await change(chief, ann.conversationId, join)).toMatchObject(ADDED)
  expect(await say(chief, dialogId, 'how was it?')).toMatchObject({
    code: 200,
    body: { sequence: 0 },
  })
})

it('[DLG5] an application that is given to an agent, and taken, counts at once', async () => {
  const account = await accountWithSurveys(server)
  await using agent = await atWork(server, await hire(server, account))
  const bot = await hire(server, account)
  await using socket = await server.agentSocket(account, bot.bearer)
  await followConversations(socket, { convState: undefined, stage: ['OPEN'] })
  await socket.next(CONVERSATIONS)
  await using ann = await consumerWith(server, account)
  await takeRing(agent, ann.conversationId)
  await change(ann.socket, ann.conversationId, closeDialog(ann.conversationId))
  await nextChange(ann.socket, ann.conversationId, 'UPSERT', isSurveying)
  expect((await socket.settled()).filter(({ type }) => type.endsWith(CONVERSATIONS))).toEqual([])
  const give = async (appInstallIds: string[]) => {
    const address = `${server.url}/api/account/${account}/ringdown/v1/agents/${bot.userId}`
    const { status } = await fetch(address, {
      method: 'PATCH',
      headers: {
        authorization: `Bearer ${server.running.adminToken}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ appInstallIds }),
    })
    expect(status).toBe(200)
    await clock.advance(1_000)
  }
  const shown = nextChange(socket, ann.conversationId, 'UPSERT', isSurveying)
  await give([APP])
  await shown
  const taken = nextChange(socket, ann.conversationId, 'DELETE')
  await give([])
  await taken
})

it('[DLG6] an agent who still follows the conversation hears the survey only when it asks', async () => {
  const account = await accountWithSurveys(server)
  const ana = await hire(server, account)
  await using agent = await atWork(server, ana)
  await followConversations(agent, { convState: undefined, stage: ['OPEN'], agentIds: [ana.oldId] })
  await using ann = await consumerWith(server, account)
  await takeRing(agent, ann.conversationId)
  await change(ann.socket, ann.conversationId, closeDialog(ann.conversationId))
  const { dialogId } = surveyOf(await nextChange(agent, ann.conversationId, 'UPSERT', isSurveying))
  await say(ann.socket, dialogId, 'anybody there?')
  const isHeard = ({ type, body }: Frame) => type.endsWith(EVENTS) && body.dialogId === dialogId
  expect((await agent.settled()).filter(isHeard)).toEqual([])
  await agent.request('ms.SubscribeMessagingEvents', { dialogId, fromSeq: 0 })
  expect((await agent.next(isHeard)).body.event.message).toBe('anybody there?')
})
