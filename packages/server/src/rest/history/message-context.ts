/** What was said beside a message: its metadata as it came, and the known kinds of it by member. [HIS30] */
import { objectOf, type WireObject } from './wire-object.ts'

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

const intentOf = (value: unknown): WireObject => {
  const { id, name, confidence, confidenceScore } = objectOf(value)
  return { id, name, confidence, confidenceScore }
}

const structured = (item: unknown): readonly WireObject[] => {
  const { type, externalConversationId, businessCases, intents, reason } = objectOf(item)
  if (type === 'BotResponse')
    return [
      {
        botResponse: {
          externalConversationId,
          businessCases: listOf(businessCases),
          intents: listOf(intents).map(intentOf),
        },
      },
    ]
  return type === 'ActionReason' ? [{ actionReason: { reason } }] : []
}

/** The metadata is the JSON that is stored with the event. */
export const contextOf = (rawMetadata: string): WireObject => {
  const structuredMetadata = listOf(JSON.parse(rawMetadata)).flatMap(structured)
  return { rawMetadata, ...(structuredMetadata.length > 0 && { structuredMetadata }) }
}
