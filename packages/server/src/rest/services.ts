import type { AccountId } from '@ringdown/protocol'

/** Every service name that discovery knows; all of them are this server. [NAM2] */
export const serviceNames = [
  'asyncMessagingEnt',
  'facadeMsg',
  'idp',
  'agentVep',
  'acCdnDomain',
  'leCdnDomain',
  'accountConfigReadOnly',
  'accountConfigReadWrite',
  'swift',
  'msgHist',
  'runtimeFormLogic',
  'secureFormConfig',
  'tokenizer',
  'sentinel',
  'messagingRestApiDomain',
  'leDataReporting',
  'pusher',
  'loggos',
] as const

export interface ServiceAddress {
  readonly service: string
  readonly account: AccountId
  readonly baseURI: string
}

/** Where each service of an account is found. */
export const serviceAddresses = (
  account: AccountId,
  authority: string,
): readonly ServiceAddress[] =>
  serviceNames.map((service) => ({ service, account, baseURI: authority }))
