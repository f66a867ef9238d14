import { noAgentFrames } from './agent-frames.ts'
import { conversationFrames } from './conversation-frames.ts'
import type { Dialect } from './dialect.ts'
import { responses } from './envelopes.ts'
import { eventFrames } from './event-frames.ts'

/** Consumers of the older clients: one event per frame, participants as maps. */
export const consumerV2: Dialect = {
  role: 'consumer',
  version: 2,
  ...responses('consumer', 2),
  ...eventFrames('consumer', 2),
  ...conversationFrames('consumer', 2),
  ...noAgentFrames,
}
