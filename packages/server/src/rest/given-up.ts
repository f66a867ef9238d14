import type { FastifyRequest } from 'fastify'

/** Tells whether whoever asked has hung up: what is still to be done is done for nobody. */
export const givenUp =
  ({ raw }: Pick<FastifyRequest, 'raw'>): (() => boolean) =>
  () =>
    raw.socket.destroyed
