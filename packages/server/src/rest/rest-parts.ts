import type { ConsumerTokens } from '../auth/consumer-tokens.ts'
import type { Passwords } from '../auth/passwords.ts'
import type { KeyRing } from '../auth/signing-keys.ts'
import type { Context } from '../context.ts'

/** What the REST side is built from. */
export interface RestParts
  extends Pick<Context, 'config' | 'clock' | 'ids' | 'store' | 'bus' | 'log'> {
  readonly keys: KeyRing
  readonly tokens: ConsumerTokens
  readonly passwords: Passwords
  /** The local administration token. */
  readonly adminToken: string
  /** Whether the certificate in use is good for a host name; absent: the development names. */
  readonly certificateCovers?: (hostname: string) => boolean
  /** Whether this node holds a socket of the login session. */
  readonly isConnected?: (sessionId: string) => boolean
  /** True once the server has begun to stop. */
  readonly isDraining?: () => boolean
}
