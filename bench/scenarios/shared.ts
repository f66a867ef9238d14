import { join } from 'node:path'
import type { RunningTarget } from '../targets.ts'

/** The development authority of a server that speaks TLS. */
export const caOf = ({ target, dataDir }: RunningTarget, tls: boolean): { caFile?: string } =>
  tls && target.kind === 'product' ? { caFile: join(dataDir, 'dev', 'ca.pem') } : {}
