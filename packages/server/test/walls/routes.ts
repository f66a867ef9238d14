/** Every REST address, read from the server's own table of routes. */
import type { FastifyInstance } from 'fastify'

export interface Route {
  readonly method: string
  /** With its parameters as `:account`, `:id`. */
  readonly path: string
}

const INDENT = 4
const LINE = /^(?<indent>[│ ]*)[├└]── (?<path>\S*) \((?<methods>[A-Z, ]+)\)/

/** Fastify prints its table as a tree: each line goes on from the last one that stands less deep. */
export const routesOf = (app: FastifyInstance): readonly Route[] => {
  const above: string[] = []
  return app
    .printRoutes({ commonPrefix: false })
    .split('\n')
    .flatMap((line) => {
      const { indent = '', path = '', methods = '' } = LINE.exec(line)?.groups ?? {}
      if (methods === '') return []
      const depth = indent.length / INDENT
      above.length = depth
      above[depth] = (above[depth - 1] ?? '') + path.replaceAll(/\(\^[^)]*\)/g, '')
      return methods
        .split(', ')
        .filter((method) => method !== 'HEAD' && method !== 'OPTIONS')
        .map((method) => ({ method, path: above[depth] ?? '' }))
    })
}

/** Our own addresses that an agent's bearer opens; the others are the administrator's. */
export const isForAgents = ({ path }: Route): boolean =>
  /\/ringdown\/v1\/(?:conversations\/:id\/why$|me\/)/.test(path)

/** What anybody may ask, with or without a token. */
export const isPublic = ({ path }: Route): boolean =>
  /\/service\/|\/signup|\/anonymous\/|\/authenticate$|\/jwks\.json$|\/(?:login|logout|refresh)$/.test(
    path,
  ) ||
  /\/all-connectors$|\/users\/:pid$|^\/api\/configuration\/defaults\/|^\/(?:livez|readyz|version)$|^\/(?:window|workspace|demo)(?:\/|$)/.test(
    path,
  )
