import { mkdir } from 'node:fs/promises'
import { flushCompileCache } from 'node:module'
import path from 'node:path'
import type { RunningServer } from '@ringdown/server'
import { type Config, loadConfig, type Setting, settings } from '@ringdown/server/configuration'
import { Command } from 'commander'
import { banner } from '../banner.ts'
import { DEMO_ACCOUNT, type DemoAgent, seedDemo } from '../demo.ts'
import { CommandError, exitCodes, isLocked } from '../exit-codes.ts'
import { writePrivately } from '../private-file.ts'
import { targetOf } from '../reach-server.ts'
import {
  pagesOf,
  removeDescription,
  runningServer,
  type ServerDescription,
  writeDescription,
} from '../server-description.ts'
import { onStopRequest } from '../stop-request.ts'

interface ServeOptions extends Readonly<Record<string, unknown>> {
  readonly config?: string
  readonly readyFile?: string
  readonly limit: readonly string[]
}

const isSwitch = (setting: Setting) => setting.kind.placeholder === 'true|false'

/** Every setting that has a flag, as options of the command. */
export const addSettingFlags = (command: Command): Command => {
  for (const setting of settings) {
    if (setting.flag === undefined) continue
    const value = isSwitch(setting) ? '' : ` <${setting.kind.placeholder}>`
    const isUnset = setting.fallback === undefined || String(setting.fallback) === ''
    const fallback = isUnset || isSwitch(setting) ? '' : ` (default: ${setting.fallback})`
    command.option(`${setting.flag}${value}`, `${setting.doc}${fallback}`)
  }
  return command
    .option('--config <path>', 'Configuration file, JSON.', process.env.RINGDOWN_CONFIG)
    .option(
      '--limit <name=value>',
      'One limit, such as frameBytes=65536; may be repeated.',
      (item: string, items: readonly string[]) => [...items, item],
      [],
    )
}

const attribute = (flag: string) =>
  flag.slice(2).replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())

const limitFlags = (limits: readonly string[]) =>
  limits.map((item): [string, string] => {
    const [name = '', value] = item.split('=', 2)
    const key = `limits.${name}`
    if (value === undefined || !settings.some((setting) => setting.key === key)) {
      throw new CommandError('usage', `--limit ${item}: NAME=VALUE with a known limit is needed.`)
    }
    return [key, value]
  })

/** The text of each given flag, by setting key. */
export const givenFlags = (options: ServeOptions): Readonly<Record<string, string>> =>
  Object.fromEntries([
    ...settings
      .filter((setting) => setting.flag && options[attribute(setting.flag)] !== undefined)
      .map((setting) => [setting.key, String(options[attribute(setting.flag as string)])]),
    ...limitFlags(options.limit),
  ])

export const configFrom = (options: ServeOptions): Config =>
  loadConfig({
    flags: givenFlags(options),
    env: process.env,
    ...(options.config === undefined ? {} : { file: options.config }),
  })

/** Says where the server is that has the folder: whoever starts a second one mostly looks for the first. */
const busyFolder = ({ dataDir }: Config, cause: unknown) => {
  const other = runningServer(dataDir)
  const found = other ? `: the server on ${pagesOf(other).base}, process ${other.pid}` : ''
  const advice = 'Use or stop it, or give another --data.'
  const message = `The data folder ${dataDir} is in use by another process${found}. ${advice}`
  return new CommandError('busy', message, { cause })
}

const openServer = async (config: Config): Promise<RunningServer> => {
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 })
  const { startServer } = await import('@ringdown/server')
  try {
    return await startServer({ config })
  } catch (cause) {
    const { code, syscall } = cause as NodeJS.ErrnoException
    if (syscall === 'listen' && (code === 'EADDRINUSE' || code === 'EACCES')) {
      const reason = code === 'EACCES' ? 'may not be used by this user' : 'is already in use'
      const example = config.dev ? ' (`npm start -- --port 9443`)' : ''
      throw new CommandError(
        'unavailable',
        `Port ${config.port} on ${config.host} ${reason}. Stop what uses it, or give another --port` +
          `${example}; 0 takes any free one.`,
        { cause },
      )
    }
    throw isLocked(cause) ? busyFolder(config, cause) : cause
  }
}

const describe = (server: RunningServer, config: Config): ServerDescription => ({
  pid: process.pid,
  authority: server.authority,
  address: {
    host: ['0.0.0.0', '::', ''].includes(config.host) ? 'localhost' : config.host,
    port: server.port,
  },
  isSecure: !config.plainHttp,
  ...(server.caFile === undefined ? {} : { ca: path.resolve(server.caFile) }),
  adminToken: server.adminToken,
  ...(config.dev ? { account: DEMO_ACCOUNT } : {}),
})

const announce = async (
  description: ServerDescription,
  agents: readonly DemoAgent[],
  options: ServeOptions,
) => {
  const { pid, account, authority, ca } = description
  if (options.readyFile === undefined) return
  await writePrivately(path.resolve(options.readyFile), {
    pid,
    account,
    authority,
    ca,
    agents,
    urls: pagesOf(description),
  })
}

/** What tells that the server is there, and that it ends: the banner to a person, else the log. [OPS66] */
const teller = (server: RunningServer, config: Config) => {
  const { log } = server.context
  if (config.dev || process.stdout.isTTY)
    return { started: (greeting: string) => process.stdout.write(greeting), ending: () => {} }
  return {
    started: () => log.info({ authority: server.authority, port: server.port }, 'started'),
    ending: (what: string) => log.info(what),
  }
}

/** Runs a server until it is told to stop. [OPS33] [OPS35] */
const serve = async (options: ServeOptions): Promise<void> => {
  const config = configFrom(options)
  const server = await openServer(config)
  server.onFatal((cause) => {
    process.stderr.write(
      `ringdown: the store cannot promise durability any more: ${cause.message}\n`,
    )
    process.exit(exitCodes.fatal)
  })
  const stopRequested = onStopRequest()
  const tell = teller(server, config)
  try {
    const description = describe(server, config)
    await writeDescription(config.dataDir, description)
    const agents = config.dev ? await seedDemo(targetOf(description), config.dataDir) : []
    await announce(description, agents, options)
    // Not at the end alone, which a server that is killed does not have. [OPS65]
    flushCompileCache()
    tell.started(banner(description, agents, config))
    await stopRequested
    tell.ending('stopping')
  } finally {
    await server.stop()
    await removeDescription(config.dataDir)
    tell.ending('stopped')
  }
}

export const serveVerb = () =>
  addSettingFlags(
    new Command('serve').description('Runs the server until it is stopped by SIGTERM or SIGINT.'),
  )
    .option('--ready-file <path>', 'File that is written once the server accepts connections.')
    .action(serve)
