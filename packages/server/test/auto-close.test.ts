/** Conversations that nobody ends. */
import { describe, expect, it } from 'vitest'
import type { AccountSettings } from '../src/domain/account.ts'
import { defaultSkillRules } from '../src/domain/account.ts'
import type { TestServer } from '../src/testing/index.ts'
import {
  atWork,
  change,
  hire,
  nextChange,
  nextRing,
  openConversation,
  takeRing,
} from './bots/duty.ts'
import { folder, leave, serverOn } from './bots/restart.ts'
import { stillServer } from './bots/still-server.ts'
import { chatState, receipt, text } from './given.ts'

const HOUR = 3_600_000
const WEEK = 7 * 24 * HOUR
const TEN_MINUTES = 600_000

const started = async (settings: Partial<AccountSettings> = { autoCloseSeconds: 600 }) => {
  const { server, clock } = await stillServer()
  const { id: account } = await server.account(settings)
  return { server, clock, account, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

const stateOf = async (server: TestServer, accountId: string, id: string) =>
  (await server.services.store.read('conversation', { accountId, id }))?.state

describe('closing by inactivity', () => {
  it('[TIM10] is told as any close, with TIMEOUT by the SYSTEM, and nothing follows', async () => {
    await using world = await started()
    const { server, clock, account } = world
    const ana = await hire(server, account)
    await using agent = await atWork(server, ana)
    await using talk = await openConversation(server, account)
    await takeRing(agent, talk.id)
    await nextChange(agent, talk.id)
    await talk.consumer.request('cqm.SubscribeExConversations', { convState: ['OPEN'] })
    await clock.advance(TEN_MINUTES - 1)
    expect(await stateOf(server, account, talk.id)).toBe('open')
    // A snapshot's time may run a little ahead of a clock that stands still.
    await clock.advance(10)
    const seen = [
      await nextChange(agent, talk.id, 'DELETE'),
      await nextChange(talk.consumer, talk.id, 'DELETE'),
    ]
    for (const { conversationDetails } of seen) {
      expect(conversationDetails).toMatchObject({
        state: 'CLOSE',
        stage: 'CLOSE',
        closeReason: 'TIMEOUT',
      })
      expect(conversationDetails.dialogs).toMatchObject([{ state: 'CLOSE', closedBy: 'SYSTEM' }])
    }
    expect((await talk.say('hello?')).code).toBe(400)
    await clock.leap(WEEK)
    expect(await server.services.store.read('nextTimerDue', null)).toBeUndefined()
  })

  it('[TIM10] ends the ring of a conversation that nobody took', async () => {
    await using world = await started({ autoCloseSeconds: 60, ringExpirationMs: HOUR })
    const { server, clock, account } = world
    await using agent = await atWork(server, await hire(server, account))
    await using talk = await openConversation(server, account)
    await nextRing(agent)
    await clock.advance(60_000)
    expect(await nextRing(agent, 'CANCELLED')).toMatchObject({ conversationId: talk.id })
    const tasks = { accountId: account, limit: 10 }
    expect(await server.services.store.read('queuedTasks', tasks)).toEqual([])
  })

  it.each([
    ['a message', (id: string) => text(id, 'second')],
    ['a receipt', (id: string) => receipt(id, [0])],
  ])('[TIM11] %s counts', async (_, body) => {
    await using world = await started()
    const { server, clock, account } = world
    await using talk = await openConversation(server, account)
    await talk.say('first')
    await clock.advance(TEN_MINUTES / 2)
    expect((await talk.consumer.request('ms.PublishEvent', body(talk.id))).code).toBe(200)
    await clock.advance(TEN_MINUTES - 1)
    expect(await stateOf(server, account, talk.id)).toBe('open')
    await clock.advance(1)
    expect(await stateOf(server, account, talk.id)).toBe('closed')
  })

  it('[TIM11] a private message and a change count, a chat state does not', async () => {
    await using world = await started()
    const { server, clock, account } = world
    await using agent = await atWork(server, await hire(server, account))
    await using talk = await openConversation(server, account)
    await takeRing(agent, talk.id)
    await clock.advance(TEN_MINUTES - 1)
    const hidden = { ...text(talk.id, 'psst'), messageAudience: 'AGENTS_AND_MANAGERS' }
    expect((await agent.request('.ams.ms.PublishEvent', hidden)).code).toBe(200)
    await clock.advance(TEN_MINUTES - 1)
    const urgent = { field: 'TTRField', ttrType: 'URGENT' }
    expect((await change(agent, talk.id, urgent)).code).toBe(200)
    await clock.advance(TEN_MINUTES - 1)
    expect(await stateOf(server, account, talk.id)).toBe('open')
    await talk.consumer.request('ms.PublishEvent', chatState(talk.id, 'COMPOSING'))
    await clock.advance(1)
    expect(await stateOf(server, account, talk.id)).toBe('closed')
  })

  it('[TIM11] messages write nothing but themselves', async () => {
    await using world = await started()
    const { server, clock, account } = world
    await using talk = await openConversation(server, account)
    await clock.advance(1_000)
    const before = server.services.store.stats()
    for (let index = 0; index < 50; index += 1) await talk.say(`${index}`)
    await clock.advance(1_000)
    const after = server.services.store.stats()
    expect(after.eventsAppended - before.eventsAppended).toBe(50)
    expect(after.commands - before.commands).toBe(50)
  })

  it('[TIM12] comes after a week unless the account says otherwise, and never with 0', async () => {
    await using world = await started({})
    const { server, clock, account } = world
    const { id: patient } = await server.account({ autoCloseSeconds: 0 })
    await using talk = await openConversation(server, account)
    await using other = await openConversation(server, patient)
    await clock.leap(WEEK - 1)
    expect(await stateOf(server, account, talk.id)).toBe('open')
    await clock.advance(1)
    expect(await stateOf(server, account, talk.id)).toBe('closed')
    await clock.leap(100 * WEEK)
    expect(await stateOf(server, patient, other.id)).toBe('open')
  })

  it("[TIM12] the skill's own time counts before the account's", async () => {
    await using world = await started()
    const { server, clock, account } = world
    const skill = (name: string, autoCloseSeconds: number) =>
      server.services.store.write('createSkill', {
        accountId: account,
        name,
        ttr: {},
        rules: { ...defaultSkillRules, autoCloseSeconds },
      })
    const [hasty, endless] = [await skill('hasty', 60), await skill('endless', 0)]
    await using brief = await openConversation(server, account, { skillId: hasty.id })
    await using long = await openConversation(server, account, { skillId: endless.id })
    await clock.advance(60_000)
    expect(await stateOf(server, account, brief.id)).toBe('closed')
    await clock.leap(WEEK)
    expect(await stateOf(server, account, long.id)).toBe('open')
  })

  it('[TIM6] a setting that is made while conversations are open counts for them', async () => {
    await using world = await started({ autoCloseSeconds: 0 })
    const { server, clock, account } = world
    await using talk = await openConversation(server, account)
    await clock.advance(2 * TEN_MINUTES)
    await talk.say('still here')
    const response = await fetch(`${server.url}/api/account/${account}/ringdown/v1/settings`, {
      method: 'PATCH',
      headers: {
        authorization: `Bearer ${server.running.adminToken}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ autoCloseSeconds: 600 }),
    })
    expect(response.status, await response.text()).toBe(200)
    await clock.advance(TEN_MINUTES - 1)
    expect(await stateOf(server, account, talk.id)).toBe('open')
    await clock.advance(1)
    expect(await stateOf(server, account, talk.id)).toBe('closed')
  })
})

it('[TIM1] a restart closes what fell due meanwhile at once, and the rest at its time', async () => {
  await using stack = new AsyncDisposableStack()
  const [dir, copy] = [folder(stack), folder(stack)]
  await using first = await serverOn(dir)
  const { id: account } = await first.server.account({ autoCloseSeconds: 600 })
  await using early = await openConversation(first.server, account)
  await first.clock.advance(TEN_MINUTES / 2)
  await using late = await openConversation(first.server, account)
  leave(dir, copy)
  await using second = await serverOn(copy, first.clock.now() + TEN_MINUTES / 2 + 1_000)
  await second.clock.advance(0)
  expect(await stateOf(second.server, account, early.id)).toBe('closed')
  await second.clock.advance(TEN_MINUTES / 2 - 1_001)
  expect(await stateOf(second.server, account, late.id)).toBe('open')
  await second.clock.advance(1)
  expect(await stateOf(second.server, account, late.id)).toBe('closed')
})
