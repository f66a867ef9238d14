import { existsSync } from 'node:fs'
import { type Command, InvalidArgumentError } from 'commander'
import { credentialsFile, DEMO_ACCOUNT } from './demo.ts'
import { CommandError } from './exit-codes.ts'
import type { OutputOptions } from './output.ts'
import type { ServerOptions } from './reach-server.ts'
import { runningServer } from './server-description.ts'

export interface AdminOptions extends ServerOptions, OutputOptions {}

export interface AccountOptions extends AdminOptions {
  readonly account?: string
}

/** Options with which a verb says which server it means. */
export const addServerOptions = (command: Command): Command =>
  command
    .option('--data <path>', 'Data folder of the server (default: ./data).')
    .option(
      '--server <host:port>',
      'Another server; RINGDOWN_ADMIN_TOKEN opens its administration.',
    )
    .option('--ca <path>', 'Certificate authority of that server.')
    .option('--config <path>', 'Configuration file, JSON.', process.env.RINGDOWN_CONFIG)

export const addAdminOptions = (command: Command): Command =>
  addServerOptions(command).option('--json', 'Print JSON.')

export const addAccountOptions = (command: Command): Command =>
  addAdminOptions(command).option(
    '--account <id>',
    'The account (default: LP_ACCOUNT, else in development the demo account).',
  )

/** Of a data folder that is used for development, whether its server runs or not. */
const developmentAccount = (data: string): string | undefined => {
  const running = runningServer(data)
  // What runs says what it is, also on a folder that was once used for development.
  if (running) return running.account
  return existsSync(credentialsFile(data)) ? DEMO_ACCOUNT : undefined
}

/** The account that the options mean; only in development there is one that nobody named. [OPS31] */
export const accountOf = ({ account, server, data = './data' }: AccountOptions): string => {
  const named = account ?? process.env.LP_ACCOUNT
  const meant = named ?? (server === undefined ? developmentAccount(data) : undefined)
  if (meant === undefined)
    throw new CommandError('usage', 'Which account? Name it with --account, or in LP_ACCOUNT.')
  return meant
}

/** Collects a repeatable option. */
export const collect = (item: string, items: readonly string[] = []): readonly string[] => [
  ...items,
  item,
]

export const whole = (text: string): number => {
  if (!/^-?\d+$/.test(text)) throw new InvalidArgumentError('A whole number is needed.')
  return Number(text)
}

/** `ttr.urgent=300 maxOpenConversations=5` as a tree; values are JSON where they parse as it. */
export const assignments = (items: readonly string[]): Record<string, unknown> => {
  const tree: Record<string, unknown> = {}
  for (const item of items) {
    const at = item.indexOf('=')
    if (at <= 0) throw new InvalidArgumentError(`${item}: NAME=VALUE is needed.`)
    const [first = '', second] = item.slice(0, at).split('.', 2)
    const value = jsonOrText(item.slice(at + 1))
    if (second === undefined) tree[first] = value
    else tree[first] = { ...(tree[first] as object | undefined), [second]: value }
  }
  return tree
}

const jsonOrText = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    // Words need no quotes.
    return text
  }
}
