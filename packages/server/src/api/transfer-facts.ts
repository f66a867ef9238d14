/** What a transfer is judged by, read for a request that asks for one. */
import type { AccountSettings, Agent, Skill } from '../domain/account.ts'
import type { ChangeRequest, ConversationChange } from '../domain/change.ts'
import type { Conversation } from '../domain/conversation.ts'
import type { SuggestTarget } from '../domain/suggest.ts'
import type { Services } from './services.ts'

type Suggesting = Extract<ConversationChange, { kind: 'suggest_agent' }>

interface Asked {
  readonly conversation: Conversation
  readonly changes: readonly ConversationChange[]
  /** Agents and skills that the request names. */
  readonly agents: readonly Agent[]
  readonly skills: readonly Skill[]
  readonly settings: AccountSettings
}

const isTransfer = ({ kind }: ConversationChange): boolean =>
  kind === 'set_skill' || kind === 'suggest_agent'

const targetOf = async (
  { store }: Pick<Services, 'store'>,
  agent: Agent,
): Promise<SuggestTarget> => {
  const states = await store.read('agentStates', agent.accountId)
  const state = states.find(({ agentId }) => agentId === agent.id)
  const { isEnabled, skillIds } = agent
  return { isEnabled, skillIds, availability: state?.availability ?? 'OFFLINE' }
}

/** The skill that the conversation will have. */
const skillMeant = ({ conversation, changes }: Asked): string => {
  const change = changes.findLast((one) => one.kind === 'set_skill')
  return change?.skillId ?? conversation.skillId
}

/** Completes the changes with what is known of a suggested agent, and adds the transfer list. [RT16] */
export const withTransferFacts = async (
  services: Pick<Services, 'store'>,
  asked: Asked,
): Promise<Pick<ChangeRequest, 'changes' | 'transferRules'>> => {
  const { conversation, changes, agents, skills, settings } = asked
  if (!changes.some(isTransfer)) return { changes }
  const { accountId, skillId } = conversation
  const own = await services.store.read('skill', { accountId, id: skillId })
  const meant = skillMeant(asked)
  const skill = meant === skillId ? own : skills.find(({ id }) => id === meant)
  const waitSeconds =
    skill?.rules.transferToAgentMaxWaitSeconds ?? settings.transferToAgentMaxWaitSeconds
  const complete = async (change: Suggesting): Promise<Suggesting> => {
    const agent = agents.find(({ id }) => id === change.agent.id)
    return { ...change, waitSeconds, ...(agent && { target: await targetOf(services, agent) }) }
  }
  const { canTransfer, transferTo } = own?.rules ?? {}
  return {
    changes: await Promise.all(
      changes.map((change) => (change.kind === 'suggest_agent' ? complete(change) : change)),
    ),
    ...(canTransfer !== undefined && {
      transferRules: { skillId, canTransfer, ...(transferTo && { transferTo }) },
    }),
  }
}
