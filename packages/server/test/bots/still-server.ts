import type { TestServer, TestServerOptions } from '../../src/testing/index.ts'
import { testServer } from '../../src/testing/index.ts'
import { WatchedClock } from './watched-clock.ts'

const NEVER_MS = 10 ** 10

/** A server whose time stands still until its clock is told to go on, and that leaves sockets alone. */
export const stillServer = async (
  options: TestServerOptions & { readonly now?: number } = {},
): Promise<{ server: TestServer; clock: WatchedClock }> => {
  const { now, ...rest } = options
  const clock = new WatchedClock(now)
  const server = await testServer({
    clock,
    ...rest,
    limits: {
      // Nothing refills on a clock that stands still.
      requestBurst: 100_000,
      idleMs: NEVER_MS,
      agentPingMs: NEVER_MS,
      consumerPingMs: NEVER_MS,
      ...options.limits,
    },
  })
  return { server, clock }
}
