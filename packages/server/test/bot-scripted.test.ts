/** Kinds of bots that npm's SDK cannot run: clients that behave on the wire as its later versions do. */
import { expect, it } from 'vitest'
import { change, closing, hire, nextChange, openConversation, takeRing } from './bots/duty.ts'
import { NewerSdk } from './bots/newer-sdk.ts'
import { stillServer } from './bots/still-server.ts'
import { administer, callService } from './service-calls.ts'

const SESSION_MS = 8 * 3_600_000
const REFRESH_MS = 600_000

it('[BOT9] a login that ended closes its socket first, and one more login is all', async () => {
  const { server, clock } = await stillServer()
  await using _ = server
  const { id: accountId } = await server.account()
  const agent = await hire(server, accountId)
  await using bot = new NewerSdk(server, agent, { clock, refreshMs: REFRESH_MS })
  await bot.connect()
  await bot.socket.request('.GetClock', {})
  // Asleep for longer than its login lives: no refresh in between.
  await clock.leap(SESSION_MS + 2 * REFRESH_MS)
  await expect.poll(() => bot.closes).toEqual([4401])
  await bot.settled()
  await bot.socket.request('.GetClock', {})
  expect(bot.refreshes.filter((status) => status === 401).length).toBeLessThanOrEqual(1)
  expect(bot.logins).toBeLessThanOrEqual(3)
  const { logins, connections } = bot
  // From here on it is quiet: refreshes succeed, nothing is made again.
  await clock.advance(5 * REFRESH_MS)
  await bot.settled()
  await bot.socket.request('.GetClock', {})
  expect([bot.logins, bot.connections]).toEqual([logins, connections])
  expect(bot.refreshes.slice(-2)).toEqual([200, 200])
})

it('[BOT9] while its socket is open a refresh is never refused', async () => {
  const { server, clock } = await stillServer()
  await using _ = server
  const { id: accountId } = await server.account()
  const agent = await hire(server, accountId)
  await using bot = new NewerSdk(server, agent, { clock, refreshMs: REFRESH_MS })
  await bot.connect()
  for (let hour = 0; hour < 24; hour += 1) {
    for (let part = 0; part < 6; part += 1) {
      await clock.advance(REFRESH_MS)
      await bot.settled()
    }
    await bot.socket.request('.GetClock', {})
  }
  expect(new Set(bot.refreshes)).toEqual(new Set([200]))
  expect(bot.refreshes.length).toBeGreaterThan(100)
  expect([bot.logins, bot.connections, bot.closes]).toEqual([1, 1, []])
})

const survey = {
  name: 'How was it?',
  questions: [
    {
      id: 'q1',
      text: 'Solved?',
      category: 'radio_button',
      required: true,
      replies: [
        { id: 'yes', text: 'Yes' },
        { id: 'no', text: 'No' },
      ],
    },
  ],
}

/** Reads what the bot dereferences without a look. */
const readSurvey = (body: {
  agentSurveyContext: { agentSurveyStatus: string }
  questions: { id: string; replies: { id: string }[] }[]
}) => ({
  status: body.agentSurveyContext.agentSurveyStatus,
  question: body.questions[0]?.id,
  second: body.questions[0]?.replies[1]?.id,
})

it('[BOT8] a bot submits the agents’ survey, dismisses it, and submits it after the close', async () => {
  const { server } = await stillServer()
  await using _ = server
  const { id: account } = await server.account()
  const { body: kept } = await administer(server, account, 'POST agent-surveys', survey)
  const { id: skillId } = await server.services.store.write('createSkill', {
    accountId: account,
    name: 'Sales',
    ttr: {},
    rules: { groups: [], canTransfer: true, fallbackWhenAllAway: true, agentSurveyId: kept.id },
  })
  const agent = await hire(server, account, { skillIds: [skillId] })
  await using socket = await server.agentSocket(account, agent.bearer)
  await socket.request('.ams.routing.SetAgentState', { availability: 'ONLINE' })
  await socket.request('.ams.aam.SubscribeExConversations', {
    agentIds: [agent.oldId],
    convState: ['OPEN'],
  })
  await socket.request('.ams.routing.SubscribeRoutingTasks', {})
  await using talk = await openConversation(server, account, { skillId })

  const call = async (method: string, options: { body?: unknown; revision?: string } = {}) => {
    const path = `/api/account/${account}/forms/agent_survey/state?conv=${talk.id}&skill=${skillId}&v=2.0`
    const { body, revision } = options
    return callService(server, `${method} ${path}`, {
      bearer: agent.bearer,
      ...(body !== undefined && { body }),
      ...(revision !== undefined && { headers: { 'x-lp-state-rev': revision } }),
    })
  }
  const revisionOf = ({ headers }: Awaited<ReturnType<typeof call>>): string =>
    String(new Headers(headers as never).get('x-lp-state-rev'))

  const taken = takeRing(socket, talk.id)
  // It looks before it has accepted.
  const early = await call('GET')
  expect(readSurvey(early.body as never)).toEqual({ status: 'open', question: 'q1', second: 'no' })
  await taken
  // Headers as the helper sends them.
  await talk.say('hello')
  const answers = [{ id: 'q1', questionStatus: 'answer', replyIds: ['yes'] }]
  const submitted = await call('POST', { body: answers, revision: revisionOf(early) })
  expect(submitted.status).toBe(200)
  expect(submitted.body).toMatchObject({
    agentSurveyStatus: 'submitted',
    agentSurveyContext: { agentSurveyStatus: 'submitted' },
  })
  const stale = await call('DELETE', { revision: revisionOf(early) })
  expect(stale.status).toBe(409)
  const dismissed = await call('DELETE', { revision: revisionOf(submitted) })
  expect(dismissed).toMatchObject({ status: 200, body: { agentSurveyStatus: 'dismissed' } })
  await change(socket, talk.id, closing)
  const gone = await nextChange(socket, talk.id, 'DELETE')
  expect(gone.conversationDetails.skillId).toBe(skillId)
  const after = await call('GET')
  expect(readSurvey(after.body as never).status).toBe('dismissed')
  const late = await call('POST', { body: answers, revision: revisionOf(after) })
  expect(late.body).toMatchObject({ agentSurveyContext: { agentSurveyStatus: 'submitted' } })
})
