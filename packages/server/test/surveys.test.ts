/** Surveys on the wire: when they open, who is told, how they end. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { TestServer } from '../src/testing/index.ts'
import type { Frame } from '../src/testing/socket-client.ts'
import {
  atWork,
  CONVERSATIONS,
  change,
  closing,
  hire,
  nextChange,
  refusal,
  say,
  supervisor,
  takeRing,
} from './bots/duty.ts'
import { stillServer } from './bots/still-server.ts'
import type { WatchedClock } from './bots/watched-clock.ts'
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

it('[DLG1] [DLG3] the survey as each side sees it, in its order', async () => {
  const account = await accountWithSurveys(server)
  const ana = await hire(server, account)
  await using agent = await atWork(server, ana)
  await using second = await supervisor(server, account, {
    convState: undefined,
    stage: ['OPEN'],
  }).then(({ socket }) => socket)
  const chief = await hire(server, account, { roles: ['manager'] })
  await using third = await server.agentSocket(account, chief.bearer, '3')
  await third.request('cqm.SubscribeExConversations', { stage: ['OPEN'] })
  await using ann = await consumerWith(server, account)
  await takeRing(agent, ann.conversationId)
  await nextChange(agent, ann.conversationId)
  expect(await change(agent, ann.conversationId, closeDialog(ann.conversationId))).toMatchObject({
    code: 200,
    body: 'OK Conversation resolved successfully',
  })
  const [byConsumer, byV2, byV3] = await Promise.all(
    [ann.socket, second, third].map((socket) =>
      nextChange(socket, ann.conversationId, 'UPSERT', isSurveying),
    ),
  )
  const types = (result: Body) =>
    result.conversationDetails.dialogs.map(({ dialogType }: Body) => dialogType)
  expect([byConsumer, byV2, byV3].map(types)).toEqual([
    ['MAIN', 'POST_SURVEY'],
    ['POST_SURVEY', 'MAIN'],
    ['MAIN', 'POST_SURVEY'],
  ])
  for (const result of [byConsumer, byV2, byV3]) {
    expect(result).toMatchObject({
      effectiveTTR: -1,
      conversationDetails: { state: 'CLOSE', stage: 'OPEN', closeReason: 'AGENT' },
    })
    expect(result.conversationDetails).not.toHaveProperty('endTs')
    expect(surveyOf(result)).toMatchObject({
      state: 'OPEN',
      channelType: 'MESSAGING',
      metaData: { appInstallId: APP },
    })
    expect(surveyOf(result)).not.toHaveProperty('endTs')
  }
  expect(surveyOf(byV2).participantsDetails).toEqual([
    { id: ann.id, role: 'CONSUMER', state: 'ACTIVE' },
    { id: ana.oldId, role: 'READER', state: 'ACTIVE' },
  ])
  expect(byV2.conversationDetails.participantsPId).toMatchObject({
    CONSUMER: [ann.id],
    ASSIGNED_AGENT: [ana.id],
    READER: [ana.id],
  })
  const main = byV2.conversationDetails.dialogs[1]
  expect(main).toMatchObject({
    state: 'CLOSE',
    closedBy: 'AGENT',
    endTs: surveyOf(byV2).creationTs,
  })
  await nextChange(agent, ann.conversationId, 'DELETE')
})

it('[DLG2] [DLG4] without MULTI_DIALOG, an agent or an application everything closes at once', async () => {
  const plain = (await server.account()).id
  const account = await accountWithSurveys(server)
  const [ana, bob] = [await hire(server, account), await hire(server, plain)]
  await using agent = await atWork(server, ana)
  await using other = await atWork(server, bob)
  await using silent = await consumerWith(server, account, [])
  await takeRing(agent, silent.conversationId)
  await using elsewhere = await consumerWith(server, plain)
  await takeRing(other, elsewhere.conversationId)
  await change(agent, silent.conversationId, closeDialog(silent.conversationId))
  await change(other, elsewhere.conversationId, closeDialog(elsewhere.conversationId))
  await using unserved = await consumerWith(server, account)
  await change(unserved.socket, unserved.conversationId, closeDialog(unserved.conversationId))
  for (const { socket, conversationId } of [silent, elsewhere, unserved]) {
    const { conversationDetails } = await nextChange(socket, conversationId, 'DELETE')
    expect(conversationDetails).toMatchObject({ state: 'CLOSE', stage: 'CLOSE' })
    expect(conversationDetails.dialogs).toHaveLength(1)
  }
})

it.each([closing, { field: 'Stage', conversationState: 'CLOSE' }])(
  '[DLG2] %j closes without a survey, and a survey with the rest',
  async (field) => {
    const account = await accountWithSurveys(server)
    await using agent = await atWork(server, await hire(server, account))
    await using ann = await consumerWith(server, account)
    await takeRing(agent, ann.conversationId)
    await change(ann.socket, ann.conversationId, field)
    const whole = await nextChange(ann.socket, ann.conversationId, 'DELETE')
    expect(whole.conversationDetails.dialogs).toHaveLength(1)
    await using eva = await consumerWith(server, account)
    await takeRing(agent, eva.conversationId)
    await change(eva.socket, eva.conversationId, closeDialog(eva.conversationId))
    await nextChange(eva.socket, eva.conversationId, 'UPSERT', isSurveying)
    await change(eva.socket, eva.conversationId, field)
    const over = await nextChange(eva.socket, eva.conversationId, 'DELETE')
    expect(surveyOf(over)).toMatchObject({ state: 'CLOSE', closedBy: 'CONSUMER' })
  },
)

it('[DLG7] what was settled with the main dialog stays as it was', async () => {
  const account = await accountWithSurveys(server)
  const ana = await hire(server, account)
  await using agent = await atWork(server, ana)
  await using ann = await consumerWith(server, account)
  await takeRing(agent, ann.conversationId)
  await change(agent, ann.conversationId, closeDialog(ann.conversationId))
  for (const field of [
    { field: 'Skill', type: 'UPDATE', skill: '-1' },
    { field: 'TTRField', ttrType: 'URGENT', value: 5 },
    { field: 'ManualETTR', time: 5 },
  ])
    expect(await change(agent, ann.conversationId, field)).toMatchObject(
      refusal(400, 'Conversation is closed'),
    )
  for (const field of [
    { field: 'ParticipantsChange', type: 'REMOVE', role: 'ASSIGNED_AGENT' },
    closeDialog(ann.conversationId),
  ])
    expect(await change(agent, ann.conversationId, field)).toMatchObject(
      refusal(400, 'Dialog is closed'),
    )
  expect(await say(ann.socket, ann.conversationId, 'one more thing')).toMatchObject({ code: 400 })
  const queued = { accountId: account, limit: 9 }
  expect(await server.services.store.read('queuedTasks', queued)).toEqual([])
})

it('[DLG8] a survey that nobody ends is closed when its time is over', async () => {
  const account = await accountWithSurveys(server, { surveyTimeoutSeconds: 600 })
  await using agent = await atWork(server, await hire(server, account))
  await using ann = await consumerWith(server, account)
  await takeRing(agent, ann.conversationId)
  await change(ann.socket, ann.conversationId, closeDialog(ann.conversationId))
  await nextChange(ann.socket, ann.conversationId, 'UPSERT', isSurveying)
  await ann.socket.settled()
  const over = nextChange(ann.socket, ann.conversationId, 'DELETE')
  await clock.advance(590_000)
  expect((await ann.socket.settled()).filter(({ type }) => type.endsWith(CONVERSATIONS))).toEqual(
    [],
  )
  await clock.advance(11_000)
  const { conversationDetails } = await over
  expect(conversationDetails).toMatchObject({ stage: 'CLOSE', closeReason: 'CONSUMER' })
  expect(surveyOf({ conversationDetails })).toMatchObject({
    state: 'CLOSE',
    closedBy: 'SYSTEM',
    closedCause: 'Survey timed out',
  })
})

it('[DLG8] a consumer skips its survey', async () => {
  const account = await accountWithSurveys(server)
  await using agent = await atWork(server, await hire(server, account))
  await using ann = await consumerWith(server, account)
  await takeRing(agent, ann.conversationId)
  await change(ann.socket, ann.conversationId, closeDialog(ann.conversationId))
  const { dialogId } = surveyOf(
    await nextChange(ann.socket, ann.conversationId, 'UPSERT', isSurveying),
  )
  expect(
    await change(ann.socket, ann.conversationId, closeDialog(dialogId, { closedBy: 'AGENT' })),
  ).toMatchObject({ code: 200, body: 'OK Dialog closed successfully' })
  const over = await nextChange(ann.socket, ann.conversationId, 'DELETE')
  expect(surveyOf(over)).toMatchObject({ closedBy: 'CONSUMER', closedCause: 'Closed by consumer' })
  expect(await say(ann.socket, dialogId, 'wait')).toMatchObject({ code: 400 })
})
