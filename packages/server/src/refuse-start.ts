/** What stops a start before anything is opened; `serve` and `config check` ask the same. [OPS24] */
import type { Config } from './config.ts'
import { ConfigurationError } from './configuration-error.ts'
import { s3Parts } from './files/s3-location.ts'
import { configuredPair } from './tls/certificates.ts'

/** Throws a ConfigurationError when no server could start as it is configured. */
export const refuseStart = (
  config: Pick<Config, 'busUrl' | 'dev' | 'files' | 'plainHttp' | 'tls'>,
  env: Readonly<Record<string, string | undefined>> = process.env,
): void => {
  if (config.busUrl !== undefined)
    throw new ConfigurationError(
      'A bus between several machines is not available in this release. Leave --bus out and run one server.',
    )
  configuredPair(config)
  s3Parts(config.files, env)
}
