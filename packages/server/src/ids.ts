import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { AccountId, AgentId, UserId } from '@ringdown/protocol'

/** Randomness as a port: every id and secret comes from here. */
export interface Ids {
  /** UUID version 4. */
  uuid(): string
  /** UUID version 7: sorts by time of creation. */
  timeUuid(now: number): string
  /** Hex digits, two per byte: safe in URL paths. */
  secret(bytes: number): string
}

const hexToUuid = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`

const asVersion = (hex: string, version: string): string => {
  const variant = ((Number.parseInt(hex[16] as string, 16) & 0x3) | 0x8).toString(16)
  return hexToUuid(hex.slice(0, 12) + version + hex.slice(13, 16) + variant + hex.slice(17, 32))
}

/** Builds ids from any source of random bytes, so that a seed can make all of them. */
export const idsFrom = (bytes: (count: number) => Buffer, uuid: () => string): Ids => ({
  uuid,
  timeUuid: (now) => asVersion(now.toString(16).padStart(12, '0') + bytes(10).toString('hex'), '7'),
  secret: (count) => bytes(count).toString('hex'),
})

export const systemIds: Ids = idsFrom(randomBytes, randomUUID)

const AGENT_NAMESPACE = Buffer.from('8a1f0a6c3d5b4c7e9f2a6b1d0c3e5f70', 'hex')

/** An agent's public id: UUID version 5 of `<account>.<user id>`. [AG2] */
export const agentIdOf = (accountId: AccountId, userId: UserId): AgentId => {
  const hash = createHash('sha1').update(AGENT_NAMESPACE).update(`${accountId}.${userId}`)
  return asVersion(hash.digest('hex'), '5')
}
