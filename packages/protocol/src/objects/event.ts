/** What is said or done in a dialog: as accepted from a publisher, and as sent to readers. */
import { type Static, Type } from 'typebox'
import { IdLike, Maybe, NaturalLike, OneOf, OneOrMany, Opaque, Tagged } from './lenient.ts'

const chatStates = ['ACTIVE', 'INACTIVE', 'GONE', 'COMPOSING', 'PAUSE', 'BACKGROUND'] as const
const receiptStatuses = [
  'ACCEPT',
  'READ',
  'ACCESS',
  'NACK',
  'ACTION',
  'SUBMITTED',
  'VIEWED',
  'ABORTED',
  'ERROR',
  'ENRICH',
] as const

const Text = Type.String({ minLength: 1 })

/** An event's id in its publisher's words; the key by which a resend is recognised. */
export const ClientEventId = Type.Unsafe<string | number>({ ...IdLike, maxLength: 256 })

/** The message of a shared file. */
export const HostedFile = Type.Object({
  caption: Maybe(Type.String()),
  relativePath: Type.String({ minLength: 1 }),
  fileType: Maybe(Type.String()),
  preview: Maybe(Type.String()),
})
export type HostedFile = Static<typeof HostedFile>

/** Any content type is carried; texts are strings and files have a path. [REQ9] */
const ContentEventInput = Type.Object(
  {
    type: Type.Literal('ContentEvent'),
    contentType: Type.String({ minLength: 1 }),
    message: Type.Unsafe<string | Record<string, unknown>>({ type: ['string', 'object'] }),
    quickReplies: Maybe(Opaque),
    eventId: Maybe(ClientEventId),
  },
  {
    if: {
      properties: { contentType: { enum: ['hosted/file', 'HostedFile'] } },
      required: ['contentType'],
    },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { properties: { message: HostedFile } },
    else: {
      if: { properties: { contentType: { pattern: '^text/' } }, required: ['contentType'] },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: { properties: { message: Text } },
      else: { properties: { message: { minLength: 1 } } },
    },
  },
)

/** Structured content: an object, or its JSON as a string. */
const Content = Type.Unsafe<Record<string, unknown> | string>({
  type: ['object', 'string'],
  minLength: 2,
})

const richContentFields = {
  content: Maybe(Content),
  /** Spellings of `content` in older guides. */
  message: Maybe(Content),
  Content: Maybe(Content),
  quickReplies: Maybe(Opaque),
  eventId: Maybe(ClientEventId),
}
const richContentRule = {
  if: { anyOf: [{ required: ['message'] }, { required: ['Content'] }] },
  else: { required: ['content'], properties: { content: Content } },
}
const RichContentEventInput = Type.Object(
  { type: Type.Literal('RichContentEvent'), ...richContentFields },
  richContentRule,
)
const RichContentInput = Type.Object(
  { type: Type.Literal('RichContent'), ...richContentFields },
  richContentRule,
)

const AcceptStatusEventInput = Type.Object({
  type: Type.Literal('AcceptStatusEvent'),
  status: OneOf(receiptStatuses),
  sequenceList: OneOrMany(NaturalLike, { minItems: 1, maxItems: 10_000 }),
  eventId: Maybe(ClientEventId),
})

/** Lower case is accepted too. */
const ChatStateEventInput = Type.Object({
  type: Type.Literal('ChatStateEvent'),
  chatState: OneOf([
    ...chatStates,
    'active',
    'inactive',
    'gone',
    'composing',
    'pause',
    'background',
  ] as const),
})

/** An event as a client may publish it. */
export const EventInput = Tagged('type', [
  ContentEventInput,
  RichContentEventInput,
  AcceptStatusEventInput,
  ChatStateEventInput,
  RichContentInput,
])
export type EventInput = Static<typeof EventInput>

/** An event as readers get it: spellings unified, lists as lists. [REQ9] */
export const Event = Tagged('type', [
  Type.Object({
    type: Type.Literal('ContentEvent'),
    contentType: Type.String(),
    message: Type.Unsafe<string | Record<string, unknown>>({ type: ['string', 'object'] }),
    quickReplies: Type.Optional(Opaque),
  }),
  Type.Object({
    type: Type.Literal('RichContentEvent'),
    content: Opaque,
    quickReplies: Type.Optional(Opaque),
  }),
  Type.Object({
    type: Type.Literal('AcceptStatusEvent'),
    status: OneOf(receiptStatuses),
    sequenceList: Type.Array(Type.Integer({ minimum: 0 })),
  }),
  Type.Object({ type: Type.Literal('ChatStateEvent'), chatState: OneOf(chatStates) }),
])
export type Event = Static<typeof Event>

/** Who an event is for. */
export const MessageAudience = OneOf(['ALL', 'AGENTS_AND_MANAGERS'])
