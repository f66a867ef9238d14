/** Settings become a Config: flag before environment before file before default. [OPS20] [OPS21] */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Config } from './config.ts'
import { ConfigurationError } from './configuration-error.ts'
import { maskSecrets } from './mask-secrets.ts'
import { nearest } from './nearest.ts'
import { type Setting, settings } from './settings.ts'

/** Variables with our prefix that are no settings. */
const otherVariables = [
  'RINGDOWN_CACHE',
  'RINGDOWN_CONFIG',
  'RINGDOWN_ADMIN_TOKEN',
  'RINGDOWN_NODE',
  'RINGDOWN_PATH',
]
const TEST_PREFIX = 'RINGDOWN_TEST_'

export interface Sources {
  /** Text by setting key: `{ port: '0', 'limits.frameBytes': '1024' }`. */
  readonly flags: Readonly<Record<string, string>>
  readonly env: Readonly<Record<string, string | undefined>>
  /** Path of the configuration file. */
  readonly file?: string
}

export interface Effective {
  readonly setting: Setting
  readonly value: unknown
  /** `flag --port`, `environment RINGDOWN_PORT`, `file /etc/ringdown.json`, `default`. */
  readonly origin: string
}

interface Given {
  readonly text: string
  readonly origin: string
  /** Folder that a relative path starts from. */
  readonly base: string
}

const unknown = (what: string, name: string, known: readonly string[]): never => {
  const suggestion = nearest(name, known)
  throw new ConfigurationError(
    `Unknown ${what} ${name}.${suggestion ? ` Did you mean ${suggestion}?` : ''}`,
  )
}

/** `{ limits: { frameBytes: 1 } }` → `limits.frameBytes: "1"`. */
const flatten = (tree: object, prefix = ''): [string, string][] =>
  Object.entries(tree).flatMap(([name, value]): [string, string][] => {
    const key = prefix + name
    if (Array.isArray(value)) return [[key, value.join(',')]]
    if (typeof value === 'object' && value !== null) return flatten(value, `${key}.`)
    return [[key, String(value)]]
  })

const readTree = (file: string): object => {
  const fail = (problem: string, cause?: unknown): never => {
    throw new ConfigurationError(`The configuration file ${file} ${problem}`, { cause })
  }
  if (!existsSync(file)) return fail('does not exist.')
  try {
    const tree: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (typeof tree === 'object' && tree !== null && !Array.isArray(tree)) return tree
  } catch (cause) {
    return fail(`is not JSON: ${(cause as Error).message}`, cause)
  }
  return fail('must hold one JSON object.')
}

const fromFile = (file: string | undefined): ReadonlyMap<string, string> => {
  if (file === undefined) return new Map()
  const entries = flatten(readTree(file))
  const keys = settings.map((setting) => setting.key)
  for (const [key] of entries) if (!keys.includes(key)) unknown(`setting in ${file}:`, key, keys)
  return new Map(entries)
}

const refuseUnknownVariables = (env: Sources['env']) => {
  const known = [...settings.flatMap(({ env: name }) => [name, `${name}_FILE`]), ...otherVariables]
  for (const name of Object.keys(env)) {
    if (!name.startsWith('RINGDOWN_') || name.startsWith(TEST_PREFIX)) continue
    if (!known.includes(name)) unknown('variable', name, known)
  }
}

const fromVariable = (setting: Setting, env: Sources['env']): Given | undefined => {
  const base = process.cwd()
  const fileVariable = `${setting.env}_FILE`
  const [text, file] = [env[setting.env], env[fileVariable]]
  if (text !== undefined && file !== undefined) {
    throw new ConfigurationError(`Both ${setting.env} and ${fileVariable} are set; keep one.`)
  }
  if (text !== undefined) return { text, origin: `environment ${setting.env}`, base }
  if (file === undefined) return undefined
  try {
    const content = readFileSync(file, 'utf8').replace(/\r?\n$/, '')
    return { text: content, origin: `environment ${fileVariable}`, base }
  } catch (cause) {
    throw new ConfigurationError(`${fileVariable} names ${file}, which cannot be read.`, { cause })
  }
}

/** What may be a path or an address is kept as it is when it is an address. */
const isAddress = (value: unknown): boolean => /^[a-z][a-z0-9]*:\/\//.test(String(value))

const parsed = (setting: Setting, { text, origin, base }: Given): unknown => {
  try {
    const value = setting.kind.parse(text)
    return setting.isPath && !isAddress(value) ? path.resolve(base, value as string) : value
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    throw new ConfigurationError(`${setting.key} (${origin}) ${error.message}.`, { cause: error })
  }
}

/** Every setting with its value and where that came from. */
export const effectiveSettings = (sources: Sources): readonly Effective[] => {
  refuseUnknownVariables(sources.env)
  const inFile = fromFile(sources.file)
  return settings.map((setting): Effective => {
    const given = givenFor(setting, sources, inFile)
    return given
      ? { setting, value: parsed(setting, given), origin: given.origin }
      : { setting, value: setting.fallback, origin: 'default' }
  })
}

const givenFor = (
  setting: Setting,
  { flags, env, file = '' }: Sources,
  inFile: ReadonlyMap<string, string>,
): Given | undefined => {
  const flagged = flags[setting.key]
  if (flagged !== undefined) {
    return { text: flagged, origin: `flag ${setting.flag ?? '--limit'}`, base: process.cwd() }
  }
  const text = inFile.get(setting.key)
  return (
    fromVariable(setting, env) ??
    (text === undefined
      ? undefined
      : { text, origin: `file ${file}`, base: path.dirname(path.resolve(file)) })
  )
}

const refuseContradictions = (config: Config, values: ReadonlyMap<string, unknown>) => {
  const [cert, key] = [values.get('tls.certFile'), values.get('tls.keyFile')]
  if ((cert === undefined) !== (key === undefined)) {
    throw new ConfigurationError('--tls-cert and --tls-key belong together; only one is given.')
  }
  if (config.tls && config.plainHttp) {
    throw new ConfigurationError('--plain-http and --tls-cert exclude each other; keep one.')
  }
  if (config.limits.sendLowWaterBytes > config.limits.sendHardBytes) {
    throw new ConfigurationError('limits.sendLowWaterBytes is above limits.sendHardBytes.')
  }
}

/** Builds the tree that the keys describe; settings without a value leave no trace. */
const toConfig = (effective: readonly Effective[]): Config => {
  const tree: Record<string, unknown> = { limits: {} }
  for (const { setting, value } of effective) {
    if (value === undefined) continue
    const [first = '', second] = setting.key.split('.')
    if (second === undefined) tree[first] = value
    else tree[first] = { ...(tree[first] as object | undefined), [second]: value }
  }
  return tree as unknown as Config
}

/** The configuration of a process; throws a ConfigurationError that says what to change. */
export const loadConfig = (sources: Sources): Config => {
  const effective = effectiveSettings(sources)
  const config = toConfig(effective)
  refuseContradictions(config, new Map(effective.map((one) => [one.setting.key, one.value])))
  return { ...config, dataDir: path.resolve(config.dataDir) }
}

/** A value as people may see it: secrets inside addresses are masked. [OPS22] */
export const printable = ({ setting, value }: Effective): unknown =>
  setting.isSecret && typeof value === 'string' ? maskSecrets(value) : value
