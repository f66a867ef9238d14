import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Command } from 'commander'
import { accountOf, addServerOptions, collect } from '../common-options.ts'
import { CommandError } from '../exit-codes.ts'
import { findServer, type ServerOptions } from '../reach-server.ts'
import { type Environment, readEnvFile, variableOf } from '../shell/env-file.ts'
import { serviceVariables } from '../shell/services.ts'
import { chooseShell, interactive, runShell } from '../shell/start-shell.ts'
import { toolVariables } from '../shell/tools.ts'
import { trustVariables } from '../shell/trust.ts'

interface ShellOptions extends ServerOptions {
  readonly account?: string
  readonly command?: string
  readonly env?: readonly string[]
  readonly envFile?: readonly string[]
}

/** Variables that the person gave: files first, then single ones, later before earlier. */
const givenVariables = ({ env = [], envFile = [] }: ShellOptions): Environment => ({
  ...Object.assign({}, ...envFile.map((file) => readEnvFile(file, process.env))),
  ...Object.fromEntries(env.map((item) => variableOf(item, process.env))),
})

const environmentFor = async (options: ShellOptions, folder: string): Promise<Environment> => {
  const target = await findServer(options)
  if (!target) {
    throw new CommandError(
      'unavailable',
      'No server runs on this data folder. Start one with `npm start`, or name it with --data or --server.',
    )
  }
  const given = givenVariables(options)
  const named = options.account ?? given.LP_ACCOUNT
  const account = accountOf({ ...options, ...(named === undefined ? {} : { account: named }) })
  const tools = toolVariables(process.env)
  return {
    ...process.env,
    ...(await serviceVariables(target, account)),
    ...(target.ca === undefined ? {} : trustVariables(target.ca, folder, process.env)),
    ...tools,
    RINGDOWN_PATH: tools.PATH,
    ...given,
    LP_ACCOUNT: account,
  }
}

/** A shell in which the tutorials' command lines work as printed. [OPS61] [OPS62] */
const openShell = async (options: ShellOptions): Promise<void> => {
  const folder = mkdtempSync(path.join(tmpdir(), 'ringdown-shell-'))
  try {
    const env = await environmentFor(options, folder)
    const shell = chooseShell(env)
    const isInteractive = options.command === undefined && process.stdin.isTTY
    const prompt = isInteractive ? interactive(shell, folder, env) : { args: [], env: {} }
    const args = options.command === undefined ? prompt.args : ['-c', options.command]
    process.exitCode = await runShell(shell, args, { ...env, ...prompt.env })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

export const shellVerb = () =>
  addServerOptions(new Command('shell'))
    .description('Opens a shell with curl, jq and wscat, made up for one account.')
    .option('-c, --command <text>', 'Run one command instead of opening a shell.')
    .option(
      '--account <id>',
      'The account (default: LP_ACCOUNT, else in development the demo account).',
    )
    .option('-e, --env <name=value>', 'Set a variable; may be repeated.', collect)
    .option('--env-file <path>', 'Set the variables of a file; may be repeated.', collect)
    .action(openShell)
