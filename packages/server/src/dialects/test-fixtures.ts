/** Domain values for the tests of the dialects: one account, one consumer, two agents. */
import type { AgentActor, ConsumerActor } from '../domain/actor.ts'
import type { Conversation, Dialog, Participant } from '../domain/conversation.ts'
import type { DialogEvent, Publisher } from '../domain/event.ts'
import type { Ring } from '../domain/ring.ts'

const ACCOUNT = '70010001'

export const agentIds = {
  ana: '4d0c6a51-9f0e-5a57-8b1a-2f6f0f6f7a10',
  max: '9a5d7c10-3b1e-5f4d-9c22-77e0a1b2c3d4',
} as const

export const consumerActor: ConsumerActor = {
  kind: 'consumer',
  accountId: ACCOUNT,
  id: 'c-91f2',
  strength: 'signup',
  expiresAt: 2_000_000,
}

export const agentActor: AgentActor = {
  kind: 'agent',
  accountId: ACCOUNT,
  id: agentIds.ana,
  userId: '777',
  roles: ['agent'],
  sessionId: 's-1',
  expiresAt: 2_000_000,
}

const consumer: Participant = { id: 'c-91f2', role: 'consumer', state: 'active' }
export const ana: Participant = {
  id: agentIds.ana,
  role: 'assigned_agent',
  state: 'active',
  userId: '777',
}
export const max: Participant = { ...ana, id: agentIds.max, userId: '888' }

const byAna: Publisher = { id: agentIds.ana, role: 'assigned_agent', userId: '777' }

export const textEvent = (change: Partial<DialogEvent> = {}): DialogEvent => ({
  accountId: ACCOUNT,
  conversationId: 'conv-1',
  dialogId: 'conv-1',
  sequence: 4,
  previousPublic: 2,
  publisher: byAna,
  kind: 'content',
  audience: 'all',
  eventId: 'e-4',
  payload: '{"type":"ContentEvent","contentType":"text/plain","message":"Hello"}',
  at: 1_760_000_004_000,
  ...change,
})

export const privateEvent = (change: Partial<DialogEvent> = {}): DialogEvent =>
  textEvent({
    audience: 'agents',
    sequence: 5,
    eventId: 'e-5',
    payload: '{"type":"ContentEvent","contentType":"text/plain","message":"between us"}',
    ...change,
  })

export const mainDialogOf = (change: Partial<Dialog> = {}): Dialog => ({
  id: 'conv-1',
  conversationId: 'conv-1',
  type: 'main',
  channel: 'messaging',
  state: 'open',
  createdAt: 1_760_000_000_000,
  updatedAt: 1_760_000_000_400,
  participants: [consumer, ana],
  activity: { nextSequence: 0, unread: { 'c-91f2': 0, [agentIds.ana]: 1 } },
  ...change,
})

export const surveyDialog: Dialog = {
  ...mainDialogOf(),
  id: 's-1',
  type: 'post_survey',
  createdAt: 1_760_000_009_000,
  updatedAt: 1_760_000_009_000,
  participants: [consumer],
  activity: { nextSequence: 0, unread: {} },
}

export const conversationOf = (change: Partial<Conversation> = {}): Conversation => ({
  accountId: ACCOUNT,
  id: 'conv-1',
  consumerId: 'c-91f2',
  state: 'open',
  stage: 'open',
  skillId: '-1',
  startedAt: 1_760_000_000_000,
  updatedAt: 1_760_000_000_400,
  isFirst: false,
  ttr: { type: 'normal', seconds: 3600 },
  dialogs: [mainDialogOf()],
  revision: 1,
  ...change,
})

export const ringOf = (change: Partial<Ring> = {}): Ring => ({
  accountId: ACCOUNT,
  id: 'conv-1_70010001_1760000000350',
  taskId: 'rt-9',
  conversationId: 'conv-1',
  consumerId: 'c-91f2',
  skillId: '-1',
  agentId: agentIds.ana,
  agentUserId: '777',
  state: 'waiting',
  weight: 1_760_003_600_300,
  createdAt: 1_760_000_000_350,
  expiresAt: 1_760_000_072_350,
  ...change,
})
