/**
 * What a client says about itself, in a header, in query parameters or in a request. Nothing in it is
 * ever refused: long texts are cut, other things left out, and the address is the peer's. [CV29]
 */
import type { ClientProperties } from '@ringdown/protocol'
import { cut, listOf, objectOf, type WireObject } from './decoded.ts'

const textLengths = {
  appId: 64,
  appVersion: 32,
  deviceFamily: 64,
  os: 64,
  osVersion: 64,
  osName: 64,
  integration: 64,
  integrationVersion: 64,
  browser: 64,
  browserVersion: 64,
  timeZone: 64,
  deviceManufacture: 64,
  deviceModel: 64,
} as const

type PropertyName = keyof typeof textLengths

const names = Object.keys(textLengths) as readonly PropertyName[]
const MAX_FEATURES = 32
const FEATURE_LENGTH = 64

const texts = (given: WireObject): Partial<Record<PropertyName, string>> => {
  const found: Partial<Record<PropertyName, string>> = {}
  for (const name of names) {
    const value = given[name]
    if (typeof value === 'string' || typeof value === 'number') {
      found[name] = cut(String(value), textLengths[name])
    }
  }
  return found
}

const featuresOf = (value: unknown): string[] =>
  listOf(value)
    .filter((one) => typeof one === 'string')
    .flatMap((one) => one.split(','))
    .map((one) => cut(one.trim(), FEATURE_LENGTH))
    .filter((one) => one !== '')
    .slice(0, MAX_FEATURES)

export type { ClientProperties }

/** Client properties in the one form that is stored and sent. */
export const clientProperties = (value: unknown, peerAddress?: string): ClientProperties => {
  const given = objectOf(value) ?? {}
  const features = featuresOf(given['features'])
  return {
    type: '.ClientProperties',
    ...texts(given),
    ...(peerAddress !== undefined && { ipAddress: peerAddress }),
    ...(features.length > 0 && { features }),
  }
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    // A header that is not JSON counts as none.
    return undefined
  }
}

/** What an upgrade says: the header's value, and query parameters for what the header lacks. */
export const upgradeProperties = (upgrade: {
  readonly header?: string
  readonly query: URLSearchParams
}): WireObject => {
  const fromQuery: Record<string, unknown> = {}
  for (const name of names) {
    const value = upgrade.query.get(name)
    if (value !== null) fromQuery[name] = value
  }
  const features = upgrade.query.getAll('features')
  if (features.length > 0) fromQuery['features'] = features
  return { ...fromQuery, ...objectOf(parsed(upgrade.header ?? '')) }
}
