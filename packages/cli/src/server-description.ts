/** `<data>/server.json`: how the other verbs find the server that runs on this data folder. [OPS30] */
import { readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { connect } from 'node:net'
import path from 'node:path'
import { CommandError } from './exit-codes.ts'
import { writePrivately } from './private-file.ts'

export interface ServerDescription {
  readonly pid: number
  /** `host:port` as clients name it. */
  readonly authority: string
  /** Where it listens on this machine. */
  readonly address: { readonly host: string; readonly port: number }
  /** False for plain HTTP behind a proxy. */
  readonly isSecure: boolean
  /** Absolute path of the development CA; absent with certificates of a real authority. */
  readonly ca?: string
  readonly adminToken: string
  /** The demo account, in development. */
  readonly account?: string
}

/** Addresses for people: the pages that a browser opens. */
export const pagesOf = ({ authority, isSecure, account }: ServerDescription) => {
  const base = `${isSecure ? 'https' : 'http'}://${authority}`
  return {
    base,
    workspace: `${base}/workspace/`,
    window: `${base}/window/`,
    ...(account !== undefined && { demo: `${base}/demo/` }),
  }
}

export const descriptionFile = (dataDir: string) => path.join(dataDir, 'server.json')

export const writeDescription = (dataDir: string, description: ServerDescription) =>
  writePrivately(descriptionFile(dataDir), description)

/** Takes the description away, unless another server has written its own since. */
export const removeDescription = async (dataDir: string): Promise<void> => {
  if (readDescription(dataDir)?.pid === process.pid) {
    await rm(descriptionFile(dataDir), { force: true })
  }
}

export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

const isDescription = (found: unknown): found is ServerDescription => {
  const { pid, authority, address, adminToken } = (found ?? {}) as Partial<ServerDescription>
  const texts = [authority, adminToken, address?.host]
  const numbers = [pid, address?.port]
  return (
    texts.every((text) => typeof text === 'string') &&
    numbers.every((number) => typeof number === 'number')
  )
}

export const readDescription = (dataDir: string): ServerDescription | undefined => {
  const file = descriptionFile(dataDir)
  try {
    const found: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (isDescription(found)) return found
    throw new Error('it is not whole')
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    if (code === 'ENOENT') return undefined
    throw new CommandError(
      'configuration',
      `The description of the server, ${file}, cannot be used (${code ?? message}). Check that this ` +
        'user may read it; where no server runs on this data folder, remove it.',
      { cause },
    )
  }
}

/** The description of a server whose process lives; one that died without tidying up counts as none. */
export const runningServer = (dataDir: string): ServerDescription | undefined => {
  const description = readDescription(dataDir)
  return description && isAlive(description.pid) ? description : undefined
}

const LOOK_MS = 5_000

/** False only where the machine says that nobody listens: a server that is slow to answer runs. */
const isListening = ({ host, port }: ServerDescription['address']): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host, port, timeout: LOOK_MS })
    const conclude = (isOpen: boolean) => {
      socket.destroy()
      resolve(isOpen)
    }
    socket.once('connect', () => conclude(true))
    socket.once('timeout', () => conclude(true))
    socket.once('error', (error: NodeJS.ErrnoException) => conclude(error.code !== 'ECONNREFUSED'))
  })

/** The description of a server that also listens: its process number may have gone to another process. */
export const listeningServer = async (dataDir: string): Promise<ServerDescription | undefined> => {
  const description = runningServer(dataDir)
  return description && (await isListening(description.address)) ? description : undefined
}
