/** How routing brought a conversation where it is, as the server tells it. [WSP24] */
import { useEffect, useState } from 'react'
import type { Conversation } from './conversation.ts'
import type { Rest } from './rest.ts'

export interface Considered {
  readonly userId: string
  readonly verdict: string
  readonly availability: string
  readonly since: number
  readonly busy: number
  readonly capacity: number
}

export interface Queued {
  readonly at: number
  readonly step: 'queued'
  readonly skillId: string
  readonly cause: string
  readonly reason?: string
}

export interface Decided {
  readonly at: number
  readonly step: 'decided'
  readonly skillId: string
  readonly outcome: 'ring' | 'wait'
  readonly reason: string
  readonly userId?: string
  readonly considered: readonly Considered[]
  readonly others: Readonly<Record<string, number>>
}

export interface Rung {
  readonly at: number
  readonly step: 'ring'
  readonly userId: string
  readonly state: string
  /** What was given as the reason for declining. */
  readonly reason?: string
}

export type Step = Queued | Decided | Rung | { readonly at: number; readonly step: 'done' }

export interface Why {
  readonly state: 'open' | 'closed'
  readonly skillId: string
  /** Who is assigned. */
  readonly userId?: string
  readonly steps: readonly Step[]
  readonly isWhole: boolean
  readonly agents: Readonly<Record<string, { readonly agentId: string; readonly name: string }>>
}

/** Where it is now, and what brought it there: the newest of each. */
export interface Standing {
  readonly queued: Queued | undefined
  readonly decided: Decided | undefined
  /** Who is asked at this moment. */
  readonly ringing: Rung | undefined
  /** When the one assigned took it by a ring. */
  readonly taken: Rung | undefined
}

const isTaken = ({ state }: Rung): boolean => state === 'accepted' || state === 'auto_accepted'

export const standingOf = ({ steps, userId }: Pick<Why, 'steps' | 'userId'>): Standing => {
  const rings = steps.filter((one) => one.step === 'ring')
  const last = rings.at(-1)
  const taken = rings.findLast((one) => isTaken(one) && one.userId === userId)
  return {
    queued: steps.findLast((one) => one.step === 'queued'),
    decided: steps.findLast(
      (one) =>
        one.step === 'decided' &&
        // What decided for whoever has it; not what was looked for before or since.
        (taken === undefined || (one.userId === userId && one.at <= taken.at)),
    ) as Decided | undefined,
    ringing: userId === undefined && last?.state === 'waiting' ? last : undefined,
    taken,
  }
}

/** How many agents a decision passed over for each reason, the nearest to the conversation first. */
export const passedOver = ({
  considered,
  others,
}: Decided): readonly (readonly [string, number])[] => {
  const counts = new Map<string, number>()
  const add = (verdict: string, count: number) =>
    counts.set(verdict, (counts.get(verdict) ?? 0) + count)
  for (const { verdict } of considered) if (verdict !== 'chosen') add(verdict, 1)
  for (const [verdict, count] of Object.entries(others)) add(verdict, count)
  return [...counts]
}

const AGAIN_MS = 5_000

/**
 * Read when the conversation's place changes, once more for what is written a moment later, and every
 * few seconds while it waits: why nobody can be asked changes without it.
 */
export const useWhy = (rest: Rest, conversation: Conversation): Why | 'failed' | undefined => {
  const { id, assignedAgentId, suggestedAgentId, skillId, isOpen } = conversation
  const [why, setWhy] = useState<Why | 'failed'>()
  const place = [assignedAgentId, suggestedAgentId, skillId, isOpen].join()
  const isWaiting = isOpen && assignedAgentId === undefined
  // biome-ignore lint/correctness/useExhaustiveDependencies: another place is read anew
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let isShown = true
    const read = async (isLast: boolean) => {
      const path = `conversations/${encodeURIComponent(id)}/why`
      const found = await rest.own<Why>(path).catch(() => 'failed' as const)
      if (!isShown) return
      // What was read stays while the server is away.
      setWhy((before) => (found === 'failed' ? (before ?? found) : found))
      if (!isLast || found === 'failed') timer = setTimeout(() => read(!isWaiting), AGAIN_MS)
    }
    void read(false)
    return () => {
      isShown = false
      clearTimeout(timer)
    }
  }, [rest, id, place, isWaiting])
  return why
}
