import { describe, expect, it } from 'vitest'
import type { Actor } from '../domain/actor.ts'
import { agentReference, agentResolver, publicIdOf } from './agent-references.ts'
import { type ChangeOptions, decodeChanges, namedAgents, namedSkills } from './decode-changes.ts'
import { agentActor, agentIds, consumerActor } from './test-fixtures.ts'

const seconds = { normal: 3600, urgent: 300, prioritized: 600, custom: 1800 }
const max = { id: agentIds.max, userId: '888' }
const self = { id: agentIds.ana, userId: '777' }

const optionsFor = (actor: Actor, more: Partial<ChangeOptions> = {}): ChangeOptions => ({
  actor,
  limits: { textBytes: 64, metadataBytes: 256 },
  newDialogId: () => 'new-1',
  resolveAgent: agentResolver([max]),
  ttrSeconds: (type) => seconds[type],
  ttrAtSkill: (skillId) => (skillId === '31' ? { type: 'normal', seconds: 900 } : undefined),
  ...more,
})

const decode = (field: unknown, actor: Actor = agentActor, more: Partial<ChangeOptions> = {}) =>
  decodeChanges({ conversationId: 'conv-1', conversationField: field }, optionsFor(actor, more))

const changed = (change: unknown) => ({
  ok: true,
  value: { conversationId: 'conv-1', changes: [change] },
})

const CLOSE = { field: 'ConversationStateField', conversationState: 'CLOSE' }

describe('changes', () => {
  it.each([
    [CLOSE, { kind: 'close_conversation' }],
    [{ field: 'Stage', conversationState: 'CLOSE' }, { kind: 'close_conversation' }],
    [
      {
        field: 'DialogChange',
        type: 'UPDATE',
        dialog: { dialogId: 's-1', state: 'CLOSE', closedCause: 'Completed', closedBy: 'SYSTEM' },
      },
      { kind: 'close_dialog', dialogId: 's-1', cause: 'Completed' },
    ],
    [
      { field: 'DialogChange', dialogId: 's-1', dialog: { state: 'CLOSE' } },
      { kind: 'close_dialog', dialogId: 's-1' },
    ],
    [
      { field: 'DialogChange', dialog: { dialogId: 's-1', metaData: { a: 1 } } },
      { kind: 'update_dialog', dialogId: 's-1', metadata: { a: 1 } },
    ],
    [
      { field: 'TTRField', ttrType: 'CUSTOM', value: 900 },
      { kind: 'set_ttr', type: 'custom', seconds: 900 },
    ],
    [
      { field: 'TTRField', ttrType: 'URGENT', value: '120' },
      { kind: 'set_ttr', type: 'urgent', seconds: 120 },
    ],
    [
      { field: 'TTRField', ttrType: 'PRIORITIZED', value: null },
      { kind: 'set_ttr', type: 'prioritized', seconds: 600 },
    ],
    [
      { field: 'ParticipantsChange', type: 'ADD', role: 'MANAGER', userId: '70010001.888' },
      { kind: 'add_participant', role: 'manager', agent: max },
    ],
    [
      { field: 'ParticipantsChange', type: 'UPDATE', role: 'ASSIGNED_AGENT', userId: '888' },
      { kind: 'add_participant', role: 'assigned_agent', agent: max },
    ],
    [
      { field: 'ParticipantsChange', type: 'REMOVE', role: 'ASSIGNED_AGENT', userId: max.id },
      { kind: 'remove_participant', role: 'assigned_agent', agent: max },
    ],
    [
      { field: 'ParticipantsChange', type: 'ADD', role: 'AGENT', dialogId: 's-1' },
      { kind: 'add_participant', role: 'agent', agent: self, dialogId: 's-1' },
    ],
    [
      { field: 'ParticipantsChange', type: 'SUGGEST', role: 'ASSIGNED_AGENT', userId: 888 },
      { kind: 'suggest_agent', agent: max },
    ],
    [
      { field: 'Skill', type: 'UPDATE', skill: 31 },
      { kind: 'set_skill', skillId: '31', ttr: { type: 'normal', seconds: 900 } },
    ],
    [
      { field: 'ManualETTR', time: 99 },
      { kind: 'set_manual_ettr', at: 99 },
    ],
    [
      { field: 'ManualETTR', time: null },
      { kind: 'set_manual_ettr', at: null },
    ],
    [
      { field: 'DelayField', type: 'NIGHT', tillWhen: 99 },
      { kind: 'set_delay', type: 'NIGHT', until: 99 },
    ],
    [
      { field: 'Note', note: '' },
      { kind: 'set_note', note: '' },
    ],
    [
      { field: 'TopicField', note: 'parcel' },
      { kind: 'set_topic', topic: 'parcel' },
    ],
  ])('[CV27] %j', (field, change) => {
    expect(decode(field)).toStrictEqual(changed(change))
    expect(decode([field])).toStrictEqual(changed(change))
  })

  it('[CV27] several are kept in order', () => {
    const fields = [{ field: 'Note', note: 'x' }, CLOSE]
    expect(decode(fields)).toMatchObject({
      value: { changes: [{ kind: 'set_note' }, { kind: 'close_conversation' }] },
    })
  })

  it('[CV27] a dialog change without metadata of its own keeps the request’s, by type', () => {
    const metadata = [{ type: 'EscalationSummary', escalationCause: 'slow' }]
    expect(decode({ field: 'DialogChange' }, agentActor, { metadata })).toStrictEqual(
      changed({
        kind: 'update_dialog',
        dialogId: 'conv-1',
        metadata: { EscalationSummary: metadata[0] },
      }),
    )
  })

  it.each([
    [[], 'conversationField'],
    [[CLOSE, 'x'], 'conversationField[1].field'],
    [{ field: 'Weather' }, 'conversationField[0].field'],
    [{ ...CLOSE, conversationState: 'OPEN' }, 'conversationField[0].conversationState'],
    [{ field: 'DialogChange', dialog: { state: 'LOCKED' } }, 'conversationField[0].dialog.state'],
    [{ field: 'TTRField', ttrType: 'NIGHT', value: 1 }, 'conversationField[0].ttrType'],
    [{ field: 'TTRField', ttrType: 'URGENT', value: -1 }, 'conversationField[0].value'],
    [{ field: 'ParticipantsChange', type: 'ADD' }, 'conversationField[0].role'],
    [{ field: 'ParticipantsChange', role: 'MANAGER' }, 'conversationField[0].type'],
    [{ field: 'Skill' }, 'conversationField[0].skill'],
    [{ field: 'ManualETTR', time: 'noon' }, 'conversationField[0].time'],
    [{ field: 'DelayField', type: 'LUNCH', tillWhen: 1 }, 'conversationField[0].type'],
    [{ field: 'DelayField', type: 'NIGHT' }, 'conversationField[0].tillWhen'],
    [{ field: 'Note', note: 'x'.repeat(65) }, 'conversationField[0].note'],
    [{ field: 'Note', note: 'a\0' }, 'conversationField[0].note'],
    [{ field: 'TopicField' }, 'conversationField[0].topic'],
  ])('[CV27] a bad value is refused by place: %j', (field, place) => {
    expect(decode(field)).toStrictEqual({
      ok: false,
      code: 'bad_request',
      detail: `Bad request: ${place}`,
    })
  })

  it('[CV27] unknown skills and agents have their own refusals', () => {
    expect(decode({ field: 'Skill', skill: '99' })).toMatchObject({ code: 'skill_not_found' })
    const field = { field: 'ParticipantsChange', type: 'ADD', role: 'MANAGER', userId: '999' }
    expect(decode(field)).toMatchObject({ code: 'agent_not_found' })
  })

  it('[CV27] a consumer learns neither which skills nor which agents there are', () => {
    for (const userId of ['888', '999']) {
      const field = { field: 'ParticipantsChange', type: 'ADD', role: 'MANAGER', userId }
      expect(decode(field, consumerActor)).toMatchObject({ code: 'not_permitted' })
    }
    for (const skill of ['31', '99']) {
      expect(decode({ field: 'Skill', skill }, consumerActor)).toMatchObject({
        code: 'not_permitted',
      })
    }
  })

  it('[CV27] names what must be looked up before', () => {
    const body = {
      conversationField: [
        { field: 'ParticipantsChange', userId: '888' },
        { field: 'Skill', skill: 31 },
        CLOSE,
      ],
    }
    expect(namedAgents(body)).toStrictEqual(['888'])
    expect(namedSkills(body)).toStrictEqual(['31'])
  })
})

describe('ratings', () => {
  const rate = (field: Record<string, unknown>) => decode({ field: 'CSATRate', ...field })

  it.each([
    [
      { csatRate: 4, csatResolutionConfirmation: true, status: 'FILLED' },
      { status: 'FILLED', rate: 4, resolutionConfirmed: true },
    ],
    [
      { csatRate: '5', csatResolutionConfirmation: null },
      { status: 'FILLED', rate: 5, resolutionConfirmed: null },
    ],
    [
      { csatRate: 1, status: 'PARTIALLY_FILLED' },
      { status: 'PARTIALLY_FILLED', rate: 1 },
    ],
    [
      { csatResolutionConfirmation: false, status: 'PARTIALLY_FILLED' },
      { status: 'PARTIALLY_FILLED', resolutionConfirmed: false },
    ],
    [{ status: 'SKIPPED' }, { status: 'SKIPPED' }],
    [
      { csatRate: -1, csatResolutionConfirmation: -1, status: 'SKIPPED' },
      { status: 'SKIPPED', resolutionConfirmed: null },
    ],
  ])('[CV28] %j', (field, csat) => {
    expect(rate(field)).toStrictEqual(changed({ kind: 'rate', csat }))
  })

  it.each([
    [{ csatRate: 0, status: 'FILLED' }, 'csatRate'],
    [{ csatRate: 6, status: 'FILLED' }, 'csatRate'],
    [{ csatRate: 2.5, status: 'FILLED' }, 'csatRate'],
    [{ status: 'FILLED' }, 'csatRate'],
    [{ csatRate: 9, status: 'PARTIALLY_FILLED' }, 'csatRate'],
    [{ csatRate: 4, status: 'LATER' }, 'status'],
  ])('[CV28] refuses %j', (field, name) => {
    expect(rate(field)).toMatchObject({ detail: `Bad request: conversationField[0].${name}` })
  })
})

describe('references to agents', () => {
  it.each([
    undefined,
    null,
    '',
    'undefined',
    '70010001.undefined',
    'le1.undefined',
    '777',
    777,
    '70010001.777',
    agentIds.ana,
  ])('[CV26] %s means the caller', (value) => {
    expect(agentReference(value, agentActor)).toStrictEqual({ kind: 'self' })
    expect(agentResolver([])(value, agentActor)).toStrictEqual(self)
    expect(publicIdOf(value, agentActor)).toBe(agentIds.ana)
  })

  it('[CV26] other agents are known by any of their ids, those of other accounts by none', () => {
    const resolve = agentResolver([max])
    for (const value of ['888', 888, '70010001.888', agentIds.max]) {
      expect(resolve(value, agentActor)).toStrictEqual(max)
    }
    expect(resolve('70010002.888', agentActor)).toBeUndefined()
    expect(resolve('70010002.777', agentActor)).toBeUndefined()
  })

  it('[CV26] nobody is no agent for a consumer', () => {
    expect(agentResolver([max])(null, consumerActor)).toBeUndefined()
    expect(publicIdOf(null, consumerActor)).toBeUndefined()
  })
})
