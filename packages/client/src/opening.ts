/** Opening a conversation once, although the answer may be lost. */
import type { MessagingClient } from './client.ts'
import type { ConversationSnapshot } from './conversations.ts'
import { ClientClosed, isPassing } from './problems.ts'
import type { RequestBody } from './requests.ts'
import { untilTaken } from './until-taken.ts'

export interface OpeningOptions {
  /** Its own, and the same when it is tried again, e.g. after a reload. It is kept with the conversation. */
  readonly key?: string
  /** It was tried before: look first. */
  readonly isRepeat?: boolean
  readonly signal?: AbortSignal
}

/**
 * Opens a conversation of the consumer and resolves with its id. Where it is not known whether an
 * attempt took effect, the consumer's conversations are searched for its key before another one. The
 * key travels as `conversationContext.interactionContextId`.
 */
export const openConversation = (
  client: MessagingClient,
  body: RequestBody<'requestConversation'>,
  { key = crypto.randomUUID(), isRepeat = false, signal }: OpeningOptions = {},
): Promise<string> => {
  const conversationContext = { ...body.conversationContext, interactionContextId: key }
  const wanted = { ...body, conversationContext }
  const options = signal ? { signal } : {}
  let mayBeOpen = isRepeat
  const open = async (): Promise<string> => {
    const known = mayBeOpen ? await find(client, key, options) : undefined
    if (known !== undefined) return known
    try {
      return (await client.request('requestConversation', wanted, options)).conversationId
    } catch (error) {
      mayBeOpen ||= isPassing(error)
      throw error
    }
  }
  return untilTaken(open, { ...options, backoff: client.backoff })
}

/** The newest come first: it is among those that are told first, if it is there. */
const find = async (
  client: MessagingClient,
  key: string,
  options: { readonly signal?: AbortSignal },
): Promise<string | undefined> => {
  const isWanted = ({ conversationDetails }: ConversationSnapshot): boolean =>
    conversationDetails.context?.interactionContextId === key
  for await (const { changed } of client.conversations({}, options))
    return changed.find(isWanted)?.convId
  throw new ClientClosed('The client is closed')
}
