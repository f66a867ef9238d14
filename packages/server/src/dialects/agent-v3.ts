import { agentFrames } from './agent-frames.ts'
import { conversationFrames } from './conversation-frames.ts'
import type { Dialect } from './dialect.ts'
import { responses } from './envelopes.ts'
import { eventFrames } from './event-frames.ts'

/** Agents: lists of changes, public ids, private content included. */
export const agentV3: Dialect = {
  role: 'agent',
  version: 3,
  ...responses('agent', 3),
  ...eventFrames('agent', 3),
  ...conversationFrames('agent', 3),
  ...agentFrames(3),
}
