/** `ringdown config`: what the server would run with, and why. */
import {
  effectiveSettings,
  loadConfig,
  printable,
  refuseStart,
} from '@ringdown/server/configuration'
import { Command } from 'commander'
import { print } from '../output.ts'
import { addSettingFlags, givenFlags } from './serve.ts'

interface ConfigOptions {
  readonly config?: string
  readonly limit: readonly string[]
  readonly origin?: boolean
  readonly json?: boolean
  readonly [flag: string]: unknown
}

const sourcesOf = (options: ConfigOptions) => ({
  flags: givenFlags(options),
  env: process.env,
  ...(options.config === undefined ? {} : { file: options.config }),
})

const printSettings = (options: ConfigOptions) => {
  const sources = sourcesOf(options)
  loadConfig(sources)
  const rows = effectiveSettings(sources).map((one) => ({
    setting: one.setting.key,
    value: printable(one) ?? '',
    ...(options.origin ? { origin: one.origin } : {}),
  }))
  print(rows, options)
}

const checkSettings = (options: ConfigOptions) => {
  refuseStart(loadConfig(sourcesOf(options)))
  if (options.json) print({ ok: true }, options)
  else process.stdout.write('The configuration is usable.\n')
}

export const configVerb = () =>
  new Command('config')
    .description('Prints or checks the configuration.')
    .addCommand(
      addSettingFlags(new Command('print'))
        .description('Prints every setting; passwords are masked.')
        .option('--origin', 'Say where each value comes from.')
        .option('--json', 'Print JSON.')
        .action(printSettings),
    )
    .addCommand(
      addSettingFlags(new Command('check'))
        .description('Says whether a server could start with it.')
        .option('--json', 'Print JSON.')
        .action(checkSettings),
    )
