/** What is known of a consumer: engagement attributes, profile and the properties of its client. */
import { type Static, Type } from 'typebox'
import { IdFilter, Maybe, OneOrMany, Opaque } from './lenient.ts'

const text = Maybe(Type.String())

const profileFields = {
  firstName: text,
  lastName: text,
  nickname: text,
  avatarUrl: text,
  role: text,
  backgndImgUri: text,
  description: text,
  privateData: Maybe(
    Type.Object({
      mobileNum: Maybe(IdFilter),
      mail: text,
      email: text,
      pushNotificationData: Maybe(Opaque),
    }),
  ),
}

/** Engagement attributes: `ctmrinfo`, `personal` and whatever else a brand sends. */
export const EngagementAttribute = Type.Object({ type: Type.String() })

/** The part of a profile that its owner may set. */
export const ProfileInput = Type.Object({
  ...profileFields,
  authenticatedData: Maybe(Type.Object({ lp_sdes: Maybe(OneOrMany(EngagementAttribute)) })),
})
export type ProfileInput = Static<typeof ProfileInput>

const sentText = Type.Optional(Type.Unsafe<string | null>({ type: ['string', 'null'] }))
const Attributes = Type.Object({ lp_sdes: Type.Array(EngagementAttribute) })

/** A profile as sent. Lists of attributes never hold null, which an agent SDK cannot read. [REQ13] */
export const Profile = Type.Object({
  userId: Type.String(),
  firstName: sentText,
  lastName: sentText,
  nickname: sentText,
  avatarUrl: sentText,
  role: sentText,
  backgndImgUri: sentText,
  description: sentText,
  acr: Type.Optional(Type.String()),
  privateData: Type.Optional(
    Type.Object({
      mobileNum: sentText,
      mail: sentText,
      email: sentText,
      userId: sentText,
      pushNotificationData: Type.Optional(Opaque),
    }),
  ),
  authenticatedData: Type.Optional(Attributes),
  claims: Type.Optional(
    Type.Object({
      iss: Type.Optional(Type.String()),
      lp_sdes: Type.Optional(Type.Array(EngagementAttribute)),
    }),
  ),
})
export type Profile = Static<typeof Profile>

/** What agents of version 3 get: the attributes alone, each saying who vouches for it. */
export const ProfileAttributes = Type.Array(EngagementAttribute)

/** Client properties as sent. As accepted they are any object: nothing in them refuses a client. */
export const ClientProperties = Type.Object({
  type: Type.Literal('.ClientProperties'),
  appId: Type.Optional(Type.String()),
  appVersion: Type.Optional(Type.String()),
  ipAddress: Type.Optional(Type.String()),
  deviceFamily: Type.Optional(Type.String()),
  os: Type.Optional(Type.String()),
  osVersion: Type.Optional(Type.String()),
  osName: Type.Optional(Type.String()),
  integration: Type.Optional(Type.String()),
  integrationVersion: Type.Optional(Type.String()),
  browser: Type.Optional(Type.String()),
  browserVersion: Type.Optional(Type.String()),
  timeZone: Type.Optional(Type.String()),
  deviceManufacture: Type.Optional(Type.String()),
  deviceModel: Type.Optional(Type.String()),
  features: Type.Optional(Type.Array(Type.String())),
})
export type ClientProperties = Static<typeof ClientProperties>
