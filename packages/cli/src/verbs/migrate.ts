/** `ringdown migrate`: brings the store's schema up to date, which every start does too. */
import { systemIds } from '@ringdown/server/configuration'
import { Command } from 'commander'
import { addServerOptions } from '../common-options.ts'
import { print } from '../output.ts'
import { configFor, type ServerOptions } from '../reach-server.ts'

interface MigrateOptions extends ServerOptions {
  readonly json?: boolean
}

const migrate = async (options: MigrateOptions) => {
  const config = configFor(options)
  const { openStore } = await import('@ringdown/server')
  await using store = await openStore(config, { ids: systemIds })
  const kind = config.databaseUrl === undefined ? 'embedded' : 'postgresql'
  print({ store: kind, schema: 'up to date', epoch: store.epoch }, options)
}

export const migrateVerb = () =>
  addServerOptions(new Command('migrate'))
    .description(
      'Brings the schema of the store up to date; the server does the same when it starts.',
    )
    .option('--json', 'Print JSON.')
    .action(migrate)
