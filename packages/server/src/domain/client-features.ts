/** What the consumer's client said it can do when the conversation was opened. */
import type { Conversation } from './conversation.ts'

export type ClientFeature = 'MULTI_DIALOG' | 'CO_BROWSE' | 'AUTO_MESSAGES'

/** A client that named no features can do none of what has to be declared. [DLG2] [DLG14] */
export const declares = ({ context }: Conversation, feature: ClientFeature): boolean => {
  const properties = context?.['clientProperties'] as { features?: unknown } | undefined
  const features = properties?.features
  return Array.isArray(features) && features.includes(feature)
}
