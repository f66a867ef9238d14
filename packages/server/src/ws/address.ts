/** What an upgrade's URL says. [CON1] */
import type { AccountId, Role, Version } from '@ringdown/protocol'

export interface SocketAddress {
  readonly accountId: AccountId
  readonly role: Role
  readonly version: Version
  /** Consumers: the token when it is in the path. Agents: the bearer. */
  readonly token?: string
  readonly query: URLSearchParams
}

export interface BadAddress {
  readonly status: 400 | 404
  readonly problem: string
}

const PATH =
  /^\/+ws_api\/account\/(?<account>[a-zA-Z0-9_]{1,20})\/messaging\/(?<side>consumer|brand)(?:\/(?<token>[^/]+))?\/?$/

const versionOf = (text: string | null): Version | undefined => {
  if (text === null || text === '') return 3
  const number = Number(text)
  if (number === 3) return 3
  return number >= 2 && number < 3 ? 2 : undefined
}

const decoded = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

export const parseAddress = (url: string): SocketAddress | BadAddress => {
  const [path = '', search = ''] = url.split('?', 2)
  const { account, side, token } = PATH.exec(path)?.groups ?? {}
  if (account === undefined)
    return { status: 404, problem: 'Expected /ws_api/account/{account}/messaging/{consumer|brand}' }
  const query = new URLSearchParams(search)
  const version = versionOf(query.get('v'))
  if (version === undefined) return { status: 400, problem: 'v must be 2 or 3' }
  const role = side === 'brand' ? 'agent' : 'consumer'
  const given = token === undefined ? undefined : decoded(token)
  return { accountId: account, role, version, query, ...(given !== undefined && { token: given }) }
}

/** The token of `Authorization: jwt …`, in any case and spacing. [CON2] */
export const tokenOfHeader = (header: string | undefined): string | undefined =>
  /^\s*(?:jwt|bearer)[\s:]+(\S+)\s*$/i.exec(header ?? '')?.[1]
