import { noAgentFrames } from './agent-frames.ts'
import { conversationFrames } from './conversation-frames.ts'
import type { Dialect } from './dialect.ts'
import { responses } from './envelopes.ts'
import { eventFrames } from './event-frames.ts'

/** Consumers: lists of changes, public ids, every documented spelling of a conversation. */
export const consumerV3: Dialect = {
  role: 'consumer',
  version: 3,
  ...responses('consumer', 3),
  ...eventFrames('consumer', 3),
  ...conversationFrames('consumer', 3),
  ...noAgentFrames,
}
