/** What the suites of the contract start from: an account of its own for each test. */
import type { AccountId, ConversationId } from '@ringdown/protocol'
import { Refusal } from '@ringdown/protocol/errors'
import type { Agent } from '../../domain/account.ts'
import { defaultSettings } from '../../domain/account.ts'
import type { AgentActor, ConsumerActor } from '../../domain/actor.ts'
import type { ConversationChange } from '../../domain/change.ts'
import type { Conversation } from '../../domain/conversation.ts'
import type { NewEvent } from '../../domain/event.ts'
import type { HostedFile, IssuedFile } from '../../domain/hosted-file.ts'
import type { Ring } from '../../domain/ring.ts'
import type { Appended, Changed, CommandData, OpenConversation, Store } from '../store.ts'

let made = 0

/** Unique in this process and, through the pid, between runs on one database. */
export const unique = (kind: string): string => `${kind}${process.pid.toString(36)}x${made++}`

/** The code of the refusal, or `answered`. Anything else that is thrown goes on. */
export const codeOf = async (answer: Promise<unknown>): Promise<string> => {
  try {
    await answer
    return 'answered'
  } catch (error) {
    if (error instanceof Refusal) return error.code
    throw error
  }
}

export interface World {
  readonly store: Store
  readonly accountId: AccountId
  agent(overrides?: Partial<CommandData<'createAgent'>>): Promise<Agent>
  /** Opens a conversation by a new consumer, with a queued task. */
  open(
    overrides?: Partial<OpenConversation>,
  ): Promise<{ conversation: Conversation; taskId: string }>
  /** An event by the consumer unless the overrides say otherwise. */
  event(conversation: Conversation, overrides?: Partial<NewEvent>): NewEvent
  append(conversation: Conversation, overrides?: Partial<NewEvent>): Promise<Appended>
  offer(
    taskId: string,
    agent: Agent,
    overrides?: Partial<CommandData<'offerRing'>>,
  ): Promise<Ring | undefined>
  change(id: ConversationId, actor: Agent, ...changes: ConversationChange[]): Promise<Changed>
  /** Rings the agent for the task and lets it accept. */
  assign(taskId: string, agent: Agent): Promise<Conversation>
  load(id: ConversationId): Promise<Conversation>
  /** Gives out the address of a file, to a consumer unless the overrides say otherwise. */
  file(
    overrides?: Partial<IssuedFile>,
    quota?: CommandData<'issueFile'>['quota'],
  ): Promise<HostedFile>
}

export const START = 1_700_000_000_000

export const agentActor = (agent: Agent): AgentActor => ({
  kind: 'agent',
  accountId: agent.accountId,
  id: agent.id,
  userId: agent.userId,
  roles: agent.roles,
  sessionId: 'session',
  expiresAt: START * 2,
})

export const consumerActor = (accountId: AccountId, id: string): ConsumerActor => ({
  kind: 'consumer',
  accountId,
  id,
  strength: 'signup',
  expiresAt: START * 2,
})

const publicEvent = (accountId: AccountId, conversation: Conversation): NewEvent => ({
  accountId,
  conversationId: conversation.id,
  dialogId: conversation.id,
  publisher: { id: conversation.consumerId, role: 'consumer' },
  kind: 'content',
  audience: 'all',
  eventId: unique('e'),
  payload: '{"type":"ContentEvent"}',
  at: START,
})

const newAgent = (accountId: AccountId): CommandData<'createAgent'> => ({
  accountId,
  loginName: unique('login'),
  fullName: 'Ana Agent',
  nickname: 'Ana',
  email: 'ana@example.com',
  isEnabled: true,
  isBot: false,
  roles: ['agent', 'manager'],
  skillIds: [],
  createdAt: START,
})

const newConversation = (accountId: AccountId): OpenConversation => ({
  accountId,
  conversationId: unique('c'),
  consumerId: unique('u'),
  skillId: '-1',
  ttrSeconds: defaultSettings.ttr,
  taskId: unique('t'),
  maxOpen: 20,
  at: START,
})

const newFile = (accountId: AccountId): IssuedFile => ({
  accountId,
  path: `/files/${unique('f')}.PNG`,
  fileType: 'PNG',
  maxBytes: 1000,
  secret: 'secret',
  uploader: { kind: 'consumer', id: unique('u') },
  createdAt: START,
})

/** A new account in the store, with short words for what tests do in it. */
export const newWorld = async (store: Store): Promise<World> => {
  const accountId = unique('A')
  await store.write('createAccount', {
    id: accountId,
    name: 'Brand',
    settings: defaultSettings,
    createdAt: START,
  })
  const world: World = {
    store,
    accountId,
    agent: (overrides) => store.write('createAgent', { ...newAgent(accountId), ...overrides }),
    async open(overrides) {
      const data = { ...newConversation(accountId), ...overrides }
      const { conversation } = await store.write('openConversation', data)
      return { conversation, taskId: data.taskId }
    },
    event: (conversation, overrides) => ({ ...publicEvent(accountId, conversation), ...overrides }),
    append: (conversation, overrides) =>
      store.write('append', world.event(conversation, overrides)),
    offer: (taskId, { id, userId }, overrides) =>
      store.write('offerRing', {
        accountId,
        taskId,
        ringId: unique('r'),
        agent: { id, userId },
        capacity: 3,
        at: START,
        expiresAt: START + 72_000,
        ...overrides,
      }),
    change: (conversationId, actor, ...changes) =>
      store.write('changeConversation', {
        accountId,
        conversationId,
        taskId: unique('t'),
        request: { actor: agentActor(actor), changes, at: START + 10 },
      }),
    async assign(taskId, agent) {
      const ring = await world.offer(taskId, agent)
      const { change } = await store.write('answerRing', {
        accountId,
        ringId: ring!.id,
        agent,
        answer: 'accept',
        at: START + 5,
      })
      return change!.after
    },
    file: (overrides, quota = { perHour: 0, storageBytes: 0 }) =>
      store.write('issueFile', { file: { ...newFile(accountId), ...overrides }, quota }),
    async load(id) {
      return (await store.read('conversation', { accountId, id }))!
    },
  }
  return world
}
