import type { KeyRing } from '../../auth/signing-keys.ts'
import type { AdministrationParts } from './administration-parts.ts'

type KeyEntry = ReturnType<KeyRing['list']>[number]

const withoutSecret = ({ kid, use, state, createdAt }: KeyEntry): KeyEntry => ({
  kid,
  use,
  state,
  createdAt,
})

export const keyAdministration = ({ keys, store }: AdministrationParts) => ({
  listKeys: (): readonly KeyEntry[] => keys.list(),
  rotateKeys: async (): Promise<KeyEntry> => withoutSecret(await keys.rotateSigningKey(store)),
  revokeKey: async (kid: string): Promise<KeyEntry> => withoutSecret(await keys.revoke(kid, store)),
})
