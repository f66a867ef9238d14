/** Opening a conversation once, although the answer may be lost with the connection. [WIN11] */
import {
  ConnectionLost,
  type MessagingClient,
  type RequestBody,
  RequestTimedOut,
} from '@ringdown/client'

const isUnclear = (error: unknown) =>
  error instanceof ConnectionLost || error instanceof RequestTimedOut

/**
 * Resolves with the id of the conversation. `openIds` are those that are known to be open; one that was
 * not among them before is the one whose answer was lost.
 */
export const openConversation = async (
  client: MessagingClient,
  body: RequestBody<'requestConversation'>,
  openIds: () => readonly string[],
): Promise<string> => {
  // Two frames after the subscription's: by then the list has come.
  const settled = async () => {
    await client.request('getClock', {})
    await client.request('getClock', {})
  }
  for (;;) {
    const before = new Set(openIds())
    try {
      return (await client.request('requestConversation', body)).conversationId
    } catch (error) {
      if (!isUnclear(error)) throw error
    }
    await settled().catch((error: unknown) => {
      if (!isUnclear(error)) throw error
    })
    const opened = openIds().find((id) => !before.has(id))
    if (opened !== undefined) return opened
  }
}
