/**
 * A body for every request there is, with a place for every kind of id. A request without one fails
 * the test: whoever adds a request says here what of others its body can name.
 */
import type { MethodName } from '@ringdown/protocol'

/** One id of each kind that a request can name. */
export interface NamedIds {
  readonly accountId: string
  readonly conversationId: string
  readonly dialogId: string
  readonly consumerId: string
  /** Public id. */
  readonly agentId: string
  /** `<account>.<user id>`. */
  readonly oldAgentId: string
  readonly ringId: string
  readonly skillId: string
  readonly subscriptionId: string
  readonly filePath: string
}

type Bodies = (ids: NamedIds) => readonly unknown[]

const text = (message: string) => ({ type: 'ContentEvent', contentType: 'text/plain', message })

const receipt = (status: string) => ({ type: 'AcceptStatusEvent', status, sequenceList: [0] })

const filters = (ids: NamedIds) => [
  { brandId: ids.accountId },
  { consumerId: ids.consumerId },
  { conversationId: ids.conversationId },
  { dialogId: ids.dialogId },
  { agentIds: [ids.agentId, ids.oldAgentId] },
  { convState: ['OPEN', 'CLOSE'], consumerId: ids.consumerId, agentIds: [ids.agentId] },
]

const opening = (ids: NamedIds) => [
  { brandId: ids.accountId, consumerId: ids.consumerId },
  { skillId: ids.skillId, consumerId: ids.consumerId },
  {
    consumerId: ids.consumerId,
    conversationContext: {
      type: 'ProactiveContext',
      originConversationId: ids.conversationId,
      visitorId: ids.consumerId,
    },
  },
]

const participants = (ids: NamedIds): readonly object[] =>
  ['ADD', 'REMOVE', 'UPDATE', 'SUGGEST'].flatMap((type) =>
    ['ASSIGNED_AGENT', 'AGENT', 'MANAGER', 'READER', 'CONTROLLER'].flatMap((role) =>
      [undefined, ids.agentId, ids.oldAgentId].flatMap((userId) =>
        [undefined, ids.dialogId].map((dialogId) => ({
          field: 'ParticipantsChange',
          type,
          role,
          userId,
          dialogId,
        })),
      ),
    ),
  )

const changes = (ids: NamedIds): readonly object[] => [
  ...participants(ids),
  { field: 'ConversationStateField', conversationState: 'CLOSE' },
  { field: 'Stage', conversationState: 'CLOSE' },
  {
    field: 'DialogChange',
    type: 'UPDATE',
    dialogId: ids.dialogId,
    dialog: { dialogId: ids.dialogId, state: 'CLOSE', closedCause: 'x' },
  },
  {
    field: 'DialogChange',
    type: 'CREATE',
    dialog: { dialogId: ids.dialogId, channelType: 'COBROWSE', dialogType: 'OTHER' },
  },
  { field: 'DialogChange', type: 'UPDATE', dialog: { dialogId: ids.dialogId, metaData: { a: 1 } } },
  { field: 'TTRField', ttrType: 'URGENT', value: 5 },
  { field: 'CSATRate', status: 'FILLED', csatRate: 1 },
  { field: 'Skill', type: 'UPDATE', skill: ids.skillId },
  { field: 'ManualETTR', time: 5 },
  { field: 'DelayField', type: 'NIGHT', tillWhen: 5 },
  { field: 'Note', note: 'x' },
  { field: 'TopicField', topic: 'x' },
]

const dialog = (ids: NamedIds) => [
  { dialogId: ids.dialogId },
  { dialogId: ids.dialogId, conversationId: ids.conversationId },
  { dialogId: ids.dialogId, fromSeq: 0, newerThanSequence: 0 },
]

const routing = (ids: NamedIds) => [
  { brandId: ids.accountId },
  { agentId: ids.agentId },
  { agentId: ids.oldAgentId },
  { skillId: ids.skillId },
  { conversationId: ids.conversationId },
]

const withSubscription = (ids: NamedIds, bodies: readonly object[]): readonly object[] =>
  bodies.map((body) => ({ ...body, subscriptionId: ids.subscriptionId }))

export const bodies: Readonly<Record<MethodName, Bodies>> = {
  initConnection: (ids) => [{ brandId: ids.accountId, consumerId: ids.consumerId }],
  getClock: () => [{}],
  keepAlive: () => [{}],
  requestConversation: opening,
  agentRequestConversation: opening,
  updateConversationField: (ids) =>
    changes(ids).map((conversationField) => ({
      conversationId: ids.conversationId,
      conversationField: [conversationField],
    })),
  publishEvent: (ids) => [
    { dialogId: ids.dialogId, event: text('x') },
    { dialogId: ids.dialogId, conversationId: ids.conversationId, event: text('x') },
    { conversationId: ids.conversationId, event: text('x') },
    { dialogId: ids.dialogId, event: text('x'), messageAudience: 'AGENTS_AND_MANAGERS' },
    { dialogId: ids.dialogId, event: receipt('READ') },
    { dialogId: ids.dialogId, event: receipt('ACTION') },
    { dialogId: ids.dialogId, event: { type: 'ChatStateEvent', chatState: 'COMPOSING' } },
    { dialogId: ids.dialogId, event: text('x'), ringdown: { lastSeenSequence: 0 } },
    {
      dialogId: ids.dialogId,
      event: {
        type: 'ContentEvent',
        contentType: 'hosted/file',
        message: { relativePath: ids.filePath, fileType: 'JPEG', caption: 'x' },
      },
    },
  ],
  subscribeMessagingEvents: dialog,
  unsubscribeMessagingEvents: dialog,
  queryMessages: dialog,
  subscribeConversations: filters,
  updateConversationSubscription: (ids) => withSubscription(ids, filters(ids)),
  unsubscribeConversations: (ids) => withSubscription(ids, [{}]),
  generateUploadUrl: () => [{ fileSize: 10, fileType: 'JPEG' }],
  generateDownloadUrl: (ids) => [
    { relativePath: ids.filePath },
    { relativePath: ids.filePath, dialogId: ids.dialogId },
  ],
  generateUploadToken: (ids) => [
    {
      uploadable: {
        type: 'SecureForm',
        formId: '1',
        invitationId: ids.conversationId,
        dialogId: ids.dialogId,
      },
    },
  ],
  generateDownloadToken: (ids) => [
    {
      downloadable: {
        type: 'SecureForm',
        dialogId: ids.dialogId,
        submissionId: ids.conversationId,
      },
    },
    { downloadable: { type: 'HostedFile', relativePath: ids.filePath } },
  ],
  getUserProfile: (ids) => [
    ids.consumerId,
    { userId: ids.consumerId },
    ids.agentId,
    ids.oldAgentId,
    { userId: ids.oldAgentId },
  ],
  setUserProfile: (ids) => [
    { userId: ids.consumerId, firstName: 'x' },
    { userId: ids.oldAgentId, nickName: 'x' },
  ],
  setAgentState: (ids) => [{ availability: 'AWAY', agentUserId: ids.oldAgentId }],
  subscribeAgentStates: routing,
  subscribeRoutingTasks: routing,
  updateRoutingTaskSubscription: (ids) => withSubscription(ids, routing(ids)),
  updateRingState: (ids) => [
    { ringId: ids.ringId, ringState: 'ACCEPTED' },
    { ringId: ids.ringId, ringState: 'REJECTED' },
  ],
  brandProfile: (ids) => [{ brandId: ids.accountId }],
}
