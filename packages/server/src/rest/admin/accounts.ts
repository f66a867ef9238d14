import type { AccountId } from '@ringdown/protocol'
import { Refusal } from '@ringdown/protocol'
import { endSessions } from '../../auth/sessions.ts'
import { type SessionNews, subjects } from '../../bus/subjects.ts'
import { type Account, type AccountSettings, defaultSettings } from '../../domain/account.ts'
import type { AdministrationParts } from './administration-parts.ts'
import { announceConfiguration } from './announce-configuration.ts'
import { fields, optional, required, text } from './fields.ts'
import { type SettingsChange, settingsChange } from './settings.ts'

const newAccount = fields({
  id: required(text({ max: 20, pattern: /^[a-zA-Z0-9_]{1,20}$/ })),
  name: optional(text()),
  settings: optional(settingsChange),
})

const accountChange = fields({ name: optional(text()), settings: optional(settingsChange) })

/** The account, or a refusal. */
export const knownAccount = async (
  { store }: Pick<AdministrationParts, 'store'>,
  id: AccountId,
): Promise<Account> => {
  const account = await store.read('account', id)
  if (!account) throw new Refusal('account_not_found')
  return account
}

/** The given settings as whole values: deadlines are given one by one and kept together. */
const completed = (
  { ttr, fileSharing, ...rest }: SettingsChange,
  present: AccountSettings,
): Partial<AccountSettings> => ({
  ...rest,
  ...(ttr && { ttr: { ...present.ttr, ...ttr } }),
  ...(fileSharing && { fileSharing: { ...present.fileSharing, ...fileSharing } }),
})

export const accountAdministration = (parts: AdministrationParts) => {
  const { store, clock } = parts
  const change = async (
    id: AccountId,
    { name, settings }: { name?: string; settings?: SettingsChange },
  ): Promise<Account> => {
    const account = await knownAccount(parts, id)
    const changed = await store.write('updateAccount', {
      id,
      ...(name !== undefined && { name }),
      ...(settings && { settings: completed(settings, account.settings) }),
    })
    announceConfiguration(parts, id, 'settings')
    return changed
  }
  return {
    async createAccount(body: unknown): Promise<Account> {
      const { id, name = id, settings = {} } = newAccount(body, '')
      return store.write('createAccount', {
        id,
        name,
        settings: { ...defaultSettings, ...completed(settings, defaultSettings) },
        createdAt: clock.now(),
      })
    },
    listAccounts: (): Promise<readonly Account[]> => store.read('accounts', null),
    showAccount: (id: AccountId): Promise<Account> => knownAccount(parts, id),
    changeAccount: async (id: AccountId, body: unknown): Promise<Account> =>
      change(id, accountChange(body, '')),
    async deleteAccount(id: AccountId): Promise<void> {
      await knownAccount(parts, id)
      for (const agent of await store.read('agents', id))
        await endSessions(parts, { accountId: id, agentId: agent.id })
      await store.write('deleteAccount', { id })
      const news: SessionNews = { sessionIds: [], isWholeAccount: true }
      parts.bus.publish(subjects.sessions(id), news)
    },
    showSettings: async (id: AccountId): Promise<AccountSettings> =>
      (await knownAccount(parts, id)).settings,
    changeSettings: async (id: AccountId, body: unknown): Promise<AccountSettings> =>
      (await change(id, { settings: settingsChange(body, '') })).settings,
  }
}
