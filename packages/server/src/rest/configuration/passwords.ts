/** Changing one's password, and setting another's. [ADM13] */
import type { AccountId } from '@ringdown/protocol'
import { Refusal } from '@ringdown/protocol'
import { MAX_PASSWORD_BYTES } from '../../auth/passwords.ts'
import type { Agent } from '../../domain/account.ts'
import { mayAdminister } from '../../domain/administration-rights.ts'
import { limitKey } from '../address-limiter.ts'
import { afterAgentChange } from '../admin/agent-effects.ts'
import { announceConfiguration } from '../admin/announce-configuration.ts'
import { optional, required, text } from '../admin/fields.ts'
import type { RestParts } from '../rest-parts.ts'
import { type Caller, callersNote } from './caller.ts'
import { dateText, whole } from './members.ts'
import type { ConfigurationParts } from './resource.ts'
import { password } from './user-body.ts'

const changing = whole({
  newPassword: required(password),
  confirmPassword: required(text({ max: MAX_PASSWORD_BYTES })),
  oldPassword: required(text({ max: MAX_PASSWORD_BYTES })),
})

const resetting = whole({ newPassword: required(password), confirmPassword: optional(text()) })

const agentWithPassword = async (
  { store }: ConfigurationParts,
  accountId: AccountId,
  userId: string,
): Promise<Agent> => {
  const agent = await store.read('agent', { accountId, userId })
  if (!agent) throw new Refusal('agent_not_found')
  if (agent.isApiUser) throw new Refusal('bad_request', 'API users have no password')
  return agent
}

const setPassword = async (
  parts: ConfigurationParts,
  before: Agent,
  { newPassword, caller }: { newPassword: string; caller: Caller },
): Promise<void> => {
  const { accountId, userId } = before
  const after = await parts.store.write('updateAgent', {
    accountId,
    userId,
    audit: callersNote(parts, caller),
    passwordHash: await parts.passwords.hash(newPassword),
    details: { ...before.details, lastPwdChangeDate: dateText(parts.clock.now()) },
  })
  await afterAgentChange(parts, before, after, { isSecretReplaced: true })
  announceConfiguration(parts, accountId, 'users')
}

export const passwordChanges = (parts: ConfigurationParts & Pick<RestParts, 'loginTurns'>) => ({
  /** Of the caller itself, who proves the old one. */
  async change(caller: Caller, accountId: AccountId, userId: string, body: unknown): Promise<void> {
    if (caller.userId !== userId)
      throw new Refusal('not_permitted', 'Only users themselves change theirs; reset it instead')
    const { newPassword, confirmPassword, oldPassword } = changing(body, '')
    if (newPassword !== confirmPassword)
      throw new Refusal('bad_request', 'confirmPassword is not the newPassword')
    const agent = await agentWithPassword(parts, accountId, userId)
    // In turn with logins, and as slow when it fails: here too passwords could be tried.
    const { ip, isGivenUp } = caller
    const { loginName } = agent
    const attempt = { accountId, loginName, address: limitKey(ip), isGivenUp }
    const isProven = await parts.loginTurns.prove(attempt, async () => {
      const stored = await parts.store.read('passwordHash', { accountId, userId })
      const { isRight } = await parts.passwords.verify(oldPassword, stored)
      return isRight || undefined
    })
    if (!isProven) throw new Refusal('not_permitted', 'oldPassword is wrong')
    await setPassword(parts, agent, { newPassword, caller })
  },
  async reset(caller: Caller, accountId: AccountId, userId: string, body: unknown): Promise<void> {
    if (!mayAdminister(caller.roles, 'users', 'write'))
      throw new Refusal('not_permitted', 'Only administrators reset passwords')
    const { newPassword, confirmPassword = newPassword } = resetting(body, '')
    if (newPassword !== confirmPassword)
      throw new Refusal('bad_request', 'confirmPassword is not the newPassword')
    const agent = await agentWithPassword(parts, accountId, userId)
    await setPassword(parts, agent, { newPassword, caller })
  },
})
