/** The envelope around everything that crosses a socket. Bodies are in methods/ and notifications/. */
import { type Static, Type } from 'typebox'
import { Maybe, OneOrMany, Opaque } from './objects/lenient.ts'

export const roles = ['consumer', 'agent'] as const
/** The two sides of the protocol; a socket's path says which one it is. */
export type Role = (typeof roles)[number]

export const versions = [2, 3] as const
/** The dialect a socket speaks; its `v` parameter says which one. */
export type Version = (typeof versions)[number]

/** Values of a frame's `kind`. */
export const kinds = { request: 'req', response: 'resp', notification: 'notification' } as const

/** What every request frame has in common. Only `type` is indispensable. [FRM1] */
export const RequestFrame = Type.Object({
  kind: Maybe(Type.String()),
  id: Maybe(Type.Unsafe<string | number>({ type: ['string', 'number'] })),
  type: Type.String({ minLength: 1 }),
  body: Type.Optional(Type.Unknown()),
  /** Read by InitConnection alone; other senders put anything here. [FRM7] */
  headers: Type.Optional(Type.Unknown()),
  metadata: Maybe(OneOrMany(Opaque)),
  encodedMetadata: Maybe(Type.String()),
})
/** A frame as JSON.parse gives it, after `validateFrame` found nothing wrong. */
export type RequestFrame = Static<typeof RequestFrame>

/** [FRM3] [FRM5] */
export const ResponseFrame = Type.Object({
  kind: Type.Literal(kinds.response),
  reqId: Type.String(),
  code: Type.Integer({ minimum: 200, maximum: 599 }),
  type: Type.String({ minLength: 1 }),
  body: Type.Unsafe<object | string>({ type: ['object', 'array', 'string'] }),
})
export type ResponseFrame = Static<typeof ResponseFrame>

export const NotificationFrame = Type.Object({
  kind: Type.Literal(kinds.notification),
  type: Type.String({ minLength: 1 }),
  body: Opaque,
})
export type NotificationFrame = Static<typeof NotificationFrame>

const JWT_LENGTH = 16 * 1024

/** One entry of InitConnection's `headers`. [REQ2] */
export const InitHeader = Type.Object(
  {
    type: Type.String({ minLength: 1 }),
    jwt: Maybe(Type.String({ maxLength: JWT_LENGTH })),
  },
  {
    if: {
      properties: { type: { pattern: '^\\.?(ams\\.)?headers\\.ConsumerAuthentication$' } },
      required: ['type'],
    },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { required: ['jwt'], properties: { jwt: { type: 'string', minLength: 1 } } },
  },
)
export type InitHeader = Static<typeof InitHeader>

/** InitConnection's `headers`, which stand beside the body and not in it. */
export const InitHeaders = OneOrMany(InitHeader)
export type InitHeaders = Static<typeof InitHeaders>

/** What a header of InitConnection is about; its type may come without `.` and `ams.`. */
export const findHeader = (
  wireType: string,
): 'consumerAuthentication' | 'clientProperties' | undefined => {
  const name = wireType.replace(/^\.?(ams\.)?/, '')
  if (name === 'headers.ConsumerAuthentication') return 'consumerAuthentication'
  return name === 'headers.ClientProperties' ? 'clientProperties' : undefined
}
