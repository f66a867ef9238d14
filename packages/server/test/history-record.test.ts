/** What a record of the history says, part by part. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { SocketClient, TestAgent, TestServer } from '../src/testing/index.ts'
import { atWork, change, hire, say, takeRing } from './bots/duty.ts'
import { stillServer } from './bots/still-server.ts'
import type { WatchedClock } from './bots/watched-clock.ts'
import { callService } from './service-calls.ts'
import { APP, closeDialog, consumerWith } from './survey-world.ts'

let server: TestServer
let clock: WatchedClock

beforeAll(async () => {
  ;({ server, clock } = await stillServer())
})
afterAll(() => server[Symbol.asyncDispose]())

type Worker = TestAgent & { accountId: string }

/** The record of one conversation, with the parts that are asked for. */
const recordOf = async (
  { accountId, bearer }: Worker,
  conversationId: string,
  ...contentToRetrieve: readonly string[]
) => {
  const path = `/messaging_history/api/account/${accountId}/conversations/conversation/search`
  const body = { conversationId, contentToRetrieve }
  const answered = await callService(server, `POST ${path}`, { bearer, body })
  return answered.body.conversationHistoryRecords[0]
}

/** Ana serves Ann. */
const served = async (stack: AsyncDisposableStack) => {
  const { id: account } = await server.account({ surveyAppId: APP })
  const ana = await hire(server, account)
  const agent = stack.use(await atWork(server, ana))
  const ann = stack.use(await consumerWith(server, account))
  await takeRing(agent, ann.conversationId)
  await clock.leap(1000)
  return { account, ana, agent, ann, id: ann.conversationId }
}

const receipt = (socket: SocketClient, dialogId: string, status: string, ...sequences: number[]) =>
  socket.request('.ams.ms.PublishEvent', {
    dialogId,
    event: { type: 'AcceptStatusEvent', status, sequenceList: sequences },
  })

it('[HIS25] a status of a message is told once of each who takes part', async () => {
  await using stack = new AsyncDisposableStack()
  const { ana, agent, ann, id } = await served(stack)
  await say(ann.socket, id, 'one')
  await say(ann.socket, id, 'two')
  await receipt(agent, id, 'ACCEPT', 0, 0)
  const read = clock.now()
  await receipt(agent, id, 'READ', 0)
  await clock.leap(1000)
  await receipt(agent, id, 'READ', 0, 1)
  const { messageStatuses } = await recordOf(ana, id, 'messageStatuses')
  const told = messageStatuses.map(
    ({ seq, messageDeliveryStatus, timeL }: Record<string, unknown>) => [
      seq,
      messageDeliveryStatus,
      timeL,
    ],
  )
  expect(told).toEqual([
    [0, 'ACCEPT', read],
    [0, 'READ', read],
    [1, 'READ', read + 1000],
  ])
})

it('[HIS26] interactions tell their time as text and as number', async () => {
  await using stack = new AsyncDisposableStack()
  const { ana, id } = await served(stack)
  const { interactions, info } = await recordOf(ana, id, 'interactions')
  const { startTime: interactionTime, startTimeL: interactionTimeL } = info
  expect(interactionTime).toMatch(/^2030-01-01 00:00:\d\d\.000\+0000$/)
  expect(interactions).toMatchObject([{ interactionTime, interactionTimeL }])
})

it('[HIS27] the response time says when an answer is due', async () => {
  await using stack = new AsyncDisposableStack()
  const { ana, agent, ann, id } = await served(stack)
  const dueTime = async () => (await recordOf(ana, id, 'responseTime')).responseTime
  await say(ann.socket, id, 'hello?')
  expect(await dueTime()).toEqual({
    latestEffectiveResponseDueTime: clock.now() + 600_000,
    configuredResponseTime: 600,
  })
  await say(agent, id, 'hello')
  expect(await dueTime()).toMatchObject({ latestEffectiveResponseDueTime: -1 })
})

it('[HIS28] a conversation ends with its main dialog, and as a whole with its survey', async () => {
  await using stack = new AsyncDisposableStack()
  const { ana, agent, ann, id } = await served(stack)
  const mainEnd = clock.now()
  await change(agent, id, closeDialog(id))
  const whileSurveying = await recordOf(ana, id, 'dialogs')
  expect(whileSurveying.info).toMatchObject({
    status: 'CLOSE',
    fullDialogStatus: 'OPEN',
    conversationEndTimeL: mainEnd,
    fullDialogEndTime: 'undefined',
    fullDialogEndTimeL: -1,
  })
  await clock.leap(1000)
  const survey = whileSurveying.dialogs.find(
    ({ dialogType }: { dialogType: string }) => dialogType === 'POST_SURVEY',
  )
  await change(ann.socket, id, closeDialog(survey.dialogId))
  expect((await recordOf(ana, id)).info).toMatchObject({
    conversationEndTimeL: mainEnd,
    endTimeL: mainEnd + 1000,
    fullDialogEndTimeL: mainEnd + 1000,
  })
})

it('[HIS29] a record tells what the client said of itself', async () => {
  const { id: account } = await server.account()
  const ana = await hire(server, account, { roles: ['manager'] })
  const token = await server.signup(account)
  await using ann = await server.consumer(account, { token })
  const opened = async (conversationContext: object) => {
    const body = { conversationContext }
    const answer = await ann.request('cm.ConsumerRequestConversation', body)
    return (await recordOf(ana, answer.body.conversationId)).info
  }
  const clientProperties = {
    type: '.ClientProperties',
    appId: 'shop',
    appVersion: '1.2',
    deviceFamily: 'MOBILE',
    deviceModel: 'X9',
    os: 'OSX',
    osVersion: '15',
    browser: 'Firefox',
    browserVersion: '140',
    timeZone: 'Europe/Berlin',
    integration: 'WEB_SDK',
    integrationVersion: '3',
    features: ['PHOTO_SHARING', 'RICH_CONTENT'],
  }
  const ids = { sessionId: 's1', interactionContextId: '2' }
  const { type: _, deviceFamily, os, osVersion, ...same } = clientProperties
  expect(
    await opened({ type: 'SharkContext', lang: 'en-GB', ...ids, clientProperties }),
  ).toMatchObject({
    ...same,
    ...ids,
    device: 'MOBILE',
    operatingSystem: 'MAC_OSX',
    operatingSystemVersion: '15',
    language: 'en-GB',
    integration: 'web-sdk',
    features: ['PHOTOSHARING', 'RICHCONTENT'],
  })
  const little = await opened({ clientProperties: { deviceFamily: 'OTHER', os: 'OTHER' } })
  expect(little).toMatchObject({
    device: 'undefined',
    browser: 'undefined',
    operatingSystem: 'NA',
  })
  expect(little).not.toHaveProperty('language')
})

it('[HIS30] messages tell their metadata as it came, and by kind', async () => {
  await using stack = new AsyncDisposableStack()
  const { ana, agent, id } = await served(stack)
  const event = { type: 'ContentEvent', contentType: 'text/plain', message: 'hello' }
  const intents = [{ id: 'i', name: 'Return', confidence: 'HIGH', confidenceScore: 0.9 }]
  const bot = { externalConversationId: 'x', businessCases: ['returns'], intents }
  const metadata = [
    { type: 'BotResponse', ...bot },
    { type: 'ActionReason', reason: 'asked for', reasonId: '1' },
    { type: 'ExternalId', id: 'n' },
  ]
  await agent.request('.ams.ms.PublishEvent', { dialogId: id, event }, { metadata })
  await agent.request(
    '.ams.ms.PublishEvent',
    { dialogId: id, event },
    { metadata: metadata.slice(2) },
  )
  const { messageRecords } = await recordOf(ana, id, 'messageRecords')
  const told = messageRecords.map(({ contextData }: { contextData: object }) => contextData)
  expect(told).toEqual([
    {
      rawMetadata: JSON.stringify(metadata),
      structuredMetadata: [{ botResponse: bot }, { actionReason: { reason: 'asked for' } }],
    },
    { rawMetadata: JSON.stringify(metadata.slice(2)) },
  ])
})
