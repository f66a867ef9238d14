import { describe, expect, it } from 'vitest'
import type { ConversationChange } from './change.ts'
import type { Conversation } from './conversation.ts'
import { findDialog, findParticipant } from './conversation.ts'
import {
  apply,
  closeMain,
  columns,
  done,
  inSurvey,
  NOW,
  open,
  self,
  terms,
  type Who,
} from './dialog-fixtures.ts'
import { expiredDialog } from './dialogs.ts'
import type { SurveyTerms } from './survey.ts'
import { appIdsOf, surveyAppOf } from './survey.ts'

describe('the end of the main dialog', () => {
  it.each(['consumer', 'former', 'manager'] as const)('[DLG1] by %s opens the survey', (who) => {
    const outcome = apply(open(), who, [closeMain], terms)
    const after = done(outcome)
    expect(outcome).toMatchObject({ routing: 'end' })
    expect(after).toMatchObject({
      state: 'closed',
      stage: 'open',
      closeReason: who === 'consumer' ? 'consumer' : 'agent',
      dialogs: [
        { id: 'c', state: 'closed', endedAt: NOW },
        { id: 's', type: 'post_survey', state: 'open', appId: 'survey-app', createdAt: NOW },
      ],
    })
    expect(after.endedAt).toBeUndefined()
  })

  it('[DLG3] the consumer and the former agent take part, and the main dialog keeps its own', () => {
    const [main, survey] = inSurvey().dialogs
    expect(survey?.participants).toEqual([
      { id: 'ann', role: 'consumer', state: 'active' },
      { id: 'former', userId: 'u-former', role: 'reader', state: 'active' },
    ])
    expect(main?.participants).toEqual(open().dialogs[0]?.participants)
  })

  const without: readonly (readonly [
    string,
    Conversation,
    ConversationChange,
    SurveyTerms | undefined,
  ])[] = [
    ['a client that declared nothing', open([]), closeMain, terms],
    ['no application', open(), closeMain, { wasAssigned: true }],
    ['no agent ever', open(), closeMain, { ...terms, wasAssigned: false }],
    ['nobody who knows of surveys', open(), closeMain, undefined],
    ['no name for the dialog', open(), { kind: 'close_dialog', dialogId: 'c' }, terms],
    ['the whole closed', open(), { kind: 'close_conversation' }, terms],
  ]
  it.each(without)('[DLG2] with %s there is none', (_, before, change, survey) => {
    const after = done(apply(before, 'consumer', [change], survey))
    expect(after).toMatchObject({ state: 'closed', stage: 'closed', endedAt: NOW })
    expect(after.dialogs).toHaveLength(1)
  })

  it('[DLG1] the skill decides before the account, and an empty name is none', () => {
    const skill = (surveyAppId?: string) => ({
      rules: { groups: [], canTransfer: true, fallbackWhenAllAway: true, ...{ surveyAppId } },
    })
    const at = (app: string | undefined, atSkill?: string) =>
      surveyAppOf(app === undefined ? {} : { surveyAppId: app }, {
        rules: atSkill === undefined ? skill().rules : (skill(atSkill).rules as never),
      } as never)
    expect([at('a'), at('a', 'b'), at('a', ''), at(undefined, 'b'), at(undefined)]).toEqual([
      'a',
      'b',
      undefined,
      'b',
      undefined,
    ])
  })

  it('[DLG5] applications are those of the record, and for bots the shared ones', () => {
    const shared = { sharedAppIds: ['s'] }
    const person = { details: { appInstallIds: ['a', 7] }, isBot: false, isApiUser: false }
    expect(appIdsOf(person, shared)).toEqual(['a', '7'])
    expect(appIdsOf({ ...person, isBot: true }, shared)).toEqual(['a', '7', 's'])
    expect(appIdsOf({ details: {}, isBot: false, isApiUser: true }, shared)).toEqual(['s'])
    expect(
      appIdsOf({ details: { appInstallIds: 'a' }, isBot: false, isApiUser: false }, shared),
    ).toEqual([])
  })
})

describe('while a survey runs', () => {
  const kinds: Readonly<Record<string, (who: Who) => ConversationChange>> = {
    close_conversation: () => ({ kind: 'close_conversation' }),
    'close main': () => closeMain,
    'close survey': () => ({ kind: 'close_dialog', dialogId: 's' }),
    create_dialog: () => ({ kind: 'create_dialog', dialogId: 'x' }),
    'update survey': () => ({ kind: 'update_dialog', dialogId: 's', metadata: { a: 1 } }),
    'reopen main': () => ({ kind: 'update_dialog', dialogId: 'c', isOpen: true }),
    'add agent': (who) => ({
      kind: 'add_participant',
      role: 'agent',
      dialogId: 's',
      agent: self(who),
    }),
    'add assigned': (who) => ({
      kind: 'add_participant',
      role: 'assigned_agent',
      dialogId: 's',
      agent: self(who),
    }),
    'add manager to main': (who) => ({
      kind: 'add_participant',
      role: 'manager',
      agent: self(who),
    }),
    'remove assigned': (who) => ({
      kind: 'remove_participant',
      role: 'assigned_agent',
      agent: self(who),
    }),
    'remove reader': (who) => ({
      kind: 'remove_participant',
      role: 'reader',
      dialogId: 's',
      agent: self(who),
    }),
    suggest_agent: (who) => ({ kind: 'suggest_agent', agent: self(who) }),
    set_ttr: () => ({ kind: 'set_ttr', type: 'urgent', seconds: 9 }),
    rate: () => ({ kind: 'rate', csat: { status: 'FILLED', rate: 5 } }),
    set_skill: () => ({ kind: 'set_skill', skillId: '7', ttr: { type: 'normal', seconds: 3 } }),
    set_manual_ettr: () => ({ kind: 'set_manual_ettr', at: 5 }),
    set_delay: () => ({ kind: 'set_delay', type: 'NIGHT', until: 5 }),
    set_note: () => ({ kind: 'set_note', note: 'n' }),
    set_topic: () => ({ kind: 'set_topic', topic: 't' }),
  }
  // ok · same · P not_permitted · N not_participant · C conversation_closed · D dialog_closed · B bad_request
  const words: Readonly<Record<string, string>> = {
    P: 'not_permitted',
    N: 'not_participant',
    C: 'conversation_closed',
    D: 'dialog_closed',
    B: 'bad_request',
  }
  // consumer, stranger, former, app (not joined), another app, manager
  const table: Readonly<Record<keyof typeof kinds, string>> = {
    close_conversation: 'ok N ok P N ok',
    'close main': 'same N D D N D',
    'close survey': 'ok N P P N ok',
    create_dialog: 'P N C P N C',
    'update survey': 'P N ok N N ok',
    'reopen main': 'P N D N N D',
    'add agent': 'P P P ok P ok',
    'add assigned': 'P P P P P B',
    'add manager to main': 'P D D D D D',
    'remove assigned': 'P N D D N D',
    'remove reader': 'P N ok N N N',
    suggest_agent: 'C N C C N C',
    set_ttr: 'C N C C N C',
    rate: 'ok N P P N P',
    set_skill: 'C N C C N C',
    set_manual_ettr: 'C N C C N C',
    set_delay: 'C N C C N C',
    set_note: 'P N ok N N ok',
    set_topic: 'P N ok N N ok',
  }
  const verdict = (kind: string, who: Who): string => {
    const before = inSurvey()
    const outcome = apply(before, who, [(kinds[kind] as (one: Who) => ConversationChange)(who)])
    if (!outcome.ok) return outcome.code
    return outcome.conversation === before ? 'same' : 'ok'
  }

  it.each(Object.entries(table))('[DLG5] [DLG7] %s is %s', (kind, row) => {
    const expected = row.split(' ').map((word) => words[word] ?? word)
    expect(columns.map((who) => verdict(kind, who))).toEqual(expected)
  })

  it('[DLG8] [DLG9] the application joins, and its end of the survey ends the whole', () => {
    const joined = done(apply(inSurvey(), 'app', [kinds['add agent']!('app')]))
    expect(findParticipant(findDialog(joined, 's')!, 'app')?.role).toBe('agent')
    const outcome = apply(joined, 'app', [
      { kind: 'close_dialog', dialogId: 's', cause: 'Completed' },
    ])
    expect(outcome).toMatchObject({
      routing: 'none',
      conversation: {
        stage: 'closed',
        endedAt: NOW,
        closeReason: 'consumer',
        dialogs: [{}, { closedBy: 'agent', closedCause: 'Completed' }],
      },
    })
  })

  it('[DLG8] its time passes once', () => {
    const outcome = expiredDialog(inSurvey(), 's', 9_000)
    const after = done(outcome)
    expect(after).toMatchObject({
      stage: 'closed',
      endedAt: 9_000,
      closeReason: 'consumer',
      dialogs: [{}, { closedBy: 'system', closedCause: 'Survey timed out' }],
      revision: inSurvey().revision + 1,
    })
    expect(done(expiredDialog(after, 's', 9_001))).toBe(after)
    expect(done(expiredDialog(after, 'unknown', 9_001))).toBe(after)
    expect(done(expiredDialog(open(), 'c', 9_001)).stage).toBe('open')
  })
})
