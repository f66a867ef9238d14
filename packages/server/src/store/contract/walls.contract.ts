/**
 * Walls between accounts: every command and query that names an account, tried from a second
 * account with the ids of the first. The tables are complete, or they do not compile.
 */
import { describe, expect, it } from 'vitest'
import type { Agent } from '../../domain/account.ts'
import type { Conversation } from '../../domain/conversation.ts'
import type { CommandData, CommandName, QueryData, QueryName } from '../store.ts'
import type { OpenStores } from './contract-types.ts'
import { agentActor, consumerActor, newWorld, START, unique, type World } from './given.ts'

/** What exists in the first account, and the second account that tries to reach it. */
interface Owned {
  readonly accountId: string
  readonly other: string
  readonly agent: Agent
  readonly conversation: Conversation
  readonly ringId: string
  readonly queuedTaskId: string
  readonly skillId: string
  readonly sessionId: string
  readonly tokenId: string
}

type Attempts<Name extends string, Data extends Record<Name, unknown>> = {
  readonly [N in Name]:
    | { readonly data: (owned: Owned) => Data[N]; readonly expected: unknown }
    | 'names no foreign id'
    | 'spans accounts'
}

const OTHER_IDENTITY = 'names no foreign id'

const attemptedCommands: Attempts<CommandName, { [N in CommandName]: CommandData<N> }> = {
  append: {
    data: ({ other, conversation }) => ({
      accountId: other,
      conversationId: conversation.id,
      dialogId: conversation.id,
      publisher: { id: conversation.consumerId, role: 'consumer' },
      kind: 'content',
      audience: 'all',
      eventId: unique('e'),
      payload: '{}',
      at: START,
    }),
    expected: 'dialog_not_found',
  },
  changeConversation: {
    data: ({ other, conversation, agent }) => ({
      accountId: other,
      conversationId: conversation.id,
      taskId: unique('t'),
      request: {
        actor: { ...agentActor(agent), accountId: other },
        changes: [{ kind: 'close_conversation' }],
        at: START,
      },
    }),
    expected: 'conversation_not_found',
  },
  offerRing: {
    data: ({ other, queuedTaskId, agent }) => ({
      accountId: other,
      taskId: queuedTaskId,
      ringId: unique('r'),
      agent,
      capacity: 99,
      at: START,
      expiresAt: START,
    }),
    expected: undefined,
  },
  answerRing: {
    data: ({ other, ringId, agent }) => ({
      accountId: other,
      ringId,
      agent,
      answer: 'accept',
      at: START,
    }),
    expected: 'ring_not_found',
  },
  endRings: {
    data: ({ other, agent }) => ({
      input: 'cancel',
      at: START,
      of: { accountId: other, agentId: agent.id },
    }),
    expected: [],
  },
  updateAgent: {
    data: ({ other, agent }) => ({ accountId: other, userId: agent.userId, nickname: 'taken' }),
    expected: 'agent_not_found',
  },
  deleteAgent: {
    data: ({ other, agent }) => ({ accountId: other, userId: agent.userId }),
    expected: { deleted: false },
  },
  updateSkill: {
    data: ({ other, skillId }) => ({ accountId: other, id: skillId, name: 'taken' }),
    expected: 'skill_not_found',
  },
  deleteSkill: {
    data: ({ other, skillId }) => ({ accountId: other, id: skillId }),
    expected: { deleted: false },
  },
  updateProfile: {
    data: ({ other, conversation }) => ({
      accountId: other,
      consumerId: conversation.consumerId,
      profile: { name: 'taken' },
    }),
    expected: 'consumer_not_found',
  },
  endSessions: {
    data: ({ other, sessionId, agent }) => ({
      accountId: other,
      sessionId,
      agentId: agent.id,
      at: START,
    }),
    expected: [],
  },
  recordTokenUse: {
    data: ({ other, tokenId }) => ({ accountId: other, tokenId, expiresAt: START, at: START }),
    expected: true,
  },
  // These make things of their own account, whatever the ids are like.
  openConversation: OTHER_IDENTITY,
  setAgentState: OTHER_IDENTITY,
  createAccount: OTHER_IDENTITY,
  updateAccount: OTHER_IDENTITY,
  deleteAccount: OTHER_IDENTITY,
  createAgent: OTHER_IDENTITY,
  createSkill: OTHER_IDENTITY,
  saveConsumer: OTHER_IDENTITY,
  // Keys belong to the server; a session is named by a secret that only its owner has.
  saveKey: 'spans accounts',
  proveWritable: 'spans accounts',
  openSession: OTHER_IDENTITY,
  extendSession: 'spans accounts',
}

const attemptedQueries: Attempts<QueryName, { [N in QueryName]: QueryData<N> }> = {
  agent: { data: ({ other, agent }) => ({ accountId: other, id: agent.id }), expected: undefined },
  agents: { data: ({ other }) => other, expected: [] },
  passwordHash: {
    data: ({ other, agent }) => ({ accountId: other, userId: agent.userId }),
    expected: undefined,
  },
  skill: {
    data: ({ other, skillId }) => ({ accountId: other, id: skillId }),
    expected: undefined,
  },
  skills: { data: ({ other }) => other, expected: [] },
  agentStates: { data: ({ other }) => other, expected: [] },
  consumer: {
    data: ({ other, conversation }) => ({ accountId: other, id: conversation.consumerId }),
    expected: undefined,
  },
  conversation: {
    data: ({ other, conversation }) => ({ accountId: other, id: conversation.id }),
    expected: undefined,
  },
  conversationOfDialog: {
    data: ({ other, conversation }) => ({ accountId: other, dialogId: conversation.id }),
    expected: undefined,
  },
  conversations: {
    data: ({ other, conversation, agent }) => ({
      accountId: other,
      conversationId: conversation.id,
      consumerId: conversation.consumerId,
      agentIds: [agent.id],
      limit: 10,
    }),
    expected: [],
  },
  events: {
    data: ({ other, conversation }) => ({
      accountId: other,
      dialogId: conversation.id,
      from: 0,
      audience: 'agents',
      limit: 10,
    }),
    expected: [],
  },
  queuedTasks: { data: ({ other }) => ({ accountId: other, limit: 10 }), expected: [] },
  agentLoads: { data: ({ other }) => other, expected: [] },
  waitingRings: {
    data: ({ other, agent }) => ({ accountId: other, agentId: agent.id }),
    expected: [],
  },
  account: OTHER_IDENTITY,
  accounts: 'spans accounts',
  accountsWithQueue: 'spans accounts',
  nextRingExpiry: 'spans accounts',
  keys: 'spans accounts',
  sessionByBearer: 'spans accounts',
  sessionByCookie: 'spans accounts',
}

const furnish = async (world: World): Promise<Owned> => {
  const { store, accountId } = world
  const { accountId: other } = await newWorld(store)
  const agent = await world.agent({ passwordHash: 'secret' })
  const { id, userId } = agent
  const { conversation, taskId } = await world.open()
  await world.append(conversation)
  const ring = await world.offer(taskId, agent)
  const { taskId: queuedTaskId } = await world.open()
  const skill = await store.write('createSkill', { accountId, name: 'S', ttr: {} })
  await store.write('saveConsumer', {
    accountId,
    id: conversation.consumerId,
    kind: 'signup',
    claims: {},
    createdAt: START,
  })
  await store.write('setAgentState', {
    accountId,
    agent: { id, userId },
    availability: 'ONLINE',
    description: '',
    at: START,
  })
  const sessionId = unique('s')
  const hashes = { bearerHash: unique('b'), csrfHash: 'c', cookieHash: unique('k') }
  const times = { createdAt: START, expiresAt: START + 1 }
  const session = { id: sessionId, accountId, agentId: id, userId }
  await store.write('openSession', { ...session, ...hashes, ...times })
  await store.write('recordTokenUse', { accountId, tokenId: 'jti', expiresAt: START, at: START })
  return {
    accountId,
    other,
    agent,
    conversation,
    ringId: ring!.id,
    queuedTaskId,
    skillId: skill.id,
    sessionId,
    tokenId: 'jti',
  }
}

/** Everything that can be read of the account. */
const snapshot = async ({ store, accountId }: World, { conversation, agent }: Owned) => ({
  agents: await store.read('agents', accountId),
  skills: await store.read('skills', accountId),
  states: await store.read('agentStates', accountId),
  consumer: await store.read('consumer', { accountId, id: conversation.consumerId }),
  conversations: await store.read('conversations', { accountId, limit: 100 }),
  tasks: await store.read('queuedTasks', { accountId, limit: 100 }),
  rings: await store.read('waitingRings', { accountId }),
  loads: await store.read('agentLoads', accountId),
  password: await store.read('passwordHash', { accountId, userId: agent.userId }),
})

const outcomeOf = (answer: Promise<unknown>): Promise<unknown> =>
  answer.catch((error: { code?: unknown }) => error.code ?? error)

interface Attempt {
  readonly data: (owned: Owned) => unknown
  readonly expected: unknown
}

/** The entries that can be tried. */
const attemptsOf = <Name extends string>(
  table: Readonly<Record<Name, Attempt | string>>,
): [Name, Attempt][] =>
  (Object.entries(table) as [Name, Attempt | string][]).filter(
    (entry): entry is [Name, Attempt] => typeof entry[1] !== 'string',
  )

export const wallContract = (open: OpenStores): void => {
  describe('walls between accounts', () => {
    it.each(attemptsOf(attemptedCommands))('[ST11] command %s', async (name, attempt) => {
      const world = await newWorld(await open())
      const owned = await furnish(world)
      const before = await snapshot(world, owned)
      const outcome = await outcomeOf(world.store.write(name, attempt.data(owned) as never))
      expect(outcome).toEqual(attempt.expected)
      expect(await snapshot(world, owned)).toEqual(before)
    })

    it.each(attemptsOf(attemptedQueries))('[ST11] query %s', async (name, attempt) => {
      const world = await newWorld(await open())
      const owned = await furnish(world)
      const outcome = await outcomeOf(world.store.read(name, attempt.data(owned) as never))
      expect(outcome).toEqual(attempt.expected)
    })

    it('[ST11] the same ids in two accounts are two things', async () => {
      const store = await open()
      const [one, two] = [await newWorld(store), await newWorld(store)]
      const ids = { conversationId: unique('c'), consumerId: unique('u'), taskId: unique('t') }
      const { conversation } = await one.open(ids)
      await two.open(ids)
      expect((await one.append(conversation, { clientEventId: 'a' })).sequence).toBe(0)
      const second = await two.append(conversation, { clientEventId: 'a' })
      expect(second).toMatchObject({ sequence: 0, isDuplicate: false })
      await two.store.write('changeConversation', {
        accountId: two.accountId,
        conversationId: conversation.id,
        taskId: unique('t'),
        request: {
          actor: consumerActor(two.accountId, ids.consumerId),
          changes: [{ kind: 'close_conversation' }],
          at: START,
        },
      })
      expect((await one.load(conversation.id)).state).toBe('open')
      expect((await two.load(conversation.id)).state).toBe('closed')
    })
  })
}
