import { describe, expect, it } from 'vitest'
import { automaticText, messageEventOfChange, messageEventOfOpening } from './automatic-message.ts'
import type { AutoMessage } from './configuration.ts'
import type { Conversation, Participant } from './conversation.ts'
import { openedConversation } from './open-conversation.ts'

const opened = openedConversation(
  {
    accountId: '1',
    conversationId: 'c',
    consumerId: 'u',
    skillId: '-1',
    ttrSeconds: { normal: 1, urgent: 1, prioritized: 1, custom: 1 },
    maxOpen: 0,
    at: 0,
  },
  false,
)
const agent = { id: 'ana', userId: '7' }
const assigned = { ...agent, role: 'assigned_agent', state: 'active' } as const
const invited = { ...agent, role: 'assigned_agent', state: 'suggested' } as const

const having = (conversation: Conversation, ...more: readonly Participant[]): Conversation => ({
  ...conversation,
  dialogs: conversation.dialogs.map((dialog) => ({
    ...dialog,
    participants: [...dialog.participants, ...more],
  })),
})

const item = (more: Partial<AutoMessage>): AutoMessage => ({
  id: '1',
  enabled: true,
  messageEventId: 'TRANSFER_TO_AGENT',
  data: [{ msg: 'a', lang: 'en', isDefault: true }],
  attributes: [],
  ...more,
})

describe('the event of a change', () => {
  const other = { ...opened, skillId: '31' }
  const urgent = { ...opened, ttr: { type: 'urgent', seconds: 1 } } as const
  const delayed = { ...opened, delay: { type: 'NIGHT', until: 9 } }
  it.each<[string, Conversation, Conversation, string | undefined]>([
    ['nothing', opened, opened, undefined],
    ['another skill, waiting', having(opened, assigned), other, 'TRANSFER_TO_SKILL'],
    ['another skill under an agent', having(opened, assigned), having(other, assigned), undefined],
    ['another skill and time', opened, { ...other, ttr: urgent.ttr }, 'TRANSFER_TO_SKILL'],
    ['an invitation', opened, having(other, invited), 'TRANSFER_TO_AGENT'],
    ['the same invitation', having(opened, invited), having(other, invited), 'TRANSFER_TO_SKILL'],
    ['a delay', opened, delayed, 'OFF_HOURS'],
    ['the same delay', delayed, { ...delayed, note: 'x' }, undefined],
    ['the end of a delay', delayed, opened, undefined],
    ['another kind of time', opened, urgent, 'TTR_ACKNOWLEDGEMENT'],
    ['closing', opened, { ...other, state: 'closed' }, undefined],
  ])('[CNT30] after %s', (_, before, after, event) => {
    expect(messageEventOfChange(before, after)).toBe(event)
  })

  it('[CNT30] an opening counts unless an agent did it', () => {
    expect(messageEventOfOpening(opened)).toBe('CHAT_STARTED')
    expect(messageEventOfOpening(having(opened, assigned))).toBeUndefined()
  })
})

describe('the text', () => {
  const text = (...items: readonly AutoMessage[]) =>
    automaticText(items, 'TRANSFER_TO_AGENT', opened)

  it('[CNT34] of a transfer to an agent is there without configuration', () => {
    const standard = 'You are being transferred to another agent.'
    expect(text()).toBe(standard)
    expect(text(item({ messageEventId: 'CHAT_STARTED' }))).toBe(standard)
    expect(automaticText([], 'CHAT_STARTED', opened)).toBeUndefined()
  })

  it('[CNT34] is silenced by a disabled item, and by an empty text', () => {
    expect(text(item({}))).toBe('a')
    expect(text(item({ enabled: false }))).toBeUndefined()
    expect(text(item({ enabled: false }), item({ id: '2' }))).toBe('a')
    expect(text(item({ data: [] }))).toBeUndefined()
    expect(text(item({ data: [{ msg: '', lang: 'en', isDefault: true }] }))).toBeUndefined()
  })
})
