import type { AccountId } from '@ringdown/protocol'
import type { SkillRules } from '../../domain/account.ts'
import { configured, withRoot } from '../../domain/configuration.ts'
import type { AdministrationParts } from './administration-parts.ts'
import { fields, flag, integer, listOf, optional, refuseField, required, text } from './fields.ts'

const seconds = integer(0, 315_360_000)
const number = text({ max: 18, pattern: /^-?\d+$/ })

const skillGroup = fields({
  groupId: required(number),
  priority: required(integer(0, 1_000_000)),
  splitPercentage: optional(integer(0, 100)),
})

/** Any of a skill's rules. [ADM24] */
export const skillRulesChange = fields({
  groups: optional(listOf(skillGroup)),
  canTransfer: optional(flag),
  transferTo: optional(listOf(number)),
  transferToAgentMaxWaitSeconds: optional(seconds),
  fallbackSkillId: optional(number),
  fallbackWhenAllAway: optional(flag),
  autoCloseSeconds: optional(seconds),
  surveyAppId: optional(text({ min: 0, max: 64 })),
  agentSurveyId: optional(text({ max: 64 })),
  agentSurveyTimeoutMinutes: optional(integer(0, 1_000_000)),
  botAnswerSeconds: optional(seconds),
})

/** Refuses rules that name a skill or a group that the account does not have. */
export const checkSkillRules = async (
  { store }: Pick<AdministrationParts, 'store'>,
  accountId: AccountId,
  { transferTo = [], fallbackSkillId, groups = [] }: Partial<SkillRules>,
): Promise<void> => {
  const skills = new Set((await store.read('skills', accountId)).map(({ id }) => id))
  const target = transferTo.find((id) => !skills.has(id))
  if (target !== undefined) refuseField('rules.transferTo', `names ${target}, which does not exist`)
  if (fallbackSkillId !== undefined && !skills.has(fallbackSkillId))
    refuseField('rules.fallbackSkillId', `names ${fallbackSkillId}, which does not exist`)
  const items = await store.read('configurationItems', { accountId, kind: 'groups' })
  const known = new Set(withRoot(configured('groups', items)).map(({ id }) => id))
  const group = groups.find(({ groupId }) => !known.has(groupId))
  if (group) refuseField('rules.groups', `names ${group.groupId}, which does not exist`)
}
