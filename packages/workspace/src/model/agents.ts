/** Who is at work and how busy, for managers and for transfers. */
import { useEffect, useState } from 'react'
import type { Rest } from './rest.ts'

export interface AtWork {
  readonly id: string
  readonly userId: string
  readonly name: string
  readonly status: string
  readonly isConnected: boolean
  readonly busy: number
  readonly most: number
  readonly skills: readonly string[]
}

interface StatusOnWire {
  readonly agentId: string
  readonly agentPid: string
  readonly agentName: string
  readonly agentNickname?: string
  readonly currentStatus: string
  readonly currentConnectionState: string
  readonly busySlots: number
  readonly configuredMaxSlots: number
  readonly agentSkills: readonly { readonly skillName: string }[]
}

/** All whom the caller may see, or of those that it names whoever there is. */
export const readAgents = async (
  rest: Rest,
  named?: readonly string[],
): Promise<readonly AtWork[]> => {
  const { agentStatusRecords } = await rest.history<{
    readonly agentStatusRecords: readonly StatusOnWire[]
  }>('agent-view/status', named ? { agentIds: named } : {})
  return agentStatusRecords.map((one) => ({
    id: one.agentPid,
    userId: one.agentId,
    name: one.agentNickname || one.agentName,
    status: one.currentStatus,
    isConnected: one.currentConnectionState === 'CONNECTED',
    busy: one.busySlots,
    most: one.configuredMaxSlots,
    skills: one.agentSkills.map(({ skillName }) => skillName),
  }))
}

const AGAIN_MS = 5_000

/** Read again every few seconds for as long as it is shown. */
export const useAgents = (rest: Rest, named?: readonly string[]): readonly AtWork[] | undefined => {
  const [agents, setAgents] = useState<readonly AtWork[]>()
  const asked = named?.join(',')
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let isShown = true
    const read = async () => {
      const found = await readAgents(rest, asked?.split(',')).catch(() => undefined)
      if (!isShown) return
      if (found) setAgents(found)
      timer = setTimeout(read, AGAIN_MS)
    }
    void read()
    return () => {
      isShown = false
      clearTimeout(timer)
    }
  }, [rest, asked])
  return agents
}
