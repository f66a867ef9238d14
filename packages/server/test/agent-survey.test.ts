import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ManualClock, TestAgent, TestServer } from '../src/testing/index.ts'
import { change, closing, hire, participant } from './bots/duty.ts'
import { stillServer } from './bots/still-server.ts'
import { administer, assign, callService } from './service-calls.ts'

let server: TestServer
let clock: ManualClock

beforeAll(async () => {
  ;({ server, clock } = await stillServer())
})
afterAll(() => server[Symbol.asyncDispose]())

const definition = {
  name: 'How did it go?',
  timeoutMinutes: 30,
  questions: [
    {
      id: 'q1',
      text: 'Solved?',
      category: 'radio_button',
      required: true,
      replies: [
        { id: 'yes', text: 'Yes', next: 'q3' },
        { id: 'no', text: 'No' },
      ],
    },
    { id: 'q2', text: 'Why not?', category: 'free_text', required: true, maxCharacters: 20 },
    {
      id: 'q3',
      text: 'About what?',
      category: 'checkbox',
      next: 'q5',
      replies: [
        { id: 'a', text: 'A' },
        { id: 'b', text: 'B' },
      ],
    },
    { id: 'q4', text: 'Never shown', category: 'date' },
    { id: 'q5', text: 'How many?', category: 'number', next: null },
  ],
}

type Worker = TestAgent & { accountId: string }

/** An account with a survey at one skill, an agent, and a conversation that it serves. */
const furnish = async (roles: TestAgent['loginName'][] = ['agent']) => {
  const { id: account } = await server.account()
  const { body: survey } = await administer(server, account, 'POST agent-surveys', definition)
  const { store } = server.services
  const skill = await store.write('createSkill', {
    accountId: account,
    name: 'Sales',
    ttr: {},
    rules: {
      groups: [],
      canTransfer: true,
      fallbackWhenAllAway: true,
      agentSurveyId: survey.id,
    },
  })
  const ana = await hire(server, account, { roles: roles as ['agent'] })
  const socket = await server.agentSocket(account, ana.bearer)
  const conversation = await openAssigned(account, ana, skill.id)
  return { account, survey, skill, ana, socket, conversation }
}

const openAssigned = async (account: string, ana: Worker, skillId: string): Promise<string> => {
  const token = await server.signup(account)
  await using consumer = await server.consumer(account, { token })
  const { body } = await consumer.request('cm.ConsumerRequestConversation', { skillId })
  await assign(server, ana, body.conversationId)
  return body.conversationId
}

interface Place {
  readonly account: string
  readonly ana: Worker
  readonly conversation: string
  readonly skill: { readonly id: string }
}

const call = (
  method: string,
  { account, ana, conversation, skill }: Place,
  {
    path = '/state',
    query = '',
    body = undefined as unknown,
    revision = undefined as unknown,
    bearer = ana.bearer,
  } = {},
) =>
  callService(
    server,
    `${method} /api/account/${account}/forms/agent_survey${path}?conv=${conversation}&skill=${skill.id}&v=2.0${query}`,
    {
      bearer,
      ...(body !== undefined && { body }),
      ...(revision !== undefined && { headers: { 'x-lp-state-rev': String(revision) } }),
    },
  )

const yes = { id: 'q1', questionStatus: 'answer', replyIds: ['yes'] }
const no = { id: 'q1', questionStatus: 'answer', replyIds: ['no'] }
const because = { id: 'q2', questionStatus: 'answer', freeTextReply: 'no parts' }

describe('an agent survey', () => {
  it('[HIS16] is read with its questions and where it stands', async () => {
    const place = await furnish()
    const { status, body, headers } = await call('GET', place)
    expect(status).toBe(200)
    const context = {
      agentSurveyStatus: 'open',
      lastActionTimeInMillis: 0,
      autoCloseTimestamp: -1,
      stateRevision: 1,
    }
    expect(body).toEqual({
      id: place.survey.id,
      name: 'How did it go?',
      root: 'q1',
      actualTimeoutInMinutes: 30,
      questions: [
        {
          id: 'q1',
          orderId: 1,
          text: 'Solved?',
          next: 'q2',
          nextInOrder: 'q2',
          required: true,
          category: 'radio_button',
          questionDefinition: null,
          maxCharacters: null,
          replies: [
            { id: 'yes', text: 'Yes', next: 'q3' },
            { id: 'no', text: 'No', next: null },
          ],
          containsLogic: true,
          questionState: { questionStatus: 'show' },
        },
      ],
      agentSurveyContext: context,
      ...context,
    })
    expect(headers.get('x-lp-state-rev')).toBe('1')
  })

  it('[HIS17] [HIS18] is submitted, dismissed and submitted again, as a bot does', async () => {
    const place = await furnish()
    const submitted = await call('POST', place, { body: [yes], revision: 1 })
    expect(submitted.status).toBe(200)
    expect(submitted.body.agentSurveyContext).toMatchObject({
      agentSurveyStatus: 'submitted',
      lastActionTimeInMillis: clock.now(),
      stateRevision: 2,
    })
    expect(submitted.body).toMatchObject({ agentSurveyStatus: 'submitted', stateRevision: 2 })
    const shown = await call('GET', place)
    expect(shown.headers.get('x-lp-state-rev')).toBe('2')
    expect(shown.body.questions.map(({ id }: { id: string }) => id)).toEqual(['q1', 'q3', 'q5'])
    expect(shown.body.questions[0].questionState).toEqual({
      questionStatus: 'answer',
      replyIds: ['yes'],
    })
    const dismissed = await call('DELETE', place, { revision: 2 })
    expect(dismissed).toMatchObject({ status: 200, body: { agentSurveyStatus: 'dismissed' } })
    await change(place.socket, place.conversation, closing)
    const later = await call('GET', place)
    expect(later.body.autoCloseTimestamp).toBe(clock.now() + 30 * 60_000)
    const { stateRevision } = later.body
    const again = await call('POST', place, { body: [no, because], revision: stateRevision })
    expect(again).toMatchObject({ status: 200, body: { agentSurveyStatus: 'submitted' } })
  })

  it('[HIS18] keeps a draft, and takes text where numbers come', async () => {
    const place = await furnish()
    const number = { id: 'q5', questionStatus: 'answer', freeTextReply: 7 }
    const other = { id: 'q3', questionStatus: 'show' }
    const draft = await call('PUT', place, { body: [no, number, other], revision: '1' })
    expect(draft).toMatchObject({
      status: 200,
      body: { agentSurveyStatus: 'open', stateRevision: 2 },
    })
    const ids = draft.body.questions.map(({ id }: { id: string }) => id)
    expect(ids).toEqual(['q1', 'q2', 'q3', 'q5'])
    expect(draft.body.questions[3].questionState).toMatchObject({ freeTextReply: 7 })
  })

  it.each([
    ['no list', { id: 'q1' }, 'must be a list'],
    ['no JSON', '[', 'not JSON'],
    ['an unknown question', [{ ...yes, id: 'q9' }], 'q9: is not of this survey'],
    ['an unknown reply', [{ ...yes, replyIds: ['maybe'] }], 'q1: has no such reply'],
    ['two replies to one choice', [{ ...yes, replyIds: ['yes', 'no'] }], 'q1: takes one reply'],
    ['one question twice', [yes, no], 'q1: is answered twice'],
    ['another status', [{ ...yes, questionStatus: 'x' }], 'must be show or answer'],
    ['too much text', [no, { ...because, freeTextReply: 'x'.repeat(21) }], 'at most 20'],
    ['no number', [yes, { ...because, id: 'q5', freeTextReply: 'x' }], 'q5: takes a number'],
    ['too little', [no], 'q2: must be answered'],
    ['nothing', [], 'q1: must be answered'],
  ])('[HIS18] refuses %s with what is wrong', async (_, body, problem) => {
    const place = await furnish()
    const answer = await call('POST', place, { body })
    expect(answer.status).toBe(400)
    expect(answer.body.error.message).toContain(problem)
    expect((await call('GET', place)).body.stateRevision).toBe(1)
  })

  it('[HIS17] of two changes of one revision one wins, the other learns where it stands', async () => {
    const place = await furnish()
    const both = await Promise.all([
      call('POST', place, { body: [yes], revision: 1 }),
      call('POST', place, { body: [no, because], revision: 1 }),
    ])
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409])
    const late = await call('PUT', place, { body: [yes], revision: 1 })
    expect(late.status).toBe(409)
    expect(late.body).toMatchObject({
      error: { responseStatus: 'CONFLICT' },
      agentSurveyContext: { agentSurveyStatus: 'submitted', stateRevision: 2 },
    })
    expect((await call('PUT', place, { body: [yes], revision: 'x' })).status).toBe(400)
    expect((await call('PUT', place, { body: [yes] })).status).toBe(200)
  })

  it('[HIS19] is read in sequences', async () => {
    const place = await furnish()
    const from = async (root: string) => {
      const query = `&seq=true&seqRoot=${root}`
      return call('GET', place, { path: '', query })
    }
    const { body } = await from('q3')
    expect(body.questions.map(({ id }: { id: string }) => id)).toEqual(['q3', 'q5'])
    expect(body).toMatchObject({ root: 'q3', agentSurveyContext: { stateRevision: 1 } })
    expect((await from('')).body.root).toBe('q1')
    expect((await from('q9')).status).toBe(400)
  })

  it('[HIS20] closes some time after the conversation', async () => {
    const place = await furnish()
    await change(place.socket, place.conversation, closing)
    await clock.leap(30 * 60_000 - 1)
    expect((await call('POST', place, { body: [yes] })).status).toBe(200)
    await clock.leap(1)
    for (const method of ['GET', 'POST', 'PUT', 'DELETE']) {
      const late = await call(method, place, method === 'GET' ? {} : { body: [yes] })
      expect(late.status).toBe(410)
      expect(late.body.agentSurveyContext).toMatchObject({ agentSurveyStatus: 'submitted' })
    }
  })

  it('[HIS20] is 404 where there is none', async () => {
    const place = await furnish()
    const elsewhere = await openAssigned(place.account, place.ana, '-1')
    for (const skill of [{ id: '-1' }, { id: '77' }]) {
      const none = await call('GET', { ...place, conversation: elsewhere, skill })
      expect(none.status).toBe(404)
      expect(none.body).toMatchObject({
        error: { responseStatus: 'NOT_FOUND' },
        agentSurveyContext: { agentSurveyStatus: 'dismissed' },
      })
    }
    await administer(server, place.account, `DELETE agent-surveys/${place.survey.id}`)
    expect((await call('GET', place)).status).toBe(404)
  })

  it('[HIS21] is nobody else’s', async () => {
    const place = await furnish()
    const other = await hire(server, place.account)
    const boss = await hire(server, place.account, { roles: ['manager'] })
    const { id: foreign } = await server.account()
    const stranger = await hire(server, foreign, { roles: ['administrator'] })
    const by = (bearer: string, method = 'GET', body?: unknown) =>
      call(method, place, { bearer, ...(body !== undefined && { body }) })
    expect((await by(other.bearer)).status).toBe(404)
    expect((await by(other.bearer, 'POST', [yes])).status).toBe(404)
    expect((await by(boss.bearer)).status).toBe(200)
    expect((await by(boss.bearer, 'POST', [yes])).status).toBe(403)
    for (const bearer of [stranger.bearer, 'x', '']) expect((await by(bearer)).status).toBe(401)
    const unknown = await call('GET', { ...place, conversation: 'unknown' })
    expect(unknown.body.error).toMatchObject({ message: 'Conversation not found' })
  })

  it('[HIS21] stays with an agent who has left the conversation', async () => {
    const place = await furnish()
    await change(
      place.socket,
      place.conversation,
      participant('REMOVE', 'ASSIGNED_AGENT', place.ana.oldId),
    )
    expect((await call('GET', place)).status).toBe(200)
    expect((await call('POST', place, { body: [yes] })).status).toBe(200)
  })
})

describe('the surveys of an account', () => {
  it('[HIS15] are made, listed, replaced and deleted by the administration', async () => {
    const { id: account } = await server.account()
    const made = await administer(server, account, 'POST agent-surveys', definition)
    expect(made).toMatchObject({ status: 201, body: { name: 'How did it go?' } })
    const path = `agent-surveys/${made.body.id}`
    expect((await administer(server, account, 'GET agent-surveys')).body).toEqual([made.body])
    const shorter = { name: 'Short', questions: definition.questions.slice(4) }
    const changed = await administer(server, account, `PUT ${path}`, shorter)
    expect(changed).toMatchObject({ status: 200, body: { name: 'Short', id: made.body.id } })
    expect((await administer(server, account, `GET ${path}`)).body).toEqual(changed.body)
    expect((await administer(server, account, `DELETE ${path}`)).status).toBe(204)
    for (const method of ['GET', 'DELETE'])
      expect((await administer(server, account, `${method} ${path}`)).status).toBe(404)
    const unauthorised = await callService(
      server,
      `GET /api/account/${account}/ringdown/v1/agent-surveys`,
    )
    expect(unauthorised.status).toBe(401)
  })

  const question = { id: 'q', text: 'Q', category: 'free_text' }
  const reply = (id: string, next?: string) => ({
    id,
    text: id,
    ...(next !== undefined && { next }),
  })

  it.each([
    ['no questions', [], 'must not be empty'],
    ['an id twice', [question, question], 'ids of their own'],
    [
      'a choice of one',
      [{ ...question, category: 'dropdown', replies: [reply('a')] }],
      'two replies',
    ],
    ['replies to a text', [{ ...question, replies: [reply('a'), reply('b')] }], 'no replies'],
    [
      'a reply twice',
      [{ ...question, category: 'checkbox', replies: [reply('a'), reply('a')] }],
      'ids of their own',
    ],
    [
      'a reply to nowhere',
      [{ ...question, category: 'checkbox', replies: [reply('a'), reply('b', 'z')] }],
      'leads to z',
    ],
    ['a way to nowhere', [{ ...question, next: 'z' }], 'leads to z'],
    ['another category', [{ ...question, category: 'stars' }], 'must be one of'],
  ])('[HIS15] refuse %s', async (_, questions, problem) => {
    const { id: account } = await server.account()
    const body = { name: 'S', questions }
    const answer = await administer(server, account, 'POST agent-surveys', body)
    expect(answer.status).toBe(400)
    expect(answer.body.error.message).toContain(problem)
  })
})
