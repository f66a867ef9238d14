import type { AccountId, SkillId } from '@ringdown/protocol'
import { Refusal } from '@ringdown/protocol'
import { defaultSkillRules, type Skill } from '../../domain/account.ts'
import { knownAccount } from './accounts.ts'
import type { AdministrationParts } from './administration-parts.ts'
import { announceConfiguration } from './announce-configuration.ts'
import { fields, optional, required, text } from './fields.ts'
import { ttrChange } from './settings.ts'
import { checkSkillRules, skillRulesChange } from './skill-rules.ts'

const newSkill = fields({
  id: optional(text({ max: 18, pattern: /^[1-9]\d*$/ })),
  name: required(text()),
  ttr: optional(ttrChange),
  rules: optional(skillRulesChange),
})

const skillChange = fields({
  name: optional(text()),
  ttr: optional(ttrChange),
  rules: optional(skillRulesChange),
})

export const skillAdministration = (parts: AdministrationParts) => {
  const { store } = parts
  const known = async (accountId: AccountId, id: SkillId): Promise<Skill> => {
    const skill = await store.read('skill', { accountId, id })
    if (!skill) throw new Refusal('skill_not_found')
    return skill
  }
  return {
    async createSkill(accountId: AccountId, body: unknown): Promise<Skill> {
      const { ttr = {}, rules, ...given } = newSkill(body, '')
      await knownAccount(parts, accountId)
      if (rules) await checkSkillRules(parts, accountId, rules)
      const skill = await store.write('createSkill', {
        ...given,
        accountId,
        ttr,
        ...(rules && { rules: { ...defaultSkillRules, ...rules } }),
      })
      announceConfiguration(parts, accountId, 'skills')
      return skill
    },
    async listSkills(accountId: AccountId): Promise<readonly Skill[]> {
      await knownAccount(parts, accountId)
      return store.read('skills', accountId)
    },
    showSkill: known,
    async changeSkill(accountId: AccountId, id: SkillId, body: unknown): Promise<Skill> {
      const { rules, ...given } = skillChange(body, '')
      const before = await known(accountId, id)
      if (rules) await checkSkillRules(parts, accountId, rules)
      const skill = await store.write('updateSkill', {
        ...given,
        accountId,
        id,
        ...(rules && { rules: { ...before.rules, ...rules } }),
      })
      announceConfiguration(parts, accountId, 'skills')
      return skill
    },
    async deleteSkill(accountId: AccountId, id: SkillId): Promise<void> {
      await known(accountId, id)
      await store.write('deleteSkills', { accountId, ids: [id], at: parts.clock.now() })
      announceConfiguration(parts, accountId, 'skills', 'users')
    },
  }
}
