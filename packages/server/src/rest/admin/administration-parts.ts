import type { ConsumerTokens } from '../../auth/consumer-tokens.ts'
import type { Passwords } from '../../auth/passwords.ts'
import type { KeyRing } from '../../auth/signing-keys.ts'
import type { Context } from '../../context.ts'

/** What administration needs; an opened store is enough, a running server is not required. */
export interface AdministrationParts
  extends Pick<Context, 'store' | 'clock' | 'ids' | 'bus' | 'config'> {
  readonly keys: KeyRing
  readonly tokens: ConsumerTokens
  readonly passwords: Passwords
}
