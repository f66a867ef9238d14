import { brandPublicKey } from '../../auth/key-material.ts'
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

const connector = fields({
  id: required(text({ max: 64, pattern: /^[\w-]+$/ })),
  name: required(text()),
  type: required(oneOf(['unauthenticated', 'brand'])),
  enabled: required(flag),
})

const origin = text({ pattern: /^https?:\/\/[^\s/]+$/ })

/** Any of an account's settings. */
const settingsShape = {
  ttr: optional(ttrChange),
  ttrCountsFrom: optional(oneOf(['latest', 'first'])),
  maxOpenConversations: optional(integer(0, 1_000_000)),
  defaultCapacity: optional(integer(0, 10_000)),
  ringExpirationMs: optional(integer(1_000, 86_400_000)),
  allowedOrigins: optional(listOf(origin)),
  brandKeys: optional(listOf(brandKey)),
  brandIssuer: optional(text({ min: 0 })),
  refuseTokenReplay: optional(flag),
  requireEncryptedTokens: optional(flag),
  anonymousRefreshHours: optional(integer(0, 100_000)),
  connectors: optional(listOf(connector)),
  implicitDelivery: optional(flag),
}

export const settingsChange = fields(settingsShape)
export type SettingsChange = Fields<typeof settingsShape>
