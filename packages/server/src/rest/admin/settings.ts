import { brandPublicKey } from '../../auth/key-material.ts'
import { bareCertificate } from '../../auth/saml-certificates.ts'
import { declarableTypes } from '../../files/file-types.ts'
import {
  type Fields,
  fields,
  flag,
  integer,
  listOf,
  oneOf,
  optional,
  type Reader,
  refuseField,
  required,
  text,
} from './fields.ts'

const MAX_KEY_BYTES = 4096
/** Each is held in memory for a moment. */
const MAX_FILE_BYTES = 25 * 1024 * 1024
const MAX_CERTIFICATE_LENGTH = 16_384
const seconds = integer(1, 31_536_000)

/** Seconds to respond per kind, any of them. */
export const ttrChange = fields({
  urgent: optional(seconds),
  prioritized: optional(seconds),
  normal: optional(seconds),
  custom: optional(seconds),
})

/** A public key as it is printed anywhere: with or without PEM armour and line ends. */
const publicKey: Reader<string> = (value, at) => {
  if (typeof value !== 'string' || value.length > MAX_KEY_BYTES)
    return refuseField(at, `must be text of at most ${MAX_KEY_BYTES} characters`)
  const bare = value.replace(/-----(?:BEGIN|END) PUBLIC KEY-----/g, '').replace(/\s/g, '')
  return brandPublicKey(bare)
    ? bare
    : refuseField(at, 'must be an RSA public key of at least 2048 bits in base64')
}

const brandKey = fields({ kid: optional(text()), publicKey: required(publicKey) })

const certificate: Reader<string> = (value, at) => {
  if (typeof value !== 'string' || value.length > MAX_CERTIFICATE_LENGTH)
    return refuseField(at, `must be text of at most ${MAX_CERTIFICATE_LENGTH} characters`)
  return (
    bareCertificate(value) ??
    refuseField(at, 'must be a certificate of an RSA key of at least 2048 bits, PEM or base64')
  )
}

const samlIdentityProvider = fields({
  entityId: required(text({ max: 1024 })),
  certificate: required(certificate),
  audience: optional(text({ max: 1024 })),
  recipient: optional(text({ max: 1024 })),
})

const connector = fields({
  id: required(text({ max: 64, pattern: /^[\w-]+$/ })),
  name: required(text()),
  type: required(oneOf(['unauthenticated', 'brand'])),
  enabled: required(flag),
})

const origin = text({ pattern: /^https?:\/\/[^\s/]+$/ })

const imageHost = text({ max: 253, pattern: /^(?:\*\.)?[a-z0-9.-]+$/ })

/** What may be shared, any of it. [FIL14] */
export const fileSharingChange = fields({
  consumers: optional(flag),
  agents: optional(flag),
  maxFileBytes: optional(integer(1, MAX_FILE_BYTES)),
  fileTypes: optional(listOf(oneOf(declarableTypes))),
  uploadsPerHour: optional(integer(0, 1_000_000)),
  storageBytes: optional(integer(0, Number.MAX_SAFE_INTEGER)),
})

/** Any of an account's settings. */
const settingsShape = {
  ttr: optional(ttrChange),
  ttrCountsFrom: optional(oneOf(['latest', 'first'])),
  maxOpenConversations: optional(integer(0, 1_000_000)),
  defaultCapacity: optional(integer(0, 10_000)),
  ringExpirationMs: optional(integer(1_000, 86_400_000)),
  autoAccept: optional(flag),
  transferToAgentMaxWaitSeconds: optional(integer(1, 1_814_400)),
  allowedOrigins: optional(listOf(origin)),
  brandKeys: optional(listOf(brandKey)),
  brandIssuer: optional(text({ min: 0 })),
  refuseTokenReplay: optional(flag),
  requireEncryptedTokens: optional(flag),
  anonymousRefreshHours: optional(integer(0, 100_000)),
  connectors: optional(listOf(connector)),
  implicitDelivery: optional(flag),
  fileSharing: optional(fileSharingChange),
  surveyAppId: optional(text({ min: 0, max: 64 })),
  autoCloseSeconds: optional(integer(0, 315_360_000)),
  takeBackAfterMs: optional(integer(0, 31_536_000_000)),
  botAnswerSeconds: optional(integer(0, 86_400)),
  botMaxMessagesInRow: optional(integer(0, 1_000)),
  surveyTimeoutSeconds: optional(integer(1, 31_536_000)),
  sharedAppIds: optional(listOf(text({ max: 64 }))),
  imageHosts: optional(listOf(imageHost)),
  samlIdentityProviders: optional(listOf(samlIdentityProvider)),
  profileUserIdForAll: optional(flag),
}

export const settingsChange = fields(settingsShape)
export type SettingsChange = Fields<typeof settingsShape>
