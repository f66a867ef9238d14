/**
 * Finds the server that a verb works on: the one that is named, the one that runs on the data folder,
 * or, where none runs, one of our own that opens the store under its exclusive lock, listens on
 * loopback only, and ends with the verb. All three answer the same requests. [OPS31]
 */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { RunningServer } from '@ringdown/server'
import { loadConfig } from '@ringdown/server/configuration'
import { CommandError } from './exit-codes.ts'
import type { Target } from './http-client.ts'
import { listeningServer, type ServerDescription } from './server-description.ts'

export interface ServerOptions {
  readonly data?: string
  readonly server?: string
  readonly ca?: string
  readonly config?: string
}

const DEFAULT_PORT = 8443

const readAuthority = (file: string | undefined) => {
  if (file === undefined) return undefined
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new CommandError('usage', `The authority ${file} cannot be read.`, { cause })
  }
}

const withCa = (ca: string | undefined) => (ca === undefined ? {} : { ca })

/** The port that stands in an address, also the usual one of its scheme, which `URL` drops. */
const namedPort = (address: string): number | undefined => {
  const port = URL.parse(address.replace(/^[a-z]+:/i, 'server:'))?.port
  return port ? Number(port) : undefined
}

const remote = ({ server = '', ca }: ServerOptions): Target => {
  const address = server.includes('://') ? server : `https://${server}`
  const url = URL.parse(address)
  if (!url) throw new CommandError('usage', `--server ${server} is not HOST:PORT.`)
  const isSecure = url.protocol === 'https:'
  const port = namedPort(address) ?? (isSecure ? DEFAULT_PORT : 80)
  const token = process.env.RINGDOWN_ADMIN_TOKEN
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port,
    authority: `${url.hostname}:${port}`,
    isSecure,
    ...withCa(readAuthority(ca)),
    ...(token === undefined ? {} : { token }),
  }
}

/** Where a described server is reached from this machine. */
export const targetOf = (description: ServerDescription, ca?: string): Target => ({
  ...description.address,
  authority: description.authority,
  isSecure: description.isSecure,
  ...withCa(readAuthority(ca ?? description.ca)),
  token: description.adminToken,
})

/** The configuration that a verb shares with the server: file and environment, and its --data. */
export const configFor = ({ data, config }: ServerOptions) =>
  loadConfig({
    flags: data === undefined ? {} : { dataDir: data },
    env: process.env,
    ...(config === undefined ? {} : { file: config }),
  })

const openOwn = async (options: ServerOptions): Promise<RunningServer> => {
  const config = configFor(options)
  const { tls: _, ...rest } = config
  const { startServer } = await import('@ringdown/server')
  return startServer({
    config: {
      ...rest,
      host: '127.0.0.1',
      port: 0,
      plainHttp: true,
      logLevel: 'silent',
      // What it announces must be right after it has gone.
      publicAuthority: config.publicAuthority ?? `localhost:${config.port}`,
    },
  })
}

/** The named or running server; undefined where none runs. */
export const findServer = async (options: ServerOptions): Promise<Target | undefined> => {
  if (options.server !== undefined) return remote(options)
  const description = await listeningServer(path.resolve(configFor(options).dataDir))
  return description && targetOf(description, options.ca)
}

/** Runs `work` against the server that the options name. */
export const withServer = async <T>(
  options: ServerOptions,
  work: (target: Target) => Promise<T>,
): Promise<T> => {
  const found = await findServer(options)
  if (found) return work(found)
  await using own = await openOwn(options)
  return await work({
    host: '127.0.0.1',
    port: own.port,
    authority: own.authority,
    isSecure: false,
    token: own.adminToken,
  })
}
