/** For whoever runs the server: is it alive, can it work, what is it. [NAM10] */
import { readFileSync } from 'node:fs'
import type { FastifyInstance } from 'fastify'
import { answerFailures } from './failures.ts'
import type { RestParts } from './rest-parts.ts'

const { version } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as { version: string }

type Check = 'ok' | 'failed'

/** Goes through the store's writing side, where a full disk or a lost database shows. */
const checkStore = async ({ store, clock }: RestParts): Promise<Check> => {
  try {
    await store.write('proveWritable', { at: clock.now() })
    return 'ok'
  } catch {
    // The reason is for the log of the store, not for whoever asks.
    return 'failed'
  }
}

/** Lets all who ask at the same time share one probe. */
const shared = <T>(work: () => Promise<T>): (() => Promise<T>) => {
  let running: Promise<T> | undefined
  return () => {
    running ??= work().finally(() => {
      running = undefined
    })
    return running
  }
}

export const healthRoutes = (parts: RestParts) => async (app: FastifyInstance) => {
  answerFailures(app, parts)
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
  })
  const storeCheck = shared(() => checkStore(parts))
  app.get('/livez', async () => ({ status: 'ok' }))
  app.get('/readyz', async (_request, reply) => {
    const checks = {
      store: await storeCheck(),
      serving: (parts.isDraining?.() ? 'failed' : 'ok') as Check,
    }
    const isReady = Object.values(checks).every((check) => check === 'ok')
    return reply.code(isReady ? 200 : 503).send({ status: isReady ? 'ok' : 'failed', checks })
  })
  app.get('/version', async () => ({ name: 'ringdown', version }))
}
