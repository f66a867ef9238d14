/** Every JSON Schema of the contract under a name that stays: for reference pages and builders. */
import type { TSchema } from 'typebox'
import {
  InitHeader,
  InitHeaders,
  NotificationFrame,
  RequestFrame,
  ResponseFrame,
  versions,
} from './frames.ts'
import { notifications } from './notifications/notifications.ts'
import { ConversationFieldChange } from './objects/changes.ts'
import { ClientProperties, Profile, ProfileInput } from './objects/consumer.ts'
import {
  ConversationChange2,
  ConversationChange3,
  Dialog,
  EventRecord,
} from './objects/conversation.ts'
import { Event, EventInput, HostedFile } from './objects/event.ts'
import { QuickReplies } from './objects/quick-replies.ts'
import { AgentStateChange, Ring, RoutingTaskChange } from './objects/routing.ts'
import { StructuredContent } from './objects/structured-content.ts'
import { methodNames, methods } from './registry.ts'

const objectSchemas = {
  AgentStateChange,
  ClientProperties,
  ConversationFieldChange,
  'ConversationChange.v2': ConversationChange2,
  'ConversationChange.v3': ConversationChange3,
  Dialog,
  Event,
  EventInput,
  EventRecord,
  HostedFile,
  Profile,
  ProfileInput,
  QuickReplies,
  Ring,
  RoutingTaskChange,
  StructuredContent,
} as const satisfies Record<string, TSchema>

const frameSchemas = {
  Request: RequestFrame,
  Response: ResponseFrame,
  Notification: NotificationFrame,
  InitHeader,
  InitHeaders,
} as const satisfies Record<string, TSchema>

const collect = (): Record<string, TSchema> => {
  const all: Record<string, TSchema> = {}
  for (const [name, schema] of Object.entries(frameSchemas)) all[`frames/${name}`] = schema
  for (const [name, schema] of Object.entries(objectSchemas)) all[`objects/${name}`] = schema
  for (const name of methodNames) {
    all[`methods/${name}/body`] = methods[name].body
    for (const version of versions) {
      all[`methods/${name}/answer.v${version}`] = methods[name].answers[version]
    }
  }
  for (const [kind, bodies] of Object.entries(notifications)) {
    for (const version of versions) all[`notifications/${kind}.v${version}`] = bodies[version]
  }
  return all
}

/** Plain JSON Schema (draft 7, with OpenAPI's `discriminator`), safe to serialise. */
export const schemas: Readonly<Record<string, TSchema>> = collect()
