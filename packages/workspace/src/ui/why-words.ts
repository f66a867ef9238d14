/** Steps of routing as sentences. Words of a newer server that are not known here stand for themselves. */
import type { Considered, Decided, Queued, Rung, Step, Why } from '../model/why.ts'
import type { TextKey } from '../text/en.ts'
import { enManagers } from '../text/en-managers.ts'
import type { Say } from '../text/language.ts'
import { spanText } from './times.ts'

export interface Words {
  readonly say: Say
  readonly skill: (id: string) => string
  readonly agent: (userId: string) => string
}

const isKnown = (key: string): key is TextKey => Object.hasOwn(enManagers, key)

const worded = (say: Say, key: string, fallback: string, fill = {}): string =>
  isKnown(key) ? say(key, fill) : fallback

export const reasonWords = ({ say }: Words, { outcome, reason }: Decided): string =>
  worded(say, `why.${outcome === 'ring' ? 'rule' : 'wait'}.${reason}`, reason)

export const countWords = ({ say }: Words, [verdict, count]: readonly [string, number]): string =>
  worded(say, `why.count.${verdict}`, `${count} ${verdict}`, { count })

/** Why one agent was asked or not, at the time of the decision. */
export const agentWords = (
  { say }: Words,
  { verdict, busy, capacity, availability, since }: Considered,
  at: number,
): string => {
  const fill = { busy, capacity, state: statusWords(say, availability) }
  return worded(say, `why.agent.${verdict}`, verdict, { ...fill, span: spanText(at - since) })
}

const states = ['ONLINE', 'OCCUPIED', 'BACK_SOON', 'AWAY', 'OFFLINE'] as const

const statusWords = (say: Say, availability: string): string => {
  const state = states.find((one) => one === availability)
  return state ? say(`status.${state}`) : availability
}

const queuedWords = ({ say, skill }: Words, { cause, reason, skillId }: Queued): string => {
  const what = worded(say, `why.cause.${cause}`, cause, { skill: skill(skillId) })
  return reason === undefined ? what : `${what}: ${worded(say, `why.reason.${reason}`, reason)}`
}

const rungWords = ({ say, agent }: Words, { state, userId, reason }: Rung): string => {
  const name = agent(userId)
  const what = worded(say, `why.ring.${state}`, `${name}: ${state}`, { name })
  return reason === undefined ? what : `${what}: ${reason}`
}

export const stepWords = (words: Words, step: Step): string => {
  if (step.step === 'queued') return queuedWords(words, step)
  if (step.step === 'ring') return rungWords(words, step)
  return step.step === 'done' ? words.say('why.done') : reasonWords(words, step)
}

export const nameIn =
  ({ agents }: Pick<Why, 'agents'>) =>
  (userId: string): string =>
    agents[userId]?.name ?? userId
