import { FIRST_REVISION } from '../../domain/configuration.ts'
import type { QueryData, QueryName } from '../store.ts'
import { type Attempts, OTHER_IDENTITY } from './walls-attempts.ts'

export const attemptedQueries: Attempts<QueryName, { [N in QueryName]: QueryData<N> }> = {
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
  configurationItems: {
    data: ({ other }) => ({ accountId: other, kind: 'groups', includeDeleted: true }),
    expected: [],
  },
  configurationItem: {
    data: ({ other, groupId }) => ({ accountId: other, kind: 'groups', id: groupId }),
    expected: undefined,
  },
  configurationRevision: {
    data: ({ other }) => ({ accountId: other, collection: 'groups' }),
    expected: FIRST_REVISION,
  },
  agentStates: { data: ({ other }) => other, expected: [] },
  agentState: {
    data: ({ other, agent }) => ({ accountId: other, agentId: agent.id }),
    expected: undefined,
  },
  statesOfPresent: 'spans accounts',
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
  ring: { data: ({ other, ringId }) => ({ accountId: other, id: ringId }), expected: undefined },
  decisions: {
    data: ({ other, conversation }) => ({
      accountId: other,
      conversationId: conversation.id,
      limit: 10,
    }),
    expected: [],
  },
  routingOf: {
    data: ({ other, conversation }) => ({ accountId: other, conversationId: conversation.id }),
    expected: { tasks: [], rings: [] },
  },
  suggestions: 'spans accounts',
  waitingRings: {
    data: ({ other, agent }) => ({ accountId: other, agentId: agent.id }),
    expected: [],
  },
  drafts: {
    data: ({ other, agent }) => ({ accountId: other, agentId: agent.id }),
    expected: [],
  },
  agentSurvey: {
    data: ({ other, conversation }) => ({
      accountId: other,
      conversationId: conversation.id,
      skillId: '-1',
    }),
    expected: undefined,
  },
  history: {
    data: ({ other, conversation, agent }) => ({
      accountId: other,
      conversationId: conversation.id,
      agentIds: [agent.id],
      sort: { by: 'start', direction: 'asc' },
      offset: 0,
      limit: 10,
    }),
    expected: { count: 0, records: [] },
  },
  searchedConversations: {
    data: ({ other, conversation }) => ({
      accountId: other,
      conversationIds: [conversation.id],
      sort: { by: 'start', direction: 'asc' },
      limit: 10,
    }),
    expected: [],
  },
  saidWords: {
    data: ({ other, conversation }) => ({
      accountId: other,
      dialogIds: [conversation.id],
      from: 0,
      before: 10,
      words: ['contentevent'],
    }),
    expected: [],
  },
  appKey: {
    data: ({ other, appKeyId }) => ({ accountId: other, id: appKeyId }),
    expected: undefined,
  },
  appKeys: { data: ({ other }) => other, expected: [] },
  auditEntries: {
    data: ({ other }) => ({
      accountId: other,
      from: 0,
      before: Number.MAX_SAFE_INTEGER,
      limit: 10,
    }),
    expected: [],
  },
  file: {
    data: ({ other, filePath }) => ({ accountId: other, path: filePath }),
    expected: undefined,
  },
  fileUses: {
    data: ({ other, filePath }) => ({ accountId: other, path: filePath, limit: 10 }),
    expected: [],
  },
  leftoverFiles: 'spans accounts',
  account: OTHER_IDENTITY,
  accounts: 'spans accounts',
  accountsWithQueue: 'spans accounts',
  nextRingExpiry: 'spans accounts',
  nextTimerDue: 'spans accounts',
  keys: 'spans accounts',
  sessionByBearer: 'spans accounts',
  sessionByCookie: 'spans accounts',
}
