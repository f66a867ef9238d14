/** Runs one job in a generator process of its own. */
import type { Job, Reply, Result } from './load/job.ts'
import { startNode } from './processes.ts'
import { GENERATOR_CORE } from './targets.ts'

export interface RunOptions {
  readonly pin: boolean
  /** File of the authority that signed the server's certificate. */
  readonly caFile?: string
}

export const runJob = <Made extends Result>(job: Job, options: RunOptions): Promise<Made> => {
  const script = new URL('load/generator.ts', import.meta.url).pathname
  const child = startNode(script, [], {
    withChannel: true,
    // An open loop naps between two sends and has to wake on time; it needs a fifth of a core.
    isPrompt: job.load === 'open',
    ...(options.pin ? { core: GENERATOR_CORE } : {}),
    env: options.caFile ? { NODE_EXTRA_CA_CERTS: options.caFile } : {},
  })
  return new Promise((resolve, reject) => {
    child.once('message', (reply: Reply) => {
      if ('error' in reply) reject(new Error(reply.error))
      else resolve(reply.result as Made)
    })
    child.once('exit', (code) => reject(new Error(`the generator ended with ${code}`)))
    child.send(job)
  })
}
