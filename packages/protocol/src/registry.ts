/** The one table of everything a client may ask. */
import type { Static } from 'typebox'
import type { Role, Version } from './frames.ts'
import * as connection from './methods/connection.ts'
import * as conversations from './methods/conversations.ts'
import * as events from './methods/events.ts'
import * as files from './methods/files.ts'
import { type Method, plainResponses } from './methods/method.ts'
import * as profiles from './methods/profiles.ts'
import * as routing from './methods/routing.ts'
import * as subscriptions from './methods/subscriptions.ts'

export const methodNames = [
  'initConnection',
  'getClock',
  'keepAlive',
  'requestConversation',
  'agentRequestConversation',
  'updateConversationField',
  'publishEvent',
  'subscribeMessagingEvents',
  'unsubscribeMessagingEvents',
  'queryMessages',
  'subscribeConversations',
  'updateConversationSubscription',
  'unsubscribeConversations',
  'generateUploadUrl',
  'generateDownloadUrl',
  'generateUploadToken',
  'generateDownloadToken',
  'getUserProfile',
  'setUserProfile',
  'setAgentState',
  'subscribeAgentStates',
  'subscribeRoutingTasks',
  'updateRoutingTaskSubscription',
  'updateRingState',
  'brandProfile',
] as const

export type MethodName = (typeof methodNames)[number]

export const methods = {
  ...connection,
  ...conversations,
  ...events,
  ...subscriptions,
  ...files,
  ...profiles,
  ...routing,
} as const satisfies Record<MethodName, Method>

/** The body that a method accepts. */
export type BodyOf<Name extends MethodName> = Static<(typeof methods)[Name]['body']>

/** The body with which a method's success is answered. */
export type AnswerOf<Name extends MethodName, V extends Version = Version> = Static<
  (typeof methods)[Name]['answers'][V]
>

/**
 * The form in which request names are compared: without a leading `.` and `ams.`, and with the newer
 * of two words for the same service. [FRM6]
 */
export const normaliseType = (wireType: string): string => {
  let name = wireType.startsWith('.') ? wireType.slice(1) : wireType
  if (name.startsWith('ams.')) name = name.slice(4)
  if (name.startsWith('aam.')) return `cqm.${name.slice(4)}`
  return name.startsWith('up.') ? `userprofile.${name.slice(3)}` : name
}

const nameTable = (): Map<string, MethodName> => {
  const table = new Map<string, MethodName>()
  for (const name of methodNames) {
    const method: Method = methods[name]
    for (const alias of method.aliases ?? []) table.set(alias, name)
    for (const role of method.roles) {
      for (const { request } of Object.values(method.names[role] ?? {})) {
        table.set(request, name)
        table.set(normaliseType(request), name)
      }
    }
  }
  return table
}

const byWireName = nameTable()

/** Names under which some clients open a conversation; meant so only with a body. [FRM6] */
const openingNames = new Set(['cm.RequestConversation', 'cm.RequestConversationResponse'])

/**
 * The method that a request's `type` means, by any of its names. Agents' KeepAlive is GetClock under
 * another name, hence `role`; `hasBody` decides for names that mean a request only with a body.
 */
export const findMethod = (
  wireType: string,
  role?: Role,
  hasBody = true,
): MethodName | undefined => {
  const found = byWireName.get(wireType) ?? byWireName.get(normaliseType(wireType))
  if (found === 'keepAlive' && role === 'agent') return 'getClock'
  if (found !== undefined) return found
  return hasBody && openingNames.has(normaliseType(wireType)) ? 'requestConversation' : undefined
}

/** Name of the plain string response, which is also that of every refusal. [FRM5] */
export const plainResponse = (role: Role, version: Version): string => plainResponses[role][version]

/** Name of a method's response. A method that the role lacks can only be refused. [FRM12] */
export const responseName = (role: Role, version: Version, method: MethodName): string => {
  const entry: Method = methods[method]
  return entry.names[role]?.[version].response ?? plainResponse(role, version)
}
