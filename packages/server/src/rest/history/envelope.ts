/** What stands around a page of records: how many there are, and where the other pages are. [HIS5] */
import type { FastifyRequest } from 'fastify'
import { announcedAuthority } from '../authority.ts'
import type { RestParts } from '../rest-parts.ts'

type Asked = Pick<RestParts, 'config' | 'certificateCovers'>

interface Place {
  readonly count: number
  readonly offset: number
  readonly limit: number
}

/** `first`, `self`, `last`, and `prev` and `next` where there are such pages. */
const pagesOf = ({ count, offset, limit }: Place): readonly (readonly [string, number])[] => {
  const size = Math.max(limit, 1)
  const last = Math.max(0, Math.ceil(count / size) - 1) * size
  return [
    ['first', 0],
    ['self', offset],
    ...(offset + size < count ? ([['next', offset + size]] as const) : []),
    ...(offset > 0 ? ([['prev', Math.max(0, offset - size)]] as const) : []),
    ['last', last],
  ]
}

export const pageMetadata = (parts: Asked, request: FastifyRequest, place: Place): object => {
  const [path = '', query = ''] = request.url.split('?', 2)
  const origin = `https://${announcedAuthority(parts, request)}`
  const link = (offset: number): string => {
    const parameters = new URLSearchParams(query)
    parameters.set('limit', String(place.limit))
    parameters.set('offset', String(offset))
    return `${origin}${path}?${parameters}`
  }
  const links = pagesOf(place).map(([rel, offset]) => [rel, { rel, href: link(offset) }])
  return {
    count: place.count,
    ...Object.fromEntries(links),
    shardsStatusResult: { partialResult: false },
  }
}
