import { agentV2 } from './agent-v2.ts'
import { agentV3 } from './agent-v3.ts'
import { consumerV2 } from './consumer-v2.ts'
import { consumerV3 } from './consumer-v3.ts'
import type { Dialect } from './dialect.ts'

const dialects = {
  consumer: { 2: consumerV2, 3: consumerV3 },
  agent: { 2: agentV2, 3: agentV3 },
} as const satisfies Record<Dialect['role'], Record<Dialect['version'], Dialect>>

/** The dialect of a socket: chosen once, when it opens. */
export const dialectFor = (role: Dialect['role'], version: Dialect['version']): Dialect =>
  dialects[role][version]
