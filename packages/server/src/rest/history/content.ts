/** Which parts of a record were asked for. What this release does not keep is there, and empty. [HIS8] */
import type { AccountSettings } from '../../domain/account.ts'
import { effectiveTtr } from '../../domain/ttr.ts'
import type { HistoryRecord } from '../../store/store.ts'
import type { JsonObject } from '../raw-body.ts'
import type { RestParts } from '../rest-parts.ts'
import { textsIn } from './filters.ts'
import type { WordMatch } from './keyword.ts'
import { type Place, type Room, readTranscript } from './messages.ts'
import { type Directory, times } from './names.ts'
import { dialogsOf, infoOf, participantsOf } from './record.ts'

const byDefault = [
  'campaign',
  'messageRecords',
  'agentParticipants',
  'agentParticipantsLeave',
  'agentParticipantsActive',
  'consumerParticipants',
  'transfers',
  'interactions',
  'messageScores',
  'messageStatuses',
  'conversationSurveys',
  'coBrowseSessions',
  'summary',
  'sdes',
] as const

const names = new Map(
  [...byDefault, 'unAuthSdes', 'monitoring', 'dialogs', 'responseTime', 'skillChanges', 'intents']
    .concat([
      'uniqueIntents',
      'latestAgentSurvey',
      'previouslySubmittedAgentSurveys',
      'keywordMatches',
    ])
    .map((name) => [name.toLowerCase(), name]),
)

/** The parts that are wanted: all the usual ones unless a list says which. */
export const wantedContent = (body: JsonObject): ReadonlySet<string> => {
  if (!Array.isArray(body['contentToRetrieve'])) return new Set(byDefault)
  const given = textsIn(body, 'contentToRetrieve') ?? []
  return new Set(given.flatMap((name) => names.get(name.toLowerCase()) ?? []))
}

/** What is not kept. */
const nothing = {
  transfers: [],
  messageScores: [],
  conversationSurveys: [],
  coBrowseSessions: { coBrowseSessionsList: [] },
  sdes: { events: [] },
  unAuthSdes: { events: [] },
  monitoring: {},
  skillChanges: [],
  intents: [],
  uniqueIntents: [],
  latestAgentSurvey: {},
  previouslySubmittedAgentSurveys: [],
} as const

const campaignOf = ({ conversation: { campaign } }: HistoryRecord) =>
  campaign
    ? {
        campaignId: String(campaign.campaignId),
        campaignEngagementId: String(campaign.engagementId),
      }
    : {}

const summaryOf = ({ conversation: { note, updatedAt } }: HistoryRecord) =>
  note === undefined ? {} : { text: note, lastUpdatedTime: updatedAt }

const interactionsOf = ({ agents, conversation }: HistoryRecord, directory: Directory) =>
  agents
    .filter(({ role, state }) => role === 'assigned_agent' && state === 'active')
    .map(({ id, userId, dialogId }, index) => {
      const agent = directory.agents.get(id)
      return {
        assignedAgentId: userId ?? id,
        assignedAgentFullName: agent?.fullName,
        assignedAgentLoginName: agent?.loginName,
        assignedAgentNickname: agent?.nickname,
        ...times('interactionTime', conversation.startedAt),
        interactiveSequence: index + 1,
        dialogId,
      }
    })

/** When an agent should have answered, as agents are told it. [HIS27] */
const responseTimeOf = (
  { conversation }: HistoryRecord,
  { ttrCountsFrom }: Pick<AccountSettings, 'ttrCountsFrom'>,
) => ({
  latestEffectiveResponseDueTime: effectiveTtr(conversation, { ttrCountsFrom }),
  configuredResponseTime: conversation.ttr.seconds,
})

interface Wish {
  readonly wanted: ReadonlySet<string>
  readonly directory: Directory
  readonly settings: Pick<AccountSettings, 'ttrCountsFrom'>
  /** One record alone comes with all of its messages, or those behind one of them. */
  readonly isWhole: boolean
  readonly after?: Place
  readonly room: Room
  /** What a search for words found in it. */
  readonly matches?: readonly WordMatch[]
}

export const shownRecord = async (
  parts: Pick<RestParts, 'store' | 'clock'>,
  record: HistoryRecord,
  { wanted, directory, settings, matches = [], ...reading }: Wish,
): Promise<object> => {
  const { conversation } = record
  const wantsEvents = wanted.has('messageRecords') || wanted.has('messageStatuses')
  const transcript = wantsEvents
    ? await readTranscript(parts, conversation, reading)
    : { messageRecords: [], messageStatuses: [], isPartial: false }
  const { isPartial, ...events } = transcript
  const all: Readonly<Record<string, unknown>> = {
    ...nothing,
    ...events,
    keywordMatches: matches,
    ...participantsOf(record, directory),
    ...dialogsOf(conversation, directory),
    campaign: campaignOf(record),
    summary: summaryOf(record),
    interactions: interactionsOf(record, directory),
    responseTime: responseTimeOf(record, settings),
  }
  const kept = Object.entries(all).filter(([name]) => wanted.has(name))
  const now = parts.clock.now()
  return { info: infoOf(record, { directory, isPartial, now }), ...Object.fromEntries(kept) }
}
