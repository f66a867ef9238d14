import type { AccountId } from '@ringdown/protocol'
import { createAppKey, refuseUnfitUsers, revokeAppKey } from '../../auth/app-keys.ts'
import type { AppKey } from '../../store/store.ts'
import { knownAccount } from './accounts.ts'
import type { AdministrationParts } from './administration-parts.ts'
import { fields, listOf, optional, text } from './fields.ts'

const newKey = fields({
  name: optional(text()),
  userIds: optional(listOf(text({ max: 18, pattern: /^[1-9]\d*$/ }))),
})

/** A key as operators see it; the secrets only in the answer that made it. [AG36] */
const shown = ({ id, name, accessToken, userIds, createdAt }: AppKey) => ({
  appKey: id,
  name,
  accessToken,
  userIds,
  createdAt,
})

export const appKeyAdministration = (parts: AdministrationParts) => ({
  async createAppKey(accountId: AccountId, body: unknown) {
    const { name = 'Application', userIds = [] } = newKey(body, '')
    await knownAccount(parts, accountId)
    await refuseUnfitUsers(parts, accountId, userIds)
    const made = await createAppKey(parts, { accountId, name, userIds })
    const { key, secret, accessTokenSecret } = made
    return { ...shown(key), secret, accessTokenSecret }
  },
  async listAppKeys(accountId: AccountId) {
    await knownAccount(parts, accountId)
    return (await parts.store.read('appKeys', accountId)).map(shown)
  },
  revokeAppKey: (accountId: AccountId, id: string): Promise<void> =>
    revokeAppKey(parts, { accountId, id }),
})
