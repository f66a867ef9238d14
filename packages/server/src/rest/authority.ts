import type { FastifyRequest } from 'fastify'
import type { RestParts } from './rest-parts.ts'

const DEVELOPMENT_NAMES =
  /^(?:localhost|[a-z0-9-]+(?:\.[a-z0-9-]+)*\.localhost|127\.0\.0\.1|\[::1\])$/i
const AUTHORITY = /^([a-z0-9.-]+|\[[0-9a-f:]+\])(?::\d{1,5})?$/i

const coversDevelopmentNames = (hostname: string): boolean => DEVELOPMENT_NAMES.test(hostname)

/** An address to listen on everywhere is no name to call. */
const callable = (host: string): string => {
  if (host === '0.0.0.0' || host === '::' || host === '127.0.0.1') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}

const listening = ({ config }: Pick<RestParts, 'config'>, request: FastifyRequest): string =>
  `${callable(config.host)}:${request.socket.localPort ?? config.port}`

/**
 * The `host:port` that discovery, `iss` and links announce: the configured one; in development the
 * one the client itself used, if the certificate is good for it. [NAM6]
 */
export const announcedAuthority = (
  parts: Pick<RestParts, 'config' | 'certificateCovers'>,
  request: FastifyRequest,
): string => {
  const { config, certificateCovers = coversDevelopmentNames } = parts
  if (config.publicAuthority !== undefined) return config.publicAuthority
  const hostname = AUTHORITY.exec(request.headers.host ?? '')?.[1]
  if (config.dev && hostname !== undefined && certificateCovers(hostname))
    return request.headers.host as string
  return listening(parts, request)
}
