/** Accounts, agents and skills. */
import type { AccountId, AgentId, SkillId, UserId } from '@ringdown/protocol'
import type { Account, AccountSettings, Agent, AgentPlace, Skill } from '../../domain/account.ts'
import type { Call, InAccount } from './call.ts'

export interface PeopleCommands {
  /** Refuses with already_exists. */
  createAccount: Call<Account, Account>
  /** Replaces the given settings; refuses with account_not_found. */
  updateAccount: Call<
    { id: AccountId; name?: string; settings?: Partial<AccountSettings> },
    Account
  >
  /** Removes the account and all that belongs to it. */
  deleteAccount: Call<{ id: AccountId }, { deleted: boolean }>
  /** `userId` absent: the next free number. Refuses with already_exists (loginName). */
  createAgent: Call<
    Omit<Agent, 'id' | 'userId' | keyof AgentPlace> &
      Partial<AgentPlace> & { userId?: UserId; passwordHash?: string },
    Agent
  >
  updateAgent: Call<
    InAccount<{ userId: UserId; passwordHash?: string }> &
      Partial<Omit<Agent, 'id' | 'userId' | 'accountId' | 'createdAt'>>,
    Agent
  >
  createSkill: Call<
    InAccount<{ id?: SkillId; name: string; ttr: Skill['ttr'] }> &
      Partial<Pick<Skill, 'rules' | 'details'>>,
    Skill
  >
  /** Replaces what is given, each as a whole. */
  updateSkill: Call<
    InAccount<{ id: SkillId }> & Partial<Pick<Skill, 'name' | 'ttr' | 'rules' | 'details'>>,
    Skill
  >
}

export interface PeopleQueries {
  account: Call<AccountId, Account | undefined>
  accounts: Call<null, readonly Account[]>
  agent: Call<
    InAccount<{ userId: UserId } | { id: AgentId } | { loginName: string }>,
    Agent | undefined
  >
  agents: Call<AccountId, readonly Agent[]>
  passwordHash: Call<InAccount<{ userId: UserId }>, string | undefined>
  skill: Call<InAccount<{ id: SkillId }>, Skill | undefined>
  skills: Call<AccountId, readonly Skill[]>
}
