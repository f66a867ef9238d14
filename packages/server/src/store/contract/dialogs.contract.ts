/** Surveys, dialogs that end by themselves, and conversations that go to another consumer. */
import { describe, expect, it } from 'vitest'
import type { Agent } from '../../domain/account.ts'
import { defaultSkillRules } from '../../domain/account.ts'
import type { Conversation } from '../../domain/conversation.ts'
import { findDialog } from '../../domain/conversation.ts'
import type { Changed } from '../store.ts'
import type { OpenStores } from './contract-types.ts'
import { codeOf, consumerActor, newWorld, START, unique, type World } from './given.ts'

const declared = { clientProperties: { features: ['MULTI_DIALOG', 'CO_BROWSE'] } }
const TIMEOUT_SECONDS = 50

const worldWithSurveys = async (open: OpenStores): Promise<World> => {
  const world = await newWorld(await open())
  await world.store.write('updateAccount', {
    id: world.accountId,
    settings: { surveyAppId: 'app-1', surveyTimeoutSeconds: TIMEOUT_SECONDS },
  })
  return world
}

const closeMain = (world: World, { id, consumerId }: Conversation, surveyDialogId = unique('s')) =>
  world.store.write('changeConversation', {
    accountId: world.accountId,
    conversationId: id,
    taskId: unique('t'),
    request: {
      actor: consumerActor(world.accountId, consumerId),
      changes: [{ kind: 'close_dialog', dialogId: id, surveyDialogId }],
      at: START + 20,
    },
  })

/** A conversation that an agent served, with a consumer who can answer surveys. */
const served = async (
  world: World,
  skillId = '-1',
): Promise<{ agent: Agent; conversation: Conversation }> => {
  const agent = await world.agent()
  const { taskId } = await world.open({ context: declared, skillId })
  return { agent, conversation: await world.assign(taskId, agent) }
}

/** Every timer up to a time, of this account. */
const dueUntil = async ({ store, accountId }: World, dueAt: number) => {
  const claimed = await store.write('claimTimers', { dueAt, until: dueAt, limit: 1_000 })
  return claimed.filter((timer) => timer.accountId === accountId && timer.kind === 'dialog_end')
}

const surveys = (open: OpenStores) => {
  it('[DLG1] a survey opens in the transaction that closes the main dialog', async () => {
    const world = await worldWithSurveys(open)
    const { agent, conversation } = await served(world)
    const id = unique('s')
    const { after } = await closeMain(world, conversation, id)
    expect(after).toMatchObject({ state: 'closed', stage: 'open' })
    expect(await world.load(conversation.id)).toEqual(after)
    expect(findDialog(after, id)).toMatchObject({ appId: 'app-1', type: 'post_survey' })
    const answer = { conversationId: conversation.id, dialogId: id }
    expect(await world.append(after, answer)).toMatchObject({ sequence: 0 })
    expect(await codeOf(world.append(after))).toBe('dialog_closed')
    const filter = { accountId: world.accountId, agentIds: ['nobody'], limit: 9 }
    expect(await world.store.read('conversations', filter)).toEqual([])
    const byApp = await world.store.read('conversations', { ...filter, appIds: ['app-1', 'x'] })
    expect(byApp.map((one) => one.id)).toEqual([conversation.id])
    await world.change(conversation.id, agent, { kind: 'close_dialog', dialogId: id })
    expect(await world.store.read('conversations', { ...filter, appIds: ['app-1'] })).toEqual([])
  })

  it('[DLG1] the application is that of the last skill, else of the account', async () => {
    const world = await worldWithSurveys(open)
    const skill = async (surveyAppId: string) => {
      const rules = { ...defaultSkillRules, surveyAppId }
      const given = { accountId: world.accountId, name: unique('skill'), ttr: {}, rules }
      return (await world.store.write('createSkill', given)).id
    }
    const appAfter = async (skillId: string) => {
      const { after } = await closeMain(world, (await served(world, skillId)).conversation)
      return after.dialogs.map(({ appId }) => appId)
    }
    expect(await appAfter('-1')).toEqual([undefined, 'app-1'])
    expect(await appAfter(await skill('app-2'))).toEqual([undefined, 'app-2'])
    expect(await appAfter(await skill(''))).toEqual([undefined])
  })

  it('[DLG2] an agent who was assigned and left is enough, one who never was is not', async () => {
    const world = await worldWithSurveys(open)
    const { agent, conversation } = await served(world)
    await world.change(conversation.id, agent, {
      kind: 'remove_participant',
      role: 'assigned_agent',
      agent,
    })
    const { after } = await closeMain(world, conversation)
    expect(after.dialogs).toMatchObject([{}, { participants: [{ role: 'consumer' }] }])
    const { conversation: unserved } = await world.open({ context: declared })
    expect((await closeMain(world, unserved)).after).toMatchObject({ stage: 'closed' })
  })

  it('[DLG8] a survey has a timer that goes with it', async () => {
    const world = await worldWithSurveys(open)
    const first = await closeMain(world, (await served(world)).conversation)
    const second = await closeMain(world, (await served(world)).conversation)
    const [one, other] = [first, second].map(({ after }) => after.dialogs[1]!.id)
    await world.store.write('changeConversation', {
      accountId: world.accountId,
      conversationId: second.after.id,
      taskId: unique('t'),
      request: {
        actor: consumerActor(world.accountId, second.after.consumerId),
        changes: [{ kind: 'close_dialog', dialogId: other! }],
        at: START + 30,
      },
    })
    const due = START + 20 + TIMEOUT_SECONDS * 1000
    expect(await dueUntil(world, due - 1)).toEqual([])
    expect(await dueUntil(world, due)).toMatchObject([{ subjectId: one }])
    const expire = { accountId: world.accountId, dialogId: one!, at: due }
    const { change } = await world.store.write('expireDialog', expire)
    expect(change?.after).toMatchObject({ stage: 'closed', endedAt: due, closeReason: 'consumer' })
    expect(await world.load(first.after.id)).toEqual(change?.after)
    expect(await world.store.write('expireDialog', expire)).toEqual({})
  })
}

const coBrowsing = (open: OpenStores) => {
  it('[DLG13] [DLG16] an invitation survives as it is, and ends when its time is over', async () => {
    const world = await newWorld(await open())
    const { agent, conversation } = await served(world)
    const dialogId = unique('b')
    const { after } = await world.change(conversation.id, agent, {
      kind: 'create_dialog',
      dialogId,
      metadata: { note: 'x' },
      coBrowse: { mode: 'VOICE_CALL' },
    })
    expect(await world.load(conversation.id)).toEqual(after)
    const { coBrowse } = findDialog(after, dialogId)!
    expect(coBrowse).toMatchObject({ mode: 'VOICE_CALL', state: 'invited' })
    const due = coBrowse!.expiresAt
    expect(await dueUntil(world, due - 1)).toEqual([])
    expect(await dueUntil(world, due)).toMatchObject([{ subjectId: dialogId }])
    const expire = { accountId: world.accountId, dialogId, at: due }
    const { change } = await world.store.write('expireDialog', expire)
    expect(findDialog(change!.after, dialogId)).toMatchObject({
      state: 'closed',
      closedBy: 'system',
      coBrowse: { state: 'closed' },
    })
    expect(change?.after.state).toBe('open')
  })
}

const stepUps = (open: OpenStores) => {
  const step = (world: World, from: string, to: string) =>
    world.store.write('stepUp', { accountId: world.accountId, from, to, at: START + 40 })

  it('[DLG24] open conversations go to the proven consumer, with counts, tasks and rings', async () => {
    const world = await newWorld(await open())
    const [from, to, stranger] = [unique('u'), unique('u'), unique('u')]
    const agent = await world.agent()
    const { conversation: talk, taskId } = await world.open({ consumerId: from })
    const { conversation: over } = await world.open({ consumerId: from })
    const { conversation: foreign } = await world.open({ consumerId: stranger })
    await world.change(over.id, agent, { kind: 'close_conversation' })
    await world.append(talk)
    await world.change(talk.id, agent, { kind: 'add_participant', role: 'manager', agent })
    const byAgent = { publisher: { id: agent.id, role: 'manager', userId: agent.userId } } as const
    await world.append(talk, byAgent)
    const ring = await world.offer(taskId, agent)
    const { changes, rings } = await step(world, from, to)
    expect(changes.map(({ before, after }: Changed) => [before.consumerId, after.id])).toEqual([
      [from, talk.id],
    ])
    expect(rings).toEqual([{ ...ring, consumerId: to }])
    const after = await world.load(talk.id)
    expect(after).toEqual(changes[0]?.after)
    expect(after.dialogs[0]?.activity.unread).toEqual({ [to]: 1, [agent.id]: 0 })
    expect((await world.load(over.id)).consumerId).toBe(from)
    expect(await world.load(foreign.id)).toEqual(foreign)
    expect(await step(world, from, to)).toEqual({ changes: [], rings: [] })
    expect(await step(world, to, to)).toEqual({ changes: [], rings: [] })
  })

  it('[DLG25] [DLG26] the proven one goes on in the same log, the other has no part in it', async () => {
    const world = await newWorld(await open())
    const [from, to] = [unique('u'), unique('u')]
    const { conversation } = await world.open({ consumerId: from })
    expect(await world.append(conversation)).toMatchObject({ sequence: 0 })
    await step(world, from, to)
    expect(await codeOf(world.append(conversation))).toBe('not_participant')
    const after = await world.load(conversation.id)
    expect(await world.append(after)).toMatchObject({ sequence: 1 })
    const events = await world.store.read('events', {
      accountId: world.accountId,
      dialogId: conversation.id,
      from: 0,
      audience: 'all',
      limit: 9,
    })
    expect(events.map(({ publisher }) => publisher.id)).toEqual([from, to])
    const mine = { accountId: world.accountId, consumerId: to, limit: 9 }
    expect((await world.store.read('conversations', mine)).map(({ id }) => id)).toEqual([
      conversation.id,
    ])
  })

  it('[DLG24] openings and messages at the same time fall before or after it', async () => {
    const world = await newWorld(await open())
    const [from, to] = [unique('u'), unique('u')]
    const { conversation } = await world.open({ consumerId: from })
    const [codes, opened] = await Promise.all([
      Promise.all(Array.from({ length: 8 }, () => codeOf(world.append(conversation)))),
      Promise.all(Array.from({ length: 4 }, () => world.open({ consumerId: from }))),
      step(world, from, to),
    ])
    const after = await world.load(conversation.id)
    const taken = codes.filter((code) => code === 'answered').length
    expect(codes.filter((code) => code === 'not_participant')).toHaveLength(8 - taken)
    expect(after.dialogs[0]?.activity.nextSequence).toBe(taken)
    for (const { conversation: one } of opened) {
      const { consumerId, dialogs } = await world.load(one.id)
      expect([from, to]).toContain(consumerId)
      expect(dialogs[0]?.participants).toMatchObject([{ id: consumerId }])
    }
  })
}

export const dialogContract = (open: OpenStores): void => {
  describe('surveys', () => surveys(open))
  describe('co-browsing', () => coBrowsing(open))
  describe('step-up', () => stepUps(open))
}
