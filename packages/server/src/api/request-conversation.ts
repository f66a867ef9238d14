import { NO_SKILL, Refusal } from '@ringdown/protocol'
import type { ClientProperties } from '../dialects/client-properties.ts'
import { decodeNewConversation } from '../dialects/decode-conversation.ts'
import { isCapable } from '../domain/permissions.ts'
import { ttrSeconds } from '../domain/ttr.ts'
import { announceOpened } from './announce.ts'
import { orRefuse } from './decoding.ts'
import { followOwnConversation } from './follow.ts'
import type { Call, Handler } from './handler.ts'

type Opening = Call<'requestConversation'> | Call<'agentRequestConversation'>

const readRequest = async ({ body, session, services }: Opening) => {
  const properties = session.properties as ClientProperties
  const known = Object.keys(properties).length > 0 ? properties : undefined
  const wanted = orRefuse(decodeNewConversation(body ?? {}, known))
  if (wanted.brandId !== undefined && wanted.brandId !== session.accountId)
    throw new Refusal('bad_request', 'Bad request: body.brandId is another account')
  const { settings } = (await services.accounts.get(session.accountId)) ?? unknownAccount()
  const skill =
    wanted.skillId === NO_SKILL
      ? undefined
      : await services.store.read('skill', { accountId: session.accountId, id: wanted.skillId })
  if (!skill && wanted.skillId !== NO_SKILL) throw new Refusal('skill_not_found')
  const { skillId, ttrType, campaign, context } = wanted
  return {
    settings,
    consumerId: wanted.consumerId,
    data: {
      accountId: session.accountId,
      conversationId: services.ids.uuid(),
      taskId: services.ids.uuid(),
      skillId,
      ttrSeconds: ttrSeconds(settings, skill),
      at: services.clock.now(),
      ...(ttrType && { ttrType }),
      ...(campaign && { campaign }),
      ...(context && { context }),
    },
  }
}

const unknownAccount = (): never => {
  throw new Refusal('account_not_found')
}

/** A consumer opens a conversation, which is queued for an agent. [CV1] */
export const requestConversation: Handler<'requestConversation'> = async (call) => {
  const { session, services } = call
  const consumerId = session.consumer.id
  const { settings, data } = await readRequest(call)
  const maxOpen = settings.maxOpenConversations
  const opened = await services.store.write('openConversation', { ...data, consumerId, maxOpen })
  const conversation = services.hubs.cache.put(opened.conversation)
  return {
    body: { conversationId: conversation.id },
    after: () => {
      if (settings.implicitDelivery) followOwnConversation(call, conversation)
      announceOpened(services, conversation)
    },
  }
}

/** An agent opens one with a consumer who has none open, and is assigned at once. [CV12] */
export const agentRequestConversation: Handler<'agentRequestConversation'> = async (call) => {
  const { session, services } = call
  const { id, userId } = session.agent
  if (!isCapable(session.agent, 'handle_conversations')) throw new Refusal('not_permitted')
  const { consumerId, data } = await readRequest(call)
  if (!consumerId) throw new Refusal('bad_request', 'Bad request: body.consumerId is required')
  const consumer = await services.store.read('consumer', {
    accountId: session.accountId,
    id: consumerId,
  })
  if (!consumer) throw new Refusal('consumer_not_found')
  const openedBy = { id, userId }
  const opened = await services.store.write('openConversation', {
    ...data,
    consumerId,
    openedBy,
    maxOpen: 1,
  })
  const conversation = services.hubs.cache.put(opened.conversation)
  return {
    body: { conversationId: conversation.id },
    after: () => announceOpened(services, conversation),
  }
}
