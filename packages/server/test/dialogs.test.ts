/** Dialogs beside the main one, on the wire: made by agents, kept as data, seen by all. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { TestServer } from '../src/testing/index.ts'
import type { Frame } from '../src/testing/socket-client.ts'
import {
  ADDED,
  atWork,
  change,
  hears,
  hire,
  nextChange,
  participant,
  REMOVED,
  refusal,
  say,
  supervisor,
  takeRing,
} from './bots/duty.ts'
import { stillServer } from './bots/still-server.ts'
import type { WatchedClock } from './bots/watched-clock.ts'
import { consumerWith } from './survey-world.ts'

type Body = Frame['body']

let server: TestServer
let clock: WatchedClock

beforeAll(async () => {
  ;({ server, clock } = await stillServer())
})
afterAll(() => server[Symbol.asyncDispose]())

/** An agent who serves a consumer with these features. */
const served = async (...features: string[]) => {
  const { id: account } = await server.account()
  const ana = { ...(await hire(server, account)) }
  const agent = await atWork(server, ana)
  const ann = await consumerWith(server, account, features)
  await takeRing(agent, ann.conversationId)
  await nextChange(agent, ann.conversationId)
  return { account, ana, agent, ann, id: ann.conversationId }
}

const dialogChange = (type: string, dialog: object) => ({ field: 'DialogChange', type, dialog })
const dialogIn = ({ conversationDetails }: Body, id: string): Body =>
  conversationDetails.dialogs.find(({ dialogId }: Body) => dialogId === id)
const has = (id: string) => (result: Body) => dialogIn(result, id) !== undefined
const session = (id: string, state: string) => (result: Body) =>
  dialogIn(result, id)?.metaData.sessionState === state

it('[DLG10] [DLG12] an agent talks with the consumer in a dialog of their own', async () => {
  const { account, ana, agent, ann, id } = await served()
  await using _agent = agent
  await using _ann = ann
  const { agent: max, socket: chief } = await supervisor(server, account)
  await using _chief = chief
  const made = await change(agent, id, dialogChange('CREATE', { dialogId: 'aside-1' }))
  expect(made).toMatchObject({ code: 200, body: 'OK Conversation updated successfully' })
  const [byAgent, byConsumer] = await Promise.all([
    nextChange(agent, id, 'UPSERT', has('aside-1')),
    nextChange(ann.socket, id, 'UPSERT', has('aside-1')),
  ])
  expect(dialogIn(byAgent, 'aside-1')).toMatchObject({
    dialogType: 'OTHER',
    channelType: 'MESSAGING',
    state: 'OPEN',
    participantsDetails: [
      { id: ann.id, role: 'CONSUMER', state: 'ACTIVE' },
      { id: ana.oldId, role: 'AGENT', state: 'ACTIVE' },
    ],
  })
  expect(byAgent.conversationDetails.dialogs.map(({ dialogId }: Body) => dialogId)).toEqual([
    'aside-1',
    id,
  ])
  expect(dialogIn(byConsumer, 'aside-1').participantsDetails[1].id).toBe(ana.id)
  expect(await say(ann.socket, 'aside-1', 'psst')).toMatchObject({
    code: 200,
    body: { sequence: 0 },
  })
  expect((await hears(agent, 'psst')).body.dialogId).toBe('aside-1')
  // Who is not in it hears nothing; a manager joins it by its name, and twice is once.
  expect((await chief.settled()).filter(({ body }) => body.dialogId === 'aside-1')).toEqual([])
  const join = { ...participant('ADD', 'AGENT'), dialogId: 'aside-1' }
  expect(await change(chief, id, join)).toMatchObject(ADDED)
  const joined = await nextChange(chief, id)
  expect(joined.conversationDetails.participantsPId.AGENT).toEqual([ana.id, max.id])
  await chief.settled()
  expect(await change(chief, id, join)).toMatchObject(ADDED)
  expect(await chief.settled()).toEqual([])
  expect(await change(chief, id, participant('ADD', 'AGENT'))).toMatchObject({ code: 403 })
  const asAssigned = { ...participant('ADD', 'ASSIGNED_AGENT'), dialogId: 'aside-1' }
  expect(await change(chief, id, asAssigned)).toMatchObject({ code: 400 })
  const leave = { ...participant('REMOVE', 'AGENT'), dialogId: 'aside-1' }
  expect(await change(chief, id, leave)).toMatchObject(REMOVED)
  expect(await say(chief, 'aside-1', 'too late')).toMatchObject({ code: 403 })
  expect(
    await change(agent, id, dialogChange('UPDATE', { dialogId: 'aside-1', state: 'CLOSE' })),
  ).toMatchObject({ code: 200, body: 'OK Dialog closed successfully' })
  const after = await nextChange(
    ann.socket,
    id,
    'UPSERT',
    (result) => dialogIn(result, 'aside-1')?.state === 'CLOSE',
  )
  expect(after.conversationDetails).toMatchObject({ state: 'OPEN', stage: 'OPEN' })
})

it('[DLG10] who may not make a dialog, and what is none', async () => {
  const { account, agent, ann, id } = await served()
  await using _agent = agent
  await using _ann = ann
  await using stranger = await server.agentSocket(account, (await hire(server, account)).bearer)
  const create = (dialog: object = {}) => dialogChange('CREATE', dialog)
  expect(await change(ann.socket, id, create())).toMatchObject({
    code: 403,
    body: 'Operation not permitted',
  })
  expect(await change(stranger, id, create())).toMatchObject({ code: 403 })
  for (const [dialog, place] of [
    [{ dialogType: 'POST_SURVEY' }, 'dialog.dialogType'],
    [{ dialogType: 'MAIN' }, 'dialog.dialogType'],
    [{ channelType: 'FAX' }, 'dialog.channelType'],
    [{ dialogId: 'no id' }, 'dialog.dialogId'],
  ] as const)
    expect(await change(agent, id, create(dialog)), place).toMatchObject(
      refusal(400, `Bad request: conversationField[0].${place}`),
    )
  expect(await change(agent, id, create({ dialogId: id }))).toMatchObject({ code: 409 })
})

it('[DLG11] metadata of the request stays with the dialog, for agents', async () => {
  const { agent, ann, id } = await served()
  await using _agent = agent
  await using _ann = ann
  const metadata = [{ type: 'EscalationSummary', summary: 'angry' }]
  const conversationField = [dialogChange('UPDATE', { dialogId: id })]
  const body = { conversationId: id, conversationField }
  const answer = await agent.request('.ams.cm.UpdateConversationField', body, { metadata })
  expect(answer).toMatchObject({ code: 200, body: 'OK Conversation updated successfully' })
  const told = await nextChange(agent, id)
  expect(dialogIn(told, id).metaData).toEqual({ EscalationSummary: metadata[0] })
  const seen = await nextChange(
    ann.socket,
    id,
    'UPSERT',
    ({ conversationDetails }) =>
      conversationDetails.metaDataLastUpdateTs === told.conversationDetails.metaDataLastUpdateTs,
  )
  expect(dialogIn(seen, id)).not.toHaveProperty('metaData')
  expect(
    await change(ann.socket, id, dialogChange('UPDATE', { dialogId: id, metaData: { a: 1 } })),
  ).toMatchObject({ code: 403 })
})

const invitation = (dialogId: string, metaData: object = {}) =>
  dialogChange('CREATE', { dialogId, dialogType: 'OTHER', channelType: 'COBROWSE', metaData })

it('[DLG13] [DLG15] an invitation to co-browse is accepted and ended', async () => {
  const { ana, agent, ann, id } = await served('CO_BROWSE')
  await using _agent = agent
  await using _ann = ann
  await change(agent, id, invitation('call-1', { mode: 'VIDEO_CALL' }))
  const invited = await nextChange(ann.socket, id, 'UPSERT', has('call-1'))
  expect(dialogIn(invited, 'call-1')).toMatchObject({
    dialogType: 'OTHER',
    channelType: 'COBROWSE',
    state: 'OPEN',
    participants: [ann.id, ana.oldId],
    metaData: {
      serviceId: `${ann.id}#call-1`,
      mode: 'VIDEO_CALL',
      expires: server.services.clock.now() / 1000 + 120,
      sessionState: 'INVITED',
      dialogId: 'call-1',
    },
  })
  expect(await say(ann.socket, 'call-1', 'hello?')).toMatchObject({ code: 400 })
  const move = (sessionState: string) =>
    change(agent, id, dialogChange('UPDATE', { dialogId: 'call-1', metaData: { sessionState } }))
  expect(await move('ACCEPTED')).toMatchObject({ code: 200 })
  await nextChange(ann.socket, id, 'UPSERT', session('call-1', 'ACCEPTED'))
  expect(await move('INVITED')).toMatchObject({ code: 400 })
  expect(await move('LOST')).toMatchObject({ code: 400 })
  expect(await move('CLOSED')).toMatchObject({ code: 200 })
  const ended = await nextChange(ann.socket, id, 'UPSERT', session('call-1', 'CLOSED'))
  expect(dialogIn(ended, 'call-1')).toMatchObject({ state: 'CLOSE', closedBy: 'AGENT' })
  expect(await move('ACCEPTED')).toMatchObject({ code: 400 })
})

it('[DLG14] a client that cannot co-browse is not asked to', async () => {
  const { agent, ann, id } = await served('MULTI_DIALOG')
  await using _agent = agent
  await using _ann = ann
  expect(await change(agent, id, invitation('call-1'))).toMatchObject(
    refusal(403, 'The consumer has not declared CO_BROWSE'),
  )
})

it('[DLG16] [DLG17] an invitation runs out, and one that was accepted ends with its agent', async () => {
  const { agent, ann, id } = await served('CO_BROWSE')
  await using _agent = agent
  await using _ann = ann
  await change(agent, id, invitation('call-1'))
  await change(agent, id, invitation('call-2'))
  const accepted = { dialogId: 'call-2', metaData: { sessionState: 'ACCEPTED' } }
  await change(agent, id, dialogChange('UPDATE', accepted))
  const late = nextChange(ann.socket, id, 'UPSERT', session('call-1', 'CLOSED'))
  await clock.advance(121_000)
  const over = await late
  expect(dialogIn(over, 'call-1')).toMatchObject({ state: 'CLOSE', closedBy: 'SYSTEM' })
  expect(dialogIn(over, 'call-2')).toMatchObject({ state: 'OPEN' })
  expect(over.conversationDetails).toMatchObject({ state: 'OPEN', stage: 'OPEN' })
  expect(await change(agent, id, participant('REMOVE', 'ASSIGNED_AGENT'))).toMatchObject(REMOVED)
  await nextChange(agent, id, 'DELETE')
  const left = await nextChange(ann.socket, id, 'UPSERT', session('call-2', 'CLOSED'))
  expect(left.conversationDetails.dialogs).toHaveLength(3)
})

it('[DLG9] an agent closes in its own name, with its own words', async () => {
  const { agent, ann, id } = await served()
  await using _agent = agent
  await using _ann = ann
  const closing = { dialogId: id, state: 'CLOSE', closedBy: 'CONSUMER', closedCause: 'Done' }
  await change(agent, id, dialogChange('UPDATE', closing))
  const { conversationDetails } = await nextChange(ann.socket, id, 'DELETE')
  expect(conversationDetails).toMatchObject({
    closeReason: 'AGENT',
    dialogs: [{ closedBy: 'AGENT', closedCause: 'Done' }],
  })
  const reopened = await change(agent, id, dialogChange('UPDATE', { dialogId: id, state: 'OPEN' }))
  expect(reopened).toMatchObject({ code: 400 })
})
