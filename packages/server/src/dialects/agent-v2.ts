import { agentFrames } from './agent-frames.ts'
import { conversationFrames } from './conversation-frames.ts'
import type { Dialect } from './dialect.ts'
import { responses } from './envelopes.ts'
import { eventFrames } from './event-frames.ts'

/** Agents and bots of the older clients: one event per frame, agents by their old ids. */
export const agentV2: Dialect = {
  role: 'agent',
  version: 2,
  ...responses('agent', 2),
  ...eventFrames('agent', 2),
  ...conversationFrames('agent', 2),
  ...agentFrames(2),
}
