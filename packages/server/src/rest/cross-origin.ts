import type { FastifyInstance } from 'fastify'

/** Lets pages of any origin call these routes, without credentials. [NAM4] */
export const allowAnyOrigin = (app: FastifyInstance): void => {
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('access-control-allow-origin', '*')
  })
}

/** Answers the preflight of a route in this scope. [IDP1] */
export const answerPreflight = (app: FastifyInstance, path: string, methods: string): void => {
  app.options(path, async (request, reply) => {
    reply.header('access-control-allow-methods', methods)
    const asked = request.headers['access-control-request-headers']
    // Echoing is safe: without credentials a page can do no more than any other client.
    reply.header('access-control-allow-headers', asked ?? 'content-type')
    reply.header('access-control-max-age', '86400')
    return reply.code(204).send()
  })
}
