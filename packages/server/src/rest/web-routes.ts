/** The web applications: the consumer's window, the agents' workspace, and a shop to try them in. */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { answerFailures } from './failures.ts'
import type { RestParts } from './rest-parts.ts'
import { BuiltApplication, type BuiltFile } from './web/built-application.ts'
import { demoFiles } from './web/demo-shop.ts'
import { type Admitted, type Application, PART_POLICY, pageHeaders } from './web/page-headers.ts'

interface Asked {
  Params: { '*': string }
  Querystring: { account?: unknown }
}

type AskedRequest = FastifyRequest<Asked>

/** Packages lie beside each other, in the repository as under `node_modules`. */
const PACKAGES = fileURLToPath(new URL('../../../', import.meta.url))

const NOT_BUILT = 'Nothing was built here yet. Run `npm run build` and load this page again.\n'
const NOT_FOUND = 'There is no such page.\n'

const encodingFor = ({ headers }: FastifyRequest, file: BuiltFile) => {
  const accepted = String(headers['accept-encoding'] ?? '')
  if (file.br && /\bbr\b/.test(accepted)) return { encoding: 'br', content: file.br }
  if (file.gz && /\bgzip\b/.test(accepted)) return { encoding: 'gzip', content: file.gz }
  return { content: file.plain }
}

const IMMUTABLE = 'public, max-age=31536000, immutable'

const sendFile = (request: FastifyRequest, reply: FastifyReply, file: BuiltFile) => {
  reply.headers({
    'content-type': file.contentType,
    etag: file.etag,
    vary: 'accept-encoding',
    ...(file.isHashed && { 'cache-control': IMMUTABLE }),
  })
  if (request.headers['if-none-match'] === file.etag) return reply.code(304).send()
  const { encoding, content } = encodingFor(request, file)
  if (encoding) reply.header('content-encoding', encoding)
  return reply.send(content)
}

const sayMissing = (reply: FastifyReply, text: string) =>
  reply.code(404).header('content-type', 'text/plain; charset=utf-8').send(text)

/**
 * Whom and what the account lets in. Of an address that names no account, or names it twice, nobody can
 * say which one its page would take: it lets nobody in. [WEB4] [WEB9]
 */
const admittedBy = async (
  { store }: RestParts,
  { query }: AskedRequest,
): Promise<{ readonly admitted?: Admitted }> => {
  const account =
    typeof query.account === 'string' ? await store.read('account', query.account) : undefined
  if (!account) return {}
  const { allowedOrigins = [], imageHosts = [] } = account.settings
  return { admitted: { allowedOrigins, imageHosts } }
}

const isNavigation = (name: string) => !/\.[a-z0-9]+$/i.test(name)

const applicationRoutes =
  (parts: RestParts, name: Exclude<Application, 'demo'>) => async (app: FastifyInstance) => {
    const built = new BuiltApplication(join(parts.pages ?? PACKAGES, name, 'dist'))
    if (name !== 'portal' && !built.isBuilt)
      parts.log.warn(`The ${name} is not there: nothing was built. Run \`npm run build\`.`)
    answerFailures(app, parts)
    app.addHook('onRequest', async (_request, reply) => {
      reply.header('content-security-policy', PART_POLICY)
      // Other sites embed the window and check its loader by its hash.
      if (name !== 'window') reply.header('cross-origin-resource-policy', 'same-origin')
      else {
        reply.header('cross-origin-resource-policy', 'cross-origin')
        reply.header('access-control-allow-origin', '*')
      }
    })

    const sendPage = async (request: AskedRequest, reply: FastifyReply) => {
      const page = built.page
      if (!page) return sayMissing(reply, NOT_BUILT)
      const asked = {
        authority: request.headers.host ?? '',
        isSecure: request.protocol === 'https',
        ...(name === 'window' && (await admittedBy(parts, request))),
      }
      reply.headers(pageHeaders(name, asked))
      return sendFile(request, reply, page)
    }

    app.get<Asked>(`/${name}`, sendPage)
    app.get<Asked>(`/${name}/*`, async (request, reply) => {
      const path = request.params['*']
      const file = path === 'index.html' ? undefined : built.file(path)
      if (file) {
        reply.header('cache-control', 'no-cache')
        return sendFile(request, reply, file)
      }
      // Addresses inside an application are its own business.
      if (path === 'index.html' || isNavigation(path)) return sendPage(request, reply)
      return sayMissing(reply, built.page ? NOT_FOUND : NOT_BUILT)
    })
  }

/** A shop that embeds the window, for trying things out. [WEB8] */
const demoRoutes = (parts: RestParts) => async (app: FastifyInstance) => {
  answerFailures(app, parts)
  for (const [path, { contentType, text }] of Object.entries(demoFiles)) {
    app.get(path, async (request, reply) => {
      const asked = {
        authority: request.headers.host ?? '',
        isSecure: request.protocol === 'https',
      }
      reply.headers(pageHeaders('demo', asked))
      return reply.header('content-type', contentType).send(text)
    })
  }
}

export const webRoutes = (parts: RestParts) => async (app: FastifyInstance) => {
  for (const name of ['window', 'workspace', 'portal'] as const)
    await app.register(applicationRoutes(parts, name))
  if (parts.config.dev) await app.register(demoRoutes(parts))
}
