/**
 * Walls between accounts: every command and query that names an account, tried from a second
 * account with the ids of the first. The tables are complete, or they do not compile.
 */
import { describe, expect, it } from 'vitest'
import type { OpenStores } from './contract-types.ts'
import { consumerActor, newWorld, START, unique, type World } from './given.ts'
import type { Owned } from './walls-attempts.ts'
import { attemptedCommands } from './walls-commands.ts'
import { attemptedQueries } from './walls-queries.ts'

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
  const groups = await store.write('saveConfigurationItems', {
    accountId,
    kind: 'groups',
    writes: [{ mode: 'create', body: { name: 'G', isEnabled: true } }],
    at: START,
  })
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
  const { path: filePath } = await world.file()
  const place = { conversationId: conversation.id, dialogId: conversation.id }
  await store.write('useFile', { accountId, path: filePath, ...place, audience: 'all' })
  await store.write('saveAgentSurvey', {
    accountId,
    conversationId: conversation.id,
    skillId: '-1',
    surveyId: '1',
    status: 'open',
    answers: [{ questionId: 'q', text: 'secret' }],
    agentId: id,
    at: START,
  })
  await store.write('saveDraft', {
    accountId,
    agentId: id,
    ...place,
    content: { text: 'secret', isNote: false, at: START, others: [] },
    expectedRevisions: [],
    revision: 'one',
    mergedRevision: 'one',
    most: 10,
    mostBytes: 1000,
  })
  const appKeyId = unique('key')
  await store.write('createAppKey', {
    accountId,
    id: appKeyId,
    name: 'K',
    accessToken: 't',
    secretHash: 'one',
    accessTokenSecretHash: 'two',
    userIds: [],
    createdAt: START,
  })
  return {
    accountId,
    other,
    agent,
    conversation,
    ringId: ring!.id,
    queuedTaskId,
    skillId: skill.id,
    groupId: groups.items[0]!.id,
    sessionId,
    tokenId: 'jti',
    filePath,
    appKeyId,
  }
}

/** Everything that can be read of the account. */
const snapshot = async ({ store, accountId }: World, { conversation, agent, filePath }: Owned) => ({
  agents: await store.read('agents', accountId),
  skills: await store.read('skills', accountId),
  groups: await store.read('configurationItems', { accountId, kind: 'groups' }),
  states: await store.read('agentStates', accountId),
  consumer: await store.read('consumer', { accountId, id: conversation.consumerId }),
  conversations: await store.read('conversations', { accountId, limit: 100 }),
  tasks: await store.read('queuedTasks', { accountId, limit: 100 }),
  rings: await store.read('waitingRings', { accountId }),
  loads: await store.read('agentLoads', accountId),
  file: await store.read('file', { accountId, path: filePath }),
  uses: await store.read('fileUses', { accountId, path: filePath, limit: 10 }),
  appKeys: await store.read('appKeys', accountId),
  drafts: await store.read('drafts', { accountId, agentId: agent.id }),
  survey: await store.read('agentSurvey', {
    accountId,
    conversationId: conversation.id,
    skillId: '-1',
  }),
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
