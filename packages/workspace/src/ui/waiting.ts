/** Who waits for an agent, for somebody who may know it and takes nothing now. */
import { useMemo } from 'react'
import { useValue } from '../model/value.ts'
import { useText } from '../text/language.ts'
import { useDesk } from './desk-context.tsx'

/** A sentence, or nothing where nobody waits or it cannot be known. */
export const useWaiting = (): string | undefined => {
  const { all, directory } = useDesk()
  const say = useText()
  const conversations = useValue(all)
  const skills = useValue(directory.skills)
  const waiting = useMemo(() => {
    const queued = [...(conversations?.values() ?? [])].filter(
      ({ isOpen, assignedAgentId }) => isOpen && assignedAgentId === undefined,
    )
    return { count: queued.length, skillIds: [...new Set(queued.map(({ skillId }) => skillId))] }
  }, [conversations])
  const { count, skillIds } = waiting
  const [skillId] = skillIds
  if (skillId === undefined) return undefined
  if (skillIds.length > 1) return say('list.waitingSkills', { count, skills: skillIds.length })
  return say('list.waiting', { count, skill: skills.get(skillId)?.name ?? say('skill.none') })
}
