import type { Logger } from 'pino'
import type { Authenticator } from './auth/authenticator.ts'
import type { Bus } from './bus/bus.ts'
import type { Clock } from './clock.ts'
import type { Config } from './config.ts'
import type { Ids } from './ids.ts'
import type { Store } from './store/store.ts'

/** Every dependency of the server, built once in `server.ts`. Take what you need: `Pick<Context, …>`. */
export interface Context {
  readonly config: Config
  readonly clock: Clock
  readonly ids: Ids
  readonly store: Store
  readonly bus: Bus
  readonly auth: Authenticator
  readonly log: Logger
}
