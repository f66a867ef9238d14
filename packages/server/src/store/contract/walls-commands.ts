/** Every command, tried from a second account with the ids of the first. */
import { defaultSkillRules } from '../../domain/account.ts'
import type { CommandData, CommandName } from '../store.ts'
import { agentActor, START, unique } from './given.ts'
import { type Attempts, OTHER_IDENTITY } from './walls-attempts.ts'

export const attemptedCommands: Attempts<CommandName, { [N in CommandName]: CommandData<N> }> = {
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
  expireDialog: {
    data: ({ other, conversation }) => ({ accountId: other, dialogId: conversation.id, at: START }),
    expected: {},
  },
  stepUp: {
    data: ({ other, conversation }) => ({
      accountId: other,
      from: conversation.consumerId,
      to: unique('u'),
      at: START,
    }),
    expected: { changes: [], rings: [] },
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
  assignTask: {
    data: ({ other, queuedTaskId, agent, conversation }) => ({
      accountId: other,
      conversationId: conversation.id,
      taskId: queuedTaskId,
      ringId: unique('r'),
      agent,
      capacity: 99,
      at: START,
      expiresAt: START,
    }),
    expected: 'conversation_not_found',
  },
  dropSuggestion: {
    data: ({ other, queuedTaskId }) => ({ accountId: other, taskId: queuedTaskId, at: START }),
    expected: {},
  },
  moveDeadlines: {
    data: ({ other, queuedTaskId }) => ({
      accountId: other,
      tasks: [{ id: queuedTaskId, deadline: 1 }],
    }),
    expected: { moved: 0 },
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
  saveAgents: {
    data: ({ other, agent }) => ({
      accountId: other,
      writes: [{ ...agent, mode: 'replace' }],
      at: START,
    }),
    expected: 'agent_not_found',
  },
  deleteAgents: {
    data: ({ other, agent }) => ({ accountId: other, userIds: [agent.userId], at: START }),
    expected: 'agent_not_found',
  },
  saveSkills: {
    data: ({ other, skillId }) => ({
      accountId: other,
      writes: [
        {
          mode: 'replace',
          id: skillId,
          name: 'taken',
          ttr: {},
          rules: defaultSkillRules,
          details: {},
        },
      ],
      at: START,
    }),
    expected: 'skill_not_found',
  },
  saveConfigurationItems: {
    data: ({ other, groupId }) => ({
      accountId: other,
      kind: 'groups',
      writes: [{ mode: 'replace', id: groupId, body: { name: 'taken' } }],
      at: START,
    }),
    expected: 'item_not_found',
  },
  deleteConfigurationItems: {
    data: ({ other, groupId }) => ({ accountId: other, kind: 'groups', ids: [groupId], at: START }),
    expected: 'item_not_found',
  },
  updateSkill: {
    data: ({ other, skillId }) => ({ accountId: other, id: skillId, name: 'taken' }),
    expected: 'skill_not_found',
  },
  deleteSkills: {
    data: ({ other, skillId }) => ({ accountId: other, ids: [skillId], at: START }),
    expected: 'skill_not_found',
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
  saveDraft: {
    data: ({ other, conversation, agent }) => ({
      accountId: other,
      agentId: agent.id,
      conversationId: conversation.id,
      dialogId: conversation.id,
      content: { text: 'x', isNote: false, at: START, others: [] },
      expectedRevisions: ['one'],
      revision: 'other',
      mergedRevision: 'other',
      most: 10,
      mostBytes: 1000,
    }),
    expected: 'dialog_not_found',
  },
  forgetDrafts: 'spans accounts',
  saveAgentSurvey: {
    data: ({ other, conversation, agent }) => ({
      accountId: other,
      conversationId: conversation.id,
      skillId: '-1',
      surveyId: '1',
      status: 'submitted',
      answers: [],
      agentId: agent.id,
      at: START,
    }),
    expected: 'conversation_not_found',
  },
  revokeAppKey: {
    data: ({ other, appKeyId }) => ({ accountId: other, id: appKeyId, at: START }),
    expected: 'key_not_found',
  },
  beginUpload: {
    data: ({ other, filePath }) => ({ accountId: other, path: filePath, key: 'k', dueAt: START }),
    expected: 'file_address_used',
  },
  finishUpload: {
    data: ({ other, filePath }) => ({
      accountId: other,
      path: filePath,
      content: { key: 'k', size: 1, type: 'PNG', storedAt: START },
    }),
    expected: 'file_address_used',
  },
  blockFile: {
    data: ({ other, filePath }) => ({ accountId: other, path: filePath }),
    expected: 'file_address_used',
  },
  useFile: {
    data: ({ other, filePath }) => ({
      accountId: other,
      path: filePath,
      conversationId: 'c',
      dialogId: 'c',
      audience: 'all',
    }),
    expected: 'file_not_found',
  },
  removeFile: {
    data: ({ other, filePath }) => ({ accountId: other, path: filePath, at: START }),
    expected: { removed: false },
  },
  recordTokenUse: {
    data: ({ other, tokenId }) => ({ accountId: other, tokenId, expiresAt: START, at: START }),
    expected: true,
  },
  disarmTimer: {
    data: ({ other, conversation }) => ({
      accountId: other,
      kind: 'auto_close',
      subjectId: conversation.id,
    }),
    expected: { disarmed: false },
  },
  settleTimer: {
    data: ({ other, conversation }) => ({
      accountId: other,
      kind: 'auto_close',
      subjectId: conversation.id,
      version: 1,
    }),
    expected: null,
  },
  closeInactive: {
    data: ({ other, conversation }) => ({
      accountId: other,
      conversationId: conversation.id,
      taskId: unique('t'),
      at: START * 2,
    }),
    expected: 'conversation_not_found',
  },
  returnToQueue: {
    data: ({ other, conversation, agent }) => ({
      accountId: other,
      conversationId: conversation.id,
      agentId: agent.id,
      taskId: unique('t'),
      reason: 'agent_gone',
      peopleOnly: false,
      at: START,
    }),
    expected: 'conversation_not_found',
  },
  // These make things of their own account, whatever the ids are like.
  armTimer: OTHER_IDENTITY,
  claimTimers: 'spans accounts',
  openConversation: OTHER_IDENTITY,
  recordDecisions: OTHER_IDENTITY,
  pruneDecisions: 'spans accounts',
  setAgentState: OTHER_IDENTITY,
  createAccount: OTHER_IDENTITY,
  updateAccount: OTHER_IDENTITY,
  deleteAccount: OTHER_IDENTITY,
  createAgent: OTHER_IDENTITY,
  createSkill: OTHER_IDENTITY,
  createAppKey: OTHER_IDENTITY,
  saveConsumer: OTHER_IDENTITY,
  issueFile: OTHER_IDENTITY,
  removeUnusedFiles: 'spans accounts',
  forgetLeftovers: 'spans accounts',
  // Keys belong to the server; a session is named by a secret that only its owner has.
  saveKey: 'spans accounts',
  proveWritable: 'spans accounts',
  openSession: OTHER_IDENTITY,
  extendSession: 'spans accounts',
}
