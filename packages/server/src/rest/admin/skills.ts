import type { AccountId, SkillId } from '@ringdown/protocol'
import { Refusal } from '@ringdown/protocol'
import type { Skill } from '../../domain/account.ts'
import { knownAccount } from './accounts.ts'
import type { AdministrationParts } from './administration-parts.ts'
import { fields, optional, required, text } from './fields.ts'
import { ttrChange } from './settings.ts'

const newSkill = fields({
  id: optional(text({ max: 18, pattern: /^[1-9]\d*$/ })),
  name: required(text()),
  ttr: optional(ttrChange),
})

const skillChange = fields({ name: optional(text()), ttr: optional(ttrChange) })

export const skillAdministration = (parts: AdministrationParts) => {
  const { store } = parts
  const known = async (accountId: AccountId, id: SkillId): Promise<Skill> => {
    const skill = await store.read('skill', { accountId, id })
    if (!skill) throw new Refusal('skill_not_found')
    return skill
  }
  return {
    async createSkill(accountId: AccountId, body: unknown): Promise<Skill> {
      const { ttr = {}, ...given } = newSkill(body, '')
      await knownAccount(parts, accountId)
      return store.write('createSkill', { ...given, accountId, ttr })
    },
    async listSkills(accountId: AccountId): Promise<readonly Skill[]> {
      await knownAccount(parts, accountId)
      return store.read('skills', accountId)
    },
    showSkill: known,
    async changeSkill(accountId: AccountId, id: SkillId, body: unknown): Promise<Skill> {
      const given = skillChange(body, '')
      await known(accountId, id)
      return store.write('updateSkill', { ...given, accountId, id })
    },
    async deleteSkill(accountId: AccountId, id: SkillId): Promise<void> {
      await known(accountId, id)
      await store.write('deleteSkill', { accountId, id })
    },
  }
}
