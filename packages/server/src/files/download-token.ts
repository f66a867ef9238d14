/**
 * An agent's key to files: who holds it may read, for a moment, what the agent uploaded and what
 * dialogs name in which the agent takes part. That is asked again at each download. [FIL20]
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { AccountId, AgentId } from '@ringdown/protocol'

export interface FileToken {
  readonly accountId: AccountId
  readonly agentId: AgentId
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
}

/** The server's secret is also used for something else: this one is derived from it. */
export const fileTokenSecret = (secret: Buffer): Buffer =>
  createHmac('sha256', secret).update('file tokens').digest()

const sealOf = (secret: Buffer, payload: string): Buffer =>
  createHmac('sha256', secret).update(payload).digest()

export const mintFileToken = (
  secret: Buffer,
  { accountId, agentId, expiresAt }: FileToken,
): string => {
  const payload = Buffer.from(JSON.stringify([accountId, agentId, expiresAt])).toString('base64url')
  return `${payload}.${sealOf(secret, payload).toString('base64url')}`
}

/** What a token of ours says that has not expired. */
export const readFileToken = (
  secret: Buffer,
  token: string,
  now: number,
): FileToken | undefined => {
  const [payload = '', seal = '', ...more] = token.split('.')
  const [given, expected] = [Buffer.from(seal, 'base64url'), sealOf(secret, payload)]
  if (more.length > 0 || given.length !== expected.length) return undefined
  if (!timingSafeEqual(given, expected)) return undefined
  const said = JSON.parse(Buffer.from(payload, 'base64url').toString()) as [string, string, number]
  const [accountId, agentId, expiresAt] = said
  return now < expiresAt ? { accountId, agentId, expiresAt } : undefined
}
