import type { AccountId, AgentId } from '@ringdown/protocol'
import type { ConsumerTokens } from '../auth/consumer-tokens.ts'
import type { LoginTurns } from '../auth/login-turns.ts'
import type { Passwords } from '../auth/passwords.ts'
import type { KeyRing } from '../auth/signing-keys.ts'
import type { Context } from '../context.ts'
import type { Files } from '../files/files.ts'

/** What the REST side is built from. */
export interface RestParts
  extends Pick<Context, 'config' | 'clock' | 'ids' | 'store' | 'bus' | 'log' | 'auth'> {
  readonly keys: KeyRing
  readonly tokens: ConsumerTokens
  readonly passwords: Passwords
  readonly loginTurns: LoginTurns
  /** The folder with the packages whose built pages are served; absent: the one beside this package. */
  readonly pages?: string
  /** Absent: no addresses of files. */
  readonly files?: Files
  /** The local administration token. */
  readonly adminToken: string
  /** Whether the certificate in use is good for a host name; absent: the development names. */
  readonly certificateCovers?: (hostname: string) => boolean
  /** Whether this node holds a socket of the login session. */
  readonly isConnected?: (sessionId: string) => boolean
  /** Whether this node holds a socket of the agent. */
  readonly isAgentConnected?: (accountId: AccountId, agentId: AgentId) => boolean
  /** True once the server has begun to stop. */
  readonly isDraining?: () => boolean
}
