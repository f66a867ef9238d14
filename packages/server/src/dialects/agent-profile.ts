/** Whose profile a request asks for, and an agent's own. [CV32] */
import type { ConsumerId } from '@ringdown/protocol'
import type { Agent, Details } from '../domain/account.ts'
import { type Actor, oldAgentId } from '../domain/actor.ts'
import { agentReference } from './agent-references.ts'
import { bad, type Decoded, fine, objectOf, textOf, type WireObject } from './decoded.ts'

export type ProfileTarget =
  | { readonly kind: 'own' }
  | { readonly kind: 'consumer'; readonly consumerId: ConsumerId }

/** The body is a consumer's id, an object that names one, or nothing, which means the caller.
 *  A consumer only ever gets its own. */
export const profileTarget = (body: unknown, actor: Actor): ProfileTarget => {
  if (actor.kind === 'consumer') return { kind: 'own' }
  const given = textOf(body) ?? textOf(objectOf(body)?.['userId'])
  if (given === undefined || agentReference(given, actor).kind === 'self') return { kind: 'own' }
  return { kind: 'consumer', consumerId: given }
}

type Known = Pick<
  Agent,
  'accountId' | 'userId' | 'id' | 'fullName' | 'nickname' | 'email' | 'roles' | 'details'
>

/** Members that stand in the entry's details: by their name here and there. */
const detailNames = {
  avatarUrl: 'pictureUrl',
  backgndImgUri: 'backgndImgUri',
  description: 'description',
} as const

/** An agent's own profile; older clients know agents by `<account>.<user id>`. */
export const agentProfile = (agent: Known, version: 2 | 3): WireObject => {
  const { details, email } = agent
  const [firstName = '', ...others] = agent.fullName.split(' ')
  const isPlain = agent.roles.every((role) => role === 'agent')
  const kept = Object.entries(detailNames).flatMap(([name, own]) => {
    const value = textOf(details[own])
    return value === undefined ? [] : [[name, value]]
  })
  const mobileNum = textOf(details['mobileNumber'])
  return {
    ...Object.fromEntries(kept),
    userId: version === 2 ? oldAgentId(agent.accountId, agent.userId) : agent.id,
    firstName,
    lastName: others.join(' '),
    nickname: agent.nickname,
    role: isPlain ? 'AGENT' : 'MANAGER',
    privateData: { mail: email, email, ...(mobileNum !== undefined && { mobileNum }) },
  }
}

const MAX_NAME_BYTES = 256
const MAX_TEXT_BYTES = 2048

const isPlain = (value: string, max: number): boolean =>
  value.isWellFormed() && !/\p{Cc}/u.test(value) && Buffer.byteLength(value) <= max

/** A text with something in it; null and nothing mean that it stays. */
const decodeName = (value: unknown, name: string): Decoded<string | undefined> => {
  if (value === undefined || value === null) return fine(undefined)
  const isName = typeof value === 'string' && isPlain(value, MAX_NAME_BYTES)
  return isName && value.trim() !== '' ? fine(value) : bad(name)
}

/** Details as they are after the change: null takes one away. */
const decodeDetails = (body: WireObject, before: Details): Decoded<Details> => {
  const details: Record<string, unknown> = { ...before }
  for (const [name, own] of Object.entries(detailNames)) {
    const value = body[name]
    if (value === undefined) continue
    const isUrl = name === 'description' || value === null || value === ''
    const isFit = typeof value === 'string' && isPlain(value, MAX_TEXT_BYTES)
    if (value !== null && !(isFit && (isUrl || value.startsWith('https://')))) return bad(name)
    if (value === null) delete details[own]
    else details[own] = value
  }
  const mobile = objectOf(body['privateData'])?.['mobileNum']
  if (mobile === undefined || mobile === null) return fine(details)
  // Telephone numbers also come as numbers.
  const mobileNumber = textOf(mobile)
  if (mobileNumber === undefined || !isPlain(mobileNumber, MAX_NAME_BYTES))
    return bad('privateData.mobileNum')
  return fine({ ...details, mobileNumber })
}

export type AgentProfilePatch = Partial<Pick<Agent, 'fullName' | 'nickname' | 'email' | 'details'>>

/** What an agent changes about itself; roles, skills and login name are not its own to change. [AG50] */
export const decodeAgentProfile = (
  body: WireObject,
  before: Pick<Agent, 'fullName' | 'details'>,
): Decoded<AgentProfilePatch> => {
  const { mail, email = mail } = objectOf(body['privateData']) ?? {}
  const first = decodeName(body['firstName'], 'firstName')
  const last = decodeName(body['lastName'], 'lastName')
  const nickname = decodeName(body['nickname'], 'nickname')
  const address = decodeName(email, 'privateData.email')
  const details = decodeDetails(body, before.details)
  for (const part of [first, last, nickname, address, details]) if (!part.ok) return part
  if (!first.ok || !last.ok || !nickname.ok || !address.ok || !details.ok) return bad('profile')
  const [firstBefore = '', ...lastBefore] = before.fullName.split(' ')
  const names = [first.value ?? firstBefore, last.value ?? lastBefore.join(' ')]
  const fullName = names.filter((name) => name !== '').join(' ')
  if (Buffer.byteLength(fullName) > MAX_NAME_BYTES) return bad('lastName')
  return fine({
    fullName,
    details: details.value,
    ...(nickname.value !== undefined && { nickname: nickname.value }),
    ...(address.value !== undefined && { email: address.value }),
  })
}
