/** A conversation as a record of the history. [HIS6] */
import type { Agent } from '../../domain/account.ts'
import {
  assignedAgent,
  type Conversation,
  mainDialog,
  type ParticipantRole,
} from '../../domain/conversation.ts'
import { scoreOf } from '../../domain/score.ts'
import type { HistoryRecord, PastParticipant } from '../../store/store.ts'
import { clientFacts } from './client-facts.ts'
import { type Directory, groupNames, skillNames, times, UNKNOWN } from './names.ts'
import type { WireObject } from './wire-object.ts'

const openStates = { open: 'OPEN', closed: 'CLOSE' } as const
const closeReasons = {
  consumer: 'CONSUMER',
  agent: 'AGENT',
  system: 'SYSTEM',
  timeout: 'TIMEOUT',
} as const
const dialogTypes = { main: 'MAIN', post_survey: 'POST_SURVEY', other: 'OTHER' } as const

/** Who is assigned, or was last. */
const latestAgent = ({ conversation, agents }: HistoryRecord): string | undefined =>
  assignedAgent(conversation)?.id ??
  agents.findLast(({ role, state }) => role === 'assigned_agent' && state === 'active')?.id

const latestAgentOf = (record: HistoryRecord, directory: Directory): WireObject => {
  const id = latestAgent(record)
  const agent = id === undefined ? undefined : directory.agents.get(id)
  const userId = agent?.userId ?? record.agents.find((one) => one.id === id)?.userId
  return {
    latestAgentId: userId ?? UNKNOWN,
    latestAgentLoginName: agent?.loginName ?? UNKNOWN,
    latestAgentNickname: agent?.nickname ?? UNKNOWN,
    latestAgentFullName: agent?.fullName ?? UNKNOWN,
    agentDeleted: id !== undefined && agent === undefined,
    latestAgentGroupId: groupNames(directory, agent).agentGroupId,
    latestAgentGroupName: groupNames(directory, agent).agentGroupName,
  }
}

const csatOf = ({ csat }: Conversation): WireObject =>
  csat?.rate === undefined ? {} : { csat: csat.rate, csatRate: csat.rate }

const stageEnd = ({ stage, dialogs }: Conversation): number | undefined =>
  stage === 'open' ? undefined : Math.max(...dialogs.map(({ endedAt = 0 }) => endedAt))

interface Shown {
  readonly directory: Directory
  readonly isPartial: boolean
  readonly now: number
}

export const infoOf = (record: HistoryRecord, { directory, isPartial, now }: Shown): WireObject => {
  const { conversation } = record
  const { startedAt, closeReason, skillId } = conversation
  const skill = skillNames(directory, skillId)
  const lastEnd = stageEnd(conversation)
  return {
    ...times('startTime', startedAt),
    ...times('endTime', lastEnd),
    ...times('conversationEndTime', mainDialog(conversation).endedAt),
    ...times('fullDialogEndTime', lastEnd),
    duration: (lastEnd ?? now) - startedAt,
    conversationId: conversation.id,
    brandId: conversation.accountId,
    status: openStates[conversation.state],
    fullDialogStatus: openStates[conversation.stage],
    ...latestAgentOf(record, directory),
    latestSkillId: skill.id,
    latestSkillName: skill.name,
    source: 'APP',
    ...(closeReason && { closeReason: closeReasons[closeReason] }),
    closeReasonDescription: mainDialog(conversation).closedCause ?? UNKNOWN,
    mcs: scoreOf(conversation, latestAgent(record) !== undefined),
    alertedMCS: 0,
    firstConversation: conversation.isFirst,
    ...csatOf(conversation),
    ...clientFacts(conversation),
    latestQueueState: assignedAgent(conversation) ? 'ACTIVE' : 'IN_QUEUE',
    isPartial,
  }
}

const roleNames: Readonly<Partial<Record<ParticipantRole, string>>> = {
  assigned_agent: 'ASSIGNED_AGENT',
  agent: 'AGENT',
  manager: 'AGENT_MANAGER',
  reader: 'READER',
}

const userType = (agent: Agent | undefined) =>
  agent?.isBot ? { userType: '2', userTypeName: 'Bot' } : { userType: '1', userTypeName: 'Human' }

const agentNames = (agent: Agent | undefined) => ({
  agentFullName: agent?.fullName ?? UNKNOWN,
  agentLoginName: agent?.loginName ?? UNKNOWN,
  agentNickname: agent?.nickname ?? UNKNOWN,
})

const agentParticipant = (
  { id, userId, role, state, dialogId }: PastParticipant,
  directory: Directory,
  startedAt: number,
): WireObject => {
  const agent = directory.agents.get(id)
  const isPlain = agent?.roles.every((one) => one === 'agent') ?? true
  const permission = roleNames[role]
  return {
    agentId: userId ?? UNKNOWN,
    agentPid: id,
    ...agentNames(agent),
    agentDeleted: agent === undefined,
    ...userType(agent),
    role: isPlain ? 'AGENT' : 'AGENT_MANAGER',
    ...groupNames(directory, agent),
    permission: state === 'suggested' ? `SUGGESTED_${permission}` : permission,
    // When somebody joined is not kept; the beginning of the conversation stands for it.
    ...times('time', startedAt),
    dialogId,
  }
}

export const participantsOf = (
  { conversation, agents }: HistoryRecord,
  directory: Directory,
): WireObject => {
  const { startedAt, consumerId } = conversation
  const shown = (some: readonly PastParticipant[]) =>
    some
      .filter(({ role }) => roleNames[role] !== undefined)
      .map((one) => agentParticipant(one, directory, startedAt))
  return {
    agentParticipants: shown(agents),
    agentParticipantsActive: shown(agents.filter(({ leftAt }) => leftAt === undefined)),
    agentParticipantsLeave: shown(agents.filter(({ leftAt }) => leftAt !== undefined)),
    consumerParticipants: conversation.dialogs.map(({ id: dialogId, createdAt }) => ({
      participantId: consumerId,
      firstName: UNKNOWN,
      lastName: UNKNOWN,
      consumerName: UNKNOWN,
      email: UNKNOWN,
      phone: '0',
      token: UNKNOWN,
      avatarURL: UNKNOWN,
      ...times('time', createdAt),
      ...times('joinTime', createdAt),
      dialogId,
    })),
  }
}

export const dialogsOf = (
  { dialogs, skillId }: Conversation,
  directory: Directory,
): WireObject => ({
  dialogs: dialogs.map((dialog) => ({
    dialogId: dialog.id,
    status: openStates[dialog.state],
    dialogType: dialogTypes[dialog.type],
    dialogChannelType: dialog.channel === 'cobrowse' ? 'COBROWSE' : 'MESSAGING',
    ...times('startTime', dialog.createdAt),
    ...times('endTime', dialog.endedAt),
    ...(dialog.closedBy && { closeReason: closeReasons[dialog.closedBy] }),
    closeReasonDescription: dialog.closedCause ?? UNKNOWN,
    skillId: Number(skillId),
    skillName: skillNames(directory, skillId).name,
  })),
})
