/** Past conversations: found by what was said, and read. [WSP34] [WSP35] */
import type { DialogEvent } from '@ringdown/client'
import type { Conversation } from './conversation.ts'
import type { Rest } from './rest.ts'

/** As much as the server searches at once. */
export const SPAN_MS = 92 * 86_400_000
export const PAGE = 25

export interface Match {
  readonly messageId: string
  readonly text: string
}

export type ClosedBy = 'AGENT' | 'CONSUMER' | 'TIMEOUT' | 'SYSTEM'

export interface Past {
  readonly id: string
  readonly consumerId: string
  readonly startedAt: number
  readonly endedAt: number | undefined
  readonly isOpen: boolean
  readonly closedBy: ClosedBy | undefined
  readonly stars: number | undefined
  readonly skillId: string
  readonly agent: string | undefined
  readonly matches: readonly Match[]
}

export interface PastPage {
  readonly items: readonly Past[]
  readonly count: number
  /** Everything from then on was searched. */
  readonly from: number
}

interface RecordOnWire {
  readonly info: {
    readonly conversationId: string
    readonly startTimeL: number
    readonly endTimeL: number
    readonly status: string
    readonly closeReason?: string
    readonly csat?: number
    readonly latestSkillId: number
    readonly latestAgentNickname: string
    readonly latestAgentFullName: string
    readonly isPartial: boolean
  }
  readonly keywordMatches?: readonly {
    readonly dialogId: string
    readonly seq: number
    readonly text: string
  }[]
  readonly consumerParticipants?: readonly { readonly participantId: string }[]
}

interface AnswerOnWire<R> {
  readonly _metadata: {
    readonly count: number
    readonly shardsStatusResult: { readonly partialResult: boolean }
    readonly searched?: { readonly startedFromL?: number }
  }
  readonly conversationHistoryRecords: readonly R[]
}

const reasons: readonly string[] = ['AGENT', 'CONSUMER', 'TIMEOUT', 'SYSTEM']

/** The server says `undefined` in words where it knows nothing. */
const known = (text: string): string | undefined =>
  text === '' || text === 'undefined' ? undefined : text

const messageIdOf = (dialogId: string, sequence: number): string =>
  `ms::dialog:${dialogId}::msg:${sequence}`

const pastOf = ({ info, keywordMatches = [], consumerParticipants }: RecordOnWire): Past => ({
  id: info.conversationId,
  consumerId: consumerParticipants?.[0]?.participantId ?? '',
  startedAt: info.startTimeL,
  endedAt: info.endTimeL < 0 ? undefined : info.endTimeL,
  isOpen: info.status === 'OPEN',
  closedBy: reasons.includes(info.closeReason ?? '') ? (info.closeReason as ClosedBy) : undefined,
  stars: info.csat,
  skillId: String(info.latestSkillId),
  agent: known(info.latestAgentNickname) ?? known(info.latestAgentFullName),
  matches: keywordMatches.map(({ dialogId, seq, text }) => ({
    messageId: messageIdOf(dialogId, seq),
    text,
  })),
})

const MOST_TEXT = 200

/** What is typed may hold line ends and more than the server reads. */
export const keywordOf = (text: string): string =>
  text
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, MOST_TEXT)

interface Wanted {
  readonly text: string
  readonly offset: number
  /** Conversations that began no later. */
  readonly to: number
  readonly signal: AbortSignal
}

export const searchPast = async (
  rest: Pick<Rest, 'history'>,
  { text, offset, to, signal }: Wanted,
): Promise<PastPage> => {
  const keyword = keywordOf(text)
  const body = {
    start: { from: to - SPAN_MS, to },
    ...(keyword !== '' && { keyword }),
    contentToRetrieve: ['keywordMatches', 'consumerParticipants'],
  }
  const path = `conversations/search?offset=${offset}&limit=${PAGE}&sort=start:desc`
  const answer = await rest.history<AnswerOnWire<RecordOnWire>>(path, body, signal)
  const { count, shardsStatusResult, searched } = answer._metadata
  const reached = shardsStatusResult.partialResult ? searched?.startedFromL : undefined
  return {
    items: answer.conversationHistoryRecords.map(pastOf),
    count,
    from: reached ?? to - SPAN_MS,
  }
}

interface MessageOnWire {
  readonly type: string
  readonly messageId: string
  readonly seq: number
  readonly dialogId: string
  readonly participantId: string
  readonly sentBy: string
  readonly audience: string
  readonly timeL: number
  readonly messageData: {
    readonly msg?: { readonly text: string }
    readonly file?: object
    readonly secureForm?: { readonly formName?: string }
    readonly richContent?: { readonly content: string }
    readonly quickReplies?: { readonly content: string }
  }
  readonly contextData?: { readonly rawMetadata: string }
}

interface WholeOnWire extends RecordOnWire {
  readonly messageRecords: readonly MessageOnWire[]
  readonly agentParticipants: readonly { readonly agentId: string; readonly agentPid: string }[]
}

const roles: Readonly<Record<string, string>> = { Consumer: 'CONSUMER', System: 'CONTROLLER' }

const eventOn = ({ messageData: data }: MessageOnWire): DialogEvent['event'] => {
  const { msg, file, secureForm, richContent, quickReplies } = data
  if (richContent)
    return { type: 'RichContentEvent', content: JSON.parse(richContent.content) as object }
  return {
    type: 'ContentEvent',
    message: file ?? msg?.text ?? secureForm?.formName ?? '',
    ...(quickReplies && { quickReplies: JSON.parse(quickReplies.content) as object }),
  }
}

/** A message of the history as the event that it was. */
const saidOf =
  (agents: ReadonlyMap<string, string>) =>
  (message: MessageOnWire): DialogEvent => {
    const { participantId, contextData, messageId, seq, dialogId, timeL } = message
    return {
      sequence: seq,
      dialogId,
      eventId: messageId,
      originatorId: agents.get(participantId) ?? participantId,
      originatorMetadata: { role: roles[message.sentBy] ?? 'ASSIGNED_AGENT' },
      serverTimestamp: timeL,
      messageAudience: message.audience,
      event: eventOn(message),
      ...(contextData && { metadata: JSON.parse(contextData.rawMetadata) as object[] }),
    } as unknown as DialogEvent
  }

export interface PastThread {
  readonly past: Past
  readonly said: readonly DialogEvent[]
  /** There is more behind the last message. */
  readonly isPartial: boolean
}

interface Reading {
  readonly after?: string | undefined
  readonly signal: AbortSignal
}

/** Nothing when it is not this agent's to read. */
export const readPast = async (
  rest: Pick<Rest, 'history'>,
  conversationId: string,
  { after, signal }: Reading,
): Promise<PastThread | undefined> => {
  const body = {
    conversationId,
    contentToRetrieve: ['messageRecords', 'agentParticipants', 'consumerParticipants'],
    ...(after !== undefined && { messagesAfter: after }),
  }
  const path = 'conversations/conversation/search'
  const answer = await rest.history<AnswerOnWire<WholeOnWire>>(path, body, signal)
  const [record] = answer.conversationHistoryRecords
  if (!record) return undefined
  const agents = new Map(record.agentParticipants.map((one) => [one.agentId, one.agentPid]))
  return {
    past: pastOf(record),
    said: record.messageRecords.map(saidOf(agents)),
    isPartial: record.info.isPartial,
  }
}

/** A past conversation as those look that are followed, for what draws its messages. */
export const asConversation = ({ id, consumerId, skillId, startedAt }: Past): Conversation => ({
  id,
  dialogId: id,
  consumerId,
  skillId,
  assignedAgentId: undefined,
  suggestedAgentId: undefined,
  managerIds: [],
  ownRole: undefined,
  isOpen: false,
  dueAt: undefined,
  allowedMs: 0,
  startedAt,
  updatedAt: startedAt,
  unread: 0,
  last: undefined,
  language: undefined,
  device: {},
})
