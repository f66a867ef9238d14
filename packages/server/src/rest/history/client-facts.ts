/** What a client said about itself, as records tell it. [HIS29] */
import type { Conversation } from '../../domain/conversation.ts'
import { UNKNOWN } from './names.ts'
import { objectOf, type WireObject } from './wire-object.ts'

const devices: readonly unknown[] = ['DESKTOP', 'TABLET', 'MOBILE']

const systems: ReadonlyMap<unknown, string> = new Map([
  ['WINDOWS', 'WINDOWS'],
  ['OSX', 'MAC_OSX'],
  ['LINUX', 'LINUX'],
  ['IOS', 'IOS'],
  ['ANDROID', 'ANDROID'],
])

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

/** `WEB_SDK` is `web-sdk`, `PHOTO_SHARING` is `PHOTOSHARING`. */
const integrationName = (name: string | undefined) => name?.toLowerCase().replaceAll('_', '-')
const featureName = (name: unknown): string => String(name).replaceAll('_', '')

const known = (members: Readonly<Record<string, unknown>>): WireObject =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))

const machineOf = (properties: WireObject): WireObject => {
  const family = textOf(properties['deviceFamily'])?.toUpperCase()
  const system = systems.get(textOf(properties['os'])?.toUpperCase())
  return {
    device: devices.includes(family) ? family : UNKNOWN,
    deviceModel: textOf(properties['deviceModel']) ?? UNKNOWN,
    browser: textOf(properties['browser']) ?? UNKNOWN,
    browserVersion: textOf(properties['browserVersion']) ?? UNKNOWN,
    operatingSystem: system ?? 'NA',
    operatingSystemVersion: textOf(properties['osVersion']) ?? UNKNOWN,
  }
}

/** From the context with which a conversation was opened; more than the machine only as far as it is known. */
export const clientFacts = ({ context = {} }: Pick<Conversation, 'context'>): WireObject => {
  const properties = objectOf(context['clientProperties'])
  const { features } = properties
  return {
    ...machineOf(properties),
    ...known({
      sessionId: textOf(context['sessionId']),
      interactionContextId: textOf(context['interactionContextId']),
      language: textOf(context['lang']),
      timeZone: textOf(properties['timeZone']),
      integration: integrationName(textOf(properties['integration'])),
      integrationVersion: textOf(properties['integrationVersion']),
      appId: textOf(properties['appId']),
      appVersion: textOf(properties['appVersion']),
      ipAddress: textOf(properties['ipAddress']),
      features: Array.isArray(features) ? features.map(featureName) : undefined,
    }),
  }
}
