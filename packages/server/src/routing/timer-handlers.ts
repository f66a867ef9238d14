/** What happens when timers are due. Decisions are the domain's and the store's; news goes out after. */
import type { AccountId, AgentId, ConversationId, Timestamp } from '@ringdown/protocol'
import { Refusal } from '@ringdown/protocol'
import type { Context } from '../context.ts'
import type { Conversation } from '../domain/conversation.ts'
import { assignedAgent, mainDialog } from '../domain/conversation.ts'
import type { TaskReason } from '../domain/ring.ts'
import type { Timer } from '../domain/timer.ts'
import type { Watched, WatchRules } from '../domain/watchdog.ts'
import { messagesInRow, watchBot, watchRules } from '../domain/watchdog.ts'
import type { Changed } from '../store/store.ts'
import type { LastSeen } from './last-seen.ts'
import type { AgentPresence } from './presence.ts'
import type { TimerHandlers } from './timers.ts'

interface Parts extends Pick<Context, 'store' | 'clock' | 'ids' | 'log' | 'config'> {
  readonly presence: AgentPresence
  readonly lastSeen: LastSeen
  readonly announce: (changed: Changed) => void
}

/** Conversations of one agent that are taken back at once. */
const TAKEN_AT_ONCE = 500
/** Events looked at in one read when a bot's messages are counted. */
const PAGE = 100

/** What is gone needs no timer. */
const unlessGone = async <T>(answer: Promise<T>): Promise<T | undefined> => {
  try {
    return await answer
  } catch (error) {
    if (error instanceof Refusal && error.code === 'conversation_not_found') return undefined
    throw error
  }
}

/** Closes what was inactive for too long, or says when it can be. [TIM10] [TIM11] */
const autoClose =
  ({ store, clock, ids, announce, log }: Parts) =>
  async ({ accountId, subjectId }: Timer): Promise<Timestamp | undefined> => {
    const closing = { accountId, conversationId: subjectId, taskId: ids.uuid(), at: clock.now() }
    const answer = await unlessGone(store.write('closeInactive', closing))
    if (!answer?.change) return answer?.next
    log.info({ account: accountId, conversation: subjectId }, 'closed an inactive conversation')
    announce(answer.change)
    return undefined
  }

interface Returned {
  readonly accountId: AccountId
  readonly conversationId: ConversationId
  readonly agentId: AgentId
  readonly reason: TaskReason
  readonly waitingSince?: Timestamp
}

/** True when it was taken from the agent. */
const returnToQueue = async (
  { store, clock, ids, announce, log }: Parts,
  returned: Returned,
): Promise<boolean> => {
  const peopleOnly = returned.reason !== 'agent_gone'
  const command = { ...returned, peopleOnly, taskId: ids.uuid(), at: clock.now() }
  const answer = await unlessGone(store.write('returnToQueue', command))
  if (!answer?.change) return false
  const { accountId: account, conversationId: conversation, agentId: agent, reason } = returned
  log.info({ account, conversation, agent, reason }, 'took a conversation back')
  announce(answer.change)
  return true
}

/** How long the agent still has to come back; 0: its time is over. */
const graceMs = (
  { presence, lastSeen, config }: Parts,
  { accountId, subjectId: agentId }: Timer,
  takeBackAfterMs: number,
): number => {
  if (presence.isConnected(accountId, agentId)) return takeBackAfterMs
  const goneMs = lastSeen.goneMs(accountId, agentId)
  // After a restart everybody gets the time that it takes to be missed.
  if (goneMs === undefined) return Math.max(0, config.limits.agentOfflineMs - lastSeen.upMs)
  return Math.max(0, takeBackAfterMs - goneMs)
}

const holds = (conversation: Conversation, agentId: AgentId): boolean =>
  assignedAgent(conversation)?.id === agentId

/** Returns all conversations of an agent that is gone. [TIM20] */
const takeBack =
  (parts: Parts) =>
  async (timer: Timer): Promise<Timestamp | undefined> => {
    const { store, clock } = parts
    const { accountId, subjectId: agentId } = timer
    const [account, state] = await Promise.all([
      store.read('account', accountId),
      store.read('agentState', { accountId, agentId }),
    ])
    const takeBackAfterMs = account?.settings.takeBackAfterMs ?? 0
    const isBack = state !== undefined && state.availability !== 'OFFLINE'
    if (takeBackAfterMs === 0 || isBack) return undefined
    const now = clock.now()
    const rest = Math.max(
      graceMs(parts, timer, takeBackAfterMs),
      (state?.since ?? 0) + takeBackAfterMs - now,
    )
    if (rest > 0) return now + rest
    const open = await store.read('conversations', {
      accountId,
      agentIds: [agentId],
      states: ['open'],
      limit: TAKEN_AT_ONCE,
    })
    const taken = await Promise.all(
      open
        .filter((one) => holds(one, agentId))
        .map(({ id }) =>
          returnToQueue(parts, {
            accountId,
            conversationId: id,
            agentId,
            reason: 'agent_gone',
          }),
        ),
    )
    return open.length === TAKEN_AT_ONCE && taken.some(Boolean) ? now : undefined
  }

/** Whether the bot wrote more in a row than it may; reads no further back than it has to. */
const isLooping = async (
  { store }: Parts,
  conversation: Conversation,
  { watched, maxInRow }: { watched: Watched; maxInRow: number },
): Promise<boolean> => {
  const main = mainDialog(conversation)
  let count = 0
  for (let before = main.activity.nextSequence; before > 0; ) {
    const events = await store.read('events', {
      accountId: conversation.accountId,
      dialogId: main.id,
      from: 0,
      before,
      audience: 'all',
      limit: PAGE,
      newest: true,
    })
    const found = messagesInRow(events, watched)
    count += found.count
    if (count > maxInRow) return true
    if (found.isWhole || events.length < PAGE) return false
    before = events[0]?.sequence ?? 0
  }
  return false
}

const reasonToTake = async (
  parts: Parts,
  conversation: Conversation,
  { watched, rules, at }: { watched: Watched; rules: WatchRules; at: Timestamp },
): Promise<{ reason?: 'bot_silent' | 'bot_loops'; next?: Timestamp }> => {
  const watch = watchBot(conversation, watched, { rules, at })
  if (watch.kind === 'over') return {}
  if (watch.kind === 'silent')
    return { reason: 'bot_silent', next: at + rules.answerSeconds * 1000 }
  const { next, hadLastWord } = watch
  const { maxInRow } = rules
  const loops = hadLastWord && (await isLooping(parts, conversation, { watched, maxInRow }))
  return loops ? { reason: 'bot_loops', next } : { next }
}

/** Looks after a bot that leads a conversation. [TIM24] [TIM27] */
const watchTheBot =
  (parts: Parts) =>
  async ({ accountId, subjectId: id, data }: Timer): Promise<Timestamp | undefined> => {
    const { store, clock } = parts
    const watched = data as unknown as Watched
    const [conversation, account, agent] = await Promise.all([
      store.read('conversation', { accountId, id }),
      store.read('account', accountId),
      store.read('agent', { accountId, id: watched.agentId }),
    ])
    // A bot that was deleted answers no more; one that became a person is not watched.
    if (!conversation || !account || agent?.isBot === false) return undefined
    const skill = await store.read('skill', { accountId, id: conversation.skillId })
    const at = clock.now()
    const rules = watchRules(account.settings, skill?.rules)
    const { reason, next } = await reasonToTake(parts, conversation, { watched, rules, at })
    if (!reason) return next
    const isTaken = await returnToQueue(parts, {
      accountId,
      conversationId: id,
      agentId: watched.agentId,
      reason,
      ...(reason === 'bot_silent' && { waitingSince: at - rules.answerSeconds * 1000 }),
    })
    return isTaken ? undefined : next
  }

/** Ends a dialog whose time is over. [DLG8] [DLG16] */
const endDialog =
  ({ store, clock, announce }: Parts) =>
  async ({ accountId, subjectId: dialogId }: Timer): Promise<undefined> => {
    const { change } = await store.write('expireDialog', { accountId, dialogId, at: clock.now() })
    if (change) announce(change)
  }

export const timerHandlers = (parts: Parts): TimerHandlers => ({
  auto_close: autoClose(parts),
  take_back: takeBack(parts),
  bot_answer: watchTheBot(parts),
  dialog_end: endDialog(parts),
})
