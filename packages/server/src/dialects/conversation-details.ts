/** The full snapshot of a conversation as one role and version sees it. */
import type { Role, Version } from '@ringdown/protocol'
import type { Conversation, Dialog, Participant } from '../domain/conversation.ts'
import { activeParticipants, dialogParticipants, participantMap } from './participants.ts'
import {
  byOldId,
  byPublicId,
  channelNames,
  closeReasonNames,
  coBrowseStateNames,
  dialogTypeNames,
  type NamePerson,
  openStateNames,
  roleNames,
  ttrTypeNames,
} from './wire-terms.ts'

interface View {
  readonly role: Role
  readonly version: Version
}

type WireObject = Record<string, unknown>

export const namePersonFor = ({ version }: View): NamePerson =>
  version === 2 ? byOldId : byPublicId

/** The session as both clients of it know it; `expires` is in seconds. [DLG13] */
const sessionDetails = ({ id, coBrowse }: Dialog): WireObject =>
  coBrowse
    ? {
        serviceId: coBrowse.serviceId,
        mode: coBrowse.mode,
        expires: coBrowse.expiresAt / 1000,
        sessionState: coBrowseStateNames[coBrowse.state],
        dialogId: id,
      }
    : {}

/** What agents attach to a dialog is theirs; a consumer's client needs it for surveys and co-browsing. */
const dialogMetadata = (dialog: Dialog, { role }: View): WireObject => {
  const { metadata, type, channel, appId } = dialog
  const app = appId === undefined ? {} : { appInstallId: appId }
  if (type === 'post_survey') return { metaData: { ...metadata, ...app } }
  if (channel === 'cobrowse') return { metaData: { ...metadata, ...sessionDetails(dialog) } }
  return metadata !== undefined && role === 'agent' ? { metaData: metadata } : {}
}

const dialogDetails = (
  conversation: Conversation,
  dialog: Dialog,
  { view, active }: { view: View; active: readonly Participant[] },
): WireObject => {
  const name = namePersonFor(view)
  const participants = dialogParticipants(dialog, active)
  return {
    dialogId: dialog.id,
    participantsDetails: participants.map((one) => ({
      id: name(conversation.accountId, one),
      role: roleNames[one.role],
      state: one.state === 'active' ? 'ACTIVE' : 'SUGGESTED',
    })),
    ...(dialog.channel === 'cobrowse' && {
      participants: participants.map((one) => byOldId(conversation.accountId, one)),
    }),
    dialogType: dialogTypeNames[dialog.type],
    channelType: channelNames[dialog.channel],
    ...dialogMetadata(dialog, view),
    state: openStateNames[dialog.state],
    creationTs: dialog.createdAt,
    metaDataLastUpdateTs: dialog.updatedAt,
    ...(dialog.endedAt !== undefined && { endTs: dialog.endedAt }),
    ...(dialog.closedBy && { closedBy: closeReasonNames[dialog.closedBy] }),
    ...(dialog.closedCause !== undefined && { closedCause: dialog.closedCause }),
  }
}

/** Main dialog first, but newest first for version 2 agents. [CV21] */
const inOrder = ({ dialogs }: Conversation, { role, version }: View): readonly Dialog[] =>
  role === 'agent' && version === 2 ? dialogs.toReversed() : dialogs

/** Version 2 has two maps; version 3 an array, and for consumers the map of public ids too. [CV22] */
const participantLists = (
  conversation: Conversation,
  active: readonly Participant[],
  { role, version }: View,
): WireObject => {
  const participantsPId = participantMap(conversation, active, byPublicId)
  if (version === 2) {
    return { participants: participantMap(conversation, active, byOldId), participantsPId }
  }
  const participants = active.map(({ id, role }) => ({ id, role: roleNames[role] }))
  return role === 'consumer' ? { participants, participantsPId } : { participants }
}

const outcome = (conversation: Conversation): WireObject => {
  const { closeReason, endedAt, manualEttr, delay, csat, campaign } = conversation
  return {
    ...(endedAt !== undefined && { endTs: endedAt }),
    ...(closeReason && { closeReason: closeReasonNames[closeReason] }),
    ...(manualEttr !== undefined && { manualETTR: manualEttr }),
    ...(delay && { delay: { type: delay.type, tillWhen: delay.until } }),
    ...(csat && {
      csat: {
        field: 'CSATRate',
        csatRate: csat.rate,
        csatResolutionConfirmation: csat.resolutionConfirmed,
        status: csat.status,
      },
    }),
    ...(campaign && {
      campaignInfo: { campaignId: campaign.campaignId, engagementId: campaign.engagementId },
    }),
  }
}

const NO_PROPERTIES = { type: '.ClientProperties' }

/** Notes never reach a consumer; agents' sample bots read the context unasked. [CV23] */
const roleOnly = (conversation: Conversation, { role, version }: View): WireObject => {
  const { context, note, topic, id, csat } = conversation
  if (role === 'consumer') return context ? { context } : {}
  const shown = { type: 'CustomContext', clientProperties: NO_PROPERTIES, ...context }
  return version === 2
    ? { context: shown, convId: id, groupId: null, csatRate: csat?.rate ?? 0, note: note ?? '' }
    : { context: shown, ...(note && { note }), ...(topic && { topic }) }
}

/** `conversationDetails`, complete whether the conversation appears, changes or goes. [CV24] */
export const conversationDetails = (conversation: Conversation, view: View): WireObject => {
  const active = activeParticipants(conversation)
  return {
    skillId: conversation.skillId,
    brandId: conversation.accountId,
    ...participantLists(conversation, active, view),
    dialogs: inOrder(conversation, view).map((dialog) =>
      dialogDetails(conversation, dialog, { view, active }),
    ),
    state: openStateNames[conversation.state],
    stage: openStateNames[conversation.stage],
    startTs: conversation.startedAt,
    metaDataLastUpdateTs: conversation.updatedAt,
    firstConversation: conversation.isFirst,
    ttr: { ttrType: ttrTypeNames[conversation.ttr.type], value: conversation.ttr.seconds },
    ...outcome(conversation),
    conversationHandlerDetails: {
      accountId: conversation.accountId,
      skillId: conversation.skillId,
    },
    ...roleOnly(conversation, view),
  }
}
