/** How an error becomes an answer: nothing of its inside reaches the client. [NAM9] */
import { type ErrorCode, Refusal } from '@ringdown/protocol'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { RestParts } from './rest-parts.ts'

export interface Failure {
  readonly status: number
  readonly refusal: Refusal
}

type Describe = (failure: Failure) => object
type Statuses = Readonly<Partial<Record<ErrorCode, number>>>

/** Fastify's own complaints about a request carry a status below 500. */
const statusOf = (error: unknown): number => {
  const { statusCode } = error as { statusCode?: unknown }
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500 ? statusCode : 500
}

const failureOf = (error: unknown, statuses: Statuses): Failure => {
  if (error instanceof Refusal)
    return { status: statuses[error.code] ?? error.status, refusal: error }
  const status = statusOf(error)
  if (status === 500) return { status, refusal: new Refusal('internal') }
  const detail = status === 413 ? 'The body is too large' : 'Bad request'
  return { status, refusal: new Refusal('bad_request', detail) }
}

/** One line for each refusal and fault, with nothing that a client sent. [NAM12] */
const report = (
  { log }: Pick<RestParts, 'log'>,
  request: FastifyRequest,
  { status, refusal, error }: Failure & { error: unknown },
): void => {
  // The route's pattern, never the address itself: addresses may hold secrets.
  const about = {
    requestId: request.id,
    route: request.routeOptions.url,
    address: request.ip,
    status,
    code: refusal.code,
  }
  if (status >= 500) log.error({ ...about, err: error }, 'request failed')
  else log.info(about, 'request refused')
}

/** The plain body of a refusal. */
export const describeFailure: Describe = ({ status, refusal }) => ({
  statusCode: status,
  error: { code: refusal.code, message: refusal.message },
})

interface Wording {
  readonly describe?: Describe
  /** Statuses that differ from those that sockets send. */
  readonly statuses?: Statuses
}

/** Answers every error thrown in this scope, in the words that its clients read. */
export const answerFailures = (
  app: FastifyInstance,
  parts: Pick<RestParts, 'log'>,
  { describe = describeFailure, statuses = {} }: Wording = {},
): void => {
  app.setErrorHandler((error, request, reply: FastifyReply) => {
    const failure = failureOf(error, statuses)
    report(parts, request, { ...failure, error })
    return reply.code(failure.status).send(describe(failure))
  })
}
