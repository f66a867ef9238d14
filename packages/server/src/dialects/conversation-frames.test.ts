import { findFault, notifications } from '@ringdown/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Conversation } from '../domain/conversation.ts'
import { dialectFor } from './dialects.ts'
import {
  agentIds,
  ana,
  conversationOf,
  mainDialogOf,
  max,
  privateEvent,
  surveyDialog,
  textEvent,
} from './test-fixtures.ts'

const consumerV3 = dialectFor('consumer', 3)
const consumerV2 = dialectFor('consumer', 2)
const agentV2 = dialectFor('agent', 2)
const agentV3 = dialectFor('agent', 3)
const all = [consumerV2, consumerV3, agentV2, agentV3]

const changeOf = (
  dialect: (typeof all)[number],
  conversation: Conversation,
  type: 'UPSERT' | 'DELETE' = 'UPSERT',
) => JSON.parse(dialect.conversationChange({ type, conversation, effectiveTtr: -1 }))

const detailsOf = (...args: Parameters<typeof changeOf>) =>
  changeOf(...args).result.conversationDetails

const said = {
  nextSequence: 6,
  unread: {},
  lastContent: textEvent(),
  lastAgentContent: privateEvent(),
}

describe('conversations', () => {
  it('[CV22] [CV24] shows version 3 consumers every documented spelling', () => {
    expect(changeOf(consumerV3, conversationOf())).toStrictEqual({
      type: 'UPSERT',
      result: {
        convId: 'conv-1',
        effectiveTTR: -1,
        lastUpdateTime: 1_760_000_000_400,
        numberOfunreadMessages: { 'c-91f2': 0 },
        conversationDetails: {
          skillId: '-1',
          brandId: '70010001',
          participants: [
            { id: 'c-91f2', role: 'CONSUMER' },
            { id: agentIds.ana, role: 'ASSIGNED_AGENT' },
          ],
          participantsPId: {
            CONSUMER: ['c-91f2'],
            ASSIGNED_AGENT: [agentIds.ana],
            AGENT: [],
            MANAGER: [],
            READER: [],
            CONTROLLER: [],
          },
          dialogs: [
            {
              dialogId: 'conv-1',
              dialogType: 'MAIN',
              channelType: 'MESSAGING',
              state: 'OPEN',
              participantsDetails: [
                { id: 'c-91f2', role: 'CONSUMER', state: 'ACTIVE' },
                { id: agentIds.ana, role: 'ASSIGNED_AGENT', state: 'ACTIVE' },
              ],
              creationTs: 1_760_000_000_000,
              metaDataLastUpdateTs: 1_760_000_000_400,
            },
          ],
          state: 'OPEN',
          stage: 'OPEN',
          startTs: 1_760_000_000_000,
          metaDataLastUpdateTs: 1_760_000_000_400,
          firstConversation: false,
          ttr: { ttrType: 'NORMAL', value: 3600 },
          conversationHandlerDetails: { accountId: '70010001', skillId: '-1' },
        },
      },
    })
  })

  it('[CV22] [CV25] shows version 2 agents old ids beside public ones', () => {
    const { result } = changeOf(agentV2, conversationOf())
    expect(result.numberOfunreadMessages).toStrictEqual({ 'c-91f2': 0, '70010001.777': 1 })
    expect(result.conversationDetails).toMatchObject({
      convId: 'conv-1',
      groupId: null,
      csatRate: 0,
      note: '',
      participants: { CONSUMER: ['c-91f2'], ASSIGNED_AGENT: ['70010001.777'], MANAGER: [] },
      participantsPId: { CONSUMER: ['c-91f2'], ASSIGNED_AGENT: [agentIds.ana], MANAGER: [] },
      dialogs: [{ participantsDetails: [{ id: 'c-91f2' }, { id: '70010001.777' }] }],
      context: { clientProperties: { type: '.ClientProperties' } },
    })
  })

  it.each(all)('[CV24] a conversation that goes is shown in full: $role $version', (dialect) => {
    const closed = conversationOf({
      state: 'closed',
      stage: 'closed',
      closeReason: 'agent',
      endedAt: 1_760_000_010_000,
      dialogs: [
        mainDialogOf({ state: 'closed', closedBy: 'agent', closedCause: 'Done', endedAt: 9 }),
      ],
    })
    const details = detailsOf(dialect, closed, 'DELETE')
    expect(changeOf(dialect, closed, 'DELETE').type).toBe('DELETE')
    expect(details).toMatchObject({
      state: 'CLOSE',
      stage: 'CLOSE',
      closeReason: 'AGENT',
      endTs: 1_760_000_010_000,
      dialogs: [{ state: 'CLOSE', closedBy: 'AGENT', closedCause: 'Done', endTs: 9 }],
    })
    expect(details.dialogs[0].participantsDetails).toHaveLength(2)
    expect(details.participants).toBeDefined()
    if (dialect !== agentV3) expect(details.participantsPId.CONSUMER).toStrictEqual(['c-91f2'])
  })

  it('[CV22] version 3 agents get a list of participants and no map', () => {
    const details = detailsOf(agentV3, conversationOf())
    expect(details.participants).toStrictEqual([
      { id: 'c-91f2', role: 'CONSUMER' },
      { id: agentIds.ana, role: 'ASSIGNED_AGENT' },
    ])
    expect(details).not.toHaveProperty('participantsPId')
  })

  it('[CV20] maps and dialogs list the agents of a role in one order, invited ones last', () => {
    const first = { ...max, role: 'manager' } as const
    const second = { ...ana, role: 'manager' } as const
    const invited = { ...max, state: 'suggested' } as const
    const conversation = conversationOf({
      dialogs: [
        mainDialogOf({ participants: [invited, first, second, ana] }),
        { ...surveyDialog, participants: [second] },
      ],
    })
    const details = detailsOf(agentV2, conversation)
    expect(details.participants.MANAGER).toStrictEqual(['70010001.777', '70010001.888'])
    expect(details.participantsPId.MANAGER).toStrictEqual([agentIds.ana, agentIds.max])
    expect(details.participantsPId.ASSIGNED_AGENT).toStrictEqual([agentIds.ana])
    expect(details.participantsPId.CONSUMER).toStrictEqual(['c-91f2'])
    const [survey, main] = details.dialogs
    expect(survey.participantsDetails.map((one: { id: string }) => one.id)).toStrictEqual([
      '70010001.777',
    ])
    expect(main.participantsDetails).toStrictEqual([
      { id: '70010001.777', role: 'ASSIGNED_AGENT', state: 'ACTIVE' },
      { id: '70010001.888', role: 'ASSIGNED_AGENT', state: 'SUGGESTED' },
      { id: '70010001.777', role: 'MANAGER', state: 'ACTIVE' },
      { id: '70010001.888', role: 'MANAGER', state: 'ACTIVE' },
    ])
  })

  it('[CV20] names the consumer even where no dialog has one', () => {
    const empty = conversationOf({ dialogs: [mainDialogOf({ participants: [] })] })
    expect(detailsOf(agentV2, empty).participantsPId.CONSUMER).toStrictEqual(['c-91f2'])
    expect(detailsOf(agentV3, empty).participants).toStrictEqual([
      { id: 'c-91f2', role: 'CONSUMER' },
    ])
  })

  it('[CV21] lists the main dialog first, but the newest first for version 2 agents', () => {
    const conversation = conversationOf({ dialogs: [mainDialogOf(), surveyDialog] })
    const order = all.map((dialect) =>
      detailsOf(dialect, conversation).dialogs.map((one: { dialogType: string }) => one.dialogType),
    )
    expect(order).toStrictEqual([
      ['MAIN', 'POST_SURVEY'],
      ['MAIN', 'POST_SURVEY'],
      ['POST_SURVEY', 'MAIN'],
      ['MAIN', 'POST_SURVEY'],
    ])
  })

  it.each(all)('[CV24] a survey dialog always has metadata: $role $version', (dialect) => {
    const details = detailsOf(dialect, conversationOf({ dialogs: [surveyDialog] }))
    expect(details.dialogs[0].metaData).toStrictEqual({})
  })

  it('[CV23] what agents attach to a dialog is not for consumers, but co-browsing is', () => {
    const metadata = { ActionReason: { reason: 'rude' } }
    const main = conversationOf({ dialogs: [mainDialogOf({ metadata })] })
    expect(detailsOf(agentV2, main).dialogs[0].metaData).toStrictEqual(metadata)
    expect(detailsOf(consumerV3, main).dialogs[0]).not.toHaveProperty('metaData')
    const call = { ...surveyDialog, type: 'other', channel: 'cobrowse', metadata } as const
    const cobrowse = conversationOf({ dialogs: [mainDialogOf(), call] })
    expect(detailsOf(consumerV3, cobrowse).dialogs[1]).toMatchObject({
      metaData: metadata,
      participants: ['c-91f2'],
      channelType: 'COBROWSE',
    })
  })

  it.each(all)('[CV24] optional details appear when set: $role $version', (dialect) => {
    const details = detailsOf(
      dialect,
      conversationOf({
        csat: { rate: 4, resolutionConfirmed: true, status: 'FILLED' },
        campaign: { campaignId: 501, engagementId: 502 },
        delay: { type: 'NIGHT', until: 7 },
        manualEttr: 8,
        context: { type: 'SharkContext', lang: 'en-GB' },
      }),
    )
    expect(details).toMatchObject({
      csat: { field: 'CSATRate', csatRate: 4, csatResolutionConfirmation: true, status: 'FILLED' },
      campaignInfo: { campaignId: 501, engagementId: 502 },
      delay: { type: 'NIGHT', tillWhen: 7 },
      manualETTR: 8,
      context: { type: 'SharkContext', lang: 'en-GB' },
    })
  })

  it.each(all)('[CV24] agrees with the published schema: $role $version', (dialect) => {
    const conversation = conversationOf({
      csat: { status: 'SKIPPED' },
      note: 'a note',
      topic: 'a topic',
      dialogs: [mainDialogOf({ activity: said }), surveyDialog],
    })
    const change = dialect.conversationChange({ type: 'DELETE', conversation, effectiveTtr: 5 })
    const frame = dialect.conversationFrame({ subscriptionId: 's', sentAt: 1, changes: [change] })
    const schema = notifications.conversation[dialect.version]
    expect(findFault(schema, JSON.parse(frame).body, 'body')).toBeUndefined()
  })

  it('[CV23] agents get the newest content of any audience, consumers only what is for all', () => {
    const conversation = conversationOf({ dialogs: [mainDialogOf({ activity: said })] })
    const [toConsumerV2, toConsumerV3, toAgentV2, toAgentV3] = all.map(
      (dialect) => changeOf(dialect, conversation).result.lastContentEventNotification,
    )
    expect([toConsumerV2.sequence, toConsumerV3.sequence]).toStrictEqual([4, 4])
    expect([toAgentV2.sequence, toAgentV3.sequence]).toStrictEqual([5, 5])
    expect(toAgentV2).toMatchObject({
      originatorId: '70010001.777',
      originatorPId: agentIds.ana,
      originatorMetadata: { role: 'ASSIGNED_AGENT' },
      event: { type: 'ContentEvent' },
    })
  })

  it('[CV24] the frame carries its subscription, and in version 3 the time it was sent', () => {
    const frame = { subscriptionId: 'sub-1', sentAt: 12, changes: ['{"type":"UPSERT"}'] }
    expect(all.map((dialect) => JSON.parse(dialect.conversationFrame(frame)))).toStrictEqual([
      {
        kind: 'notification',
        type: '.ams.aam.ExConversationChangeNotification',
        body: { subscriptionId: 'sub-1', changes: [{ type: 'UPSERT' }] },
      },
      {
        kind: 'notification',
        type: 'cqm.ExConversationChangeNotification',
        body: { subscriptionId: 'sub-1', sentTs: 12, changes: [{ type: 'UPSERT' }] },
      },
      {
        kind: 'notification',
        type: '.ams.aam.ExConversationChangeNotification',
        body: { subscriptionId: 'sub-1', changes: [{ type: 'UPSERT' }] },
      },
      {
        kind: 'notification',
        type: 'cqm.ExConversationChangeNotification',
        body: { subscriptionId: 'sub-1', sentTs: 12, changes: [{ type: 'UPSERT' }] },
      },
    ])
  })
})

const SECRET = 'only-for-agents'

describe('any conversation', () => {
  it('[CV23] [EV22] is JSON for everybody and tells consumers neither notes nor private content', () => {
    const text = fc.string({ unit: 'binary' })
    fc.assert(
      fc.property(text, text, fc.boolean(), (id, words, isLastPublic) => {
        const hidden = privateEvent({
          payload: JSON.stringify({ type: 'ContentEvent', message: SECRET }),
        })
        const shown = textEvent({
          payload: JSON.stringify({ type: 'ContentEvent', message: words }),
        })
        const activity = {
          nextSequence: 9,
          unread: { [id]: 2 },
          // A private event in the consumers' place must not get out either.
          lastContent: isLastPublic ? shown : hidden,
          lastAgentContent: hidden,
        }
        const conversation = conversationOf({
          id,
          consumerId: id,
          note: SECRET,
          topic: SECRET,
          context: { lang: words },
          dialogs: [mainDialogOf({ id, activity, metadata: { note: SECRET } })],
        })
        for (const dialect of all) {
          const change = dialect.conversationChange({
            type: 'UPSERT',
            conversation,
            effectiveTtr: -1,
          })
          const frame = dialect.conversationFrame({
            subscriptionId: id,
            sentAt: 1,
            changes: [change],
          })
          expect(JSON.parse(frame).body.changes[0].result.convId).toBe(id)
          expect(frame.includes(SECRET)).toBe(dialect.role === 'agent')
        }
      }),
    )
  })

  it('[CV23] the note reaches agents of both versions', () => {
    const conversation = conversationOf({ note: 'calls back on Monday' })
    expect(detailsOf(agentV2, conversation).note).toBe('calls back on Monday')
    expect(detailsOf(agentV3, conversation).note).toBe('calls back on Monday')
    expect(detailsOf(consumerV2, conversation)).not.toHaveProperty('note')
  })
})
