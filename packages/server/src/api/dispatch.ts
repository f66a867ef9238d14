/**
 * The one edge: every request of every socket is authenticated, authorised by role, validated,
 * handled and answered here, exactly once, and nowhere else.
 */
import type { MethodName } from '@ringdown/protocol'
import { bodyOf, methods, Refusal, validateBody, validateInitHeaders } from '@ringdown/protocol'
import { closeOfExpired } from '../domain/actor.ts'
import { ClosingRefusal } from './closing-refusal.ts'
import type { Frame } from './frame.ts'
import type { Answer, Call } from './handler.ts'
import { handlers } from './handlers.ts'
import type { Services } from './services.ts'
import type { Session } from './session.ts'

/** What is answered before the client has shown a token. [CON3] */
const open: ReadonlySet<MethodName> = new Set<MethodName>([
  'initConnection',
  'getClock',
  'keepAlive',
])

/** The request as its handler gets it, or a thrown Refusal. */
const authorise = (
  { method, body, metadata, encodedMetadata, headers }: Frame,
  session: Session,
  services: Services,
): Call<MethodName> => {
  const { identity } = session
  if (!open.has(method) && !identity) throw new Refusal('not_authenticated')
  // The sweep closes such a connection within a second; nothing may slip in before. [CON10]
  if (identity?.kind === 'consumer' && identity.expiresAt <= services.clock.now())
    throw new ClosingRefusal(closeOfExpired(identity))
  const { roles, isBuilt } = methods[method]
  if (!roles.includes(session.role)) throw new Refusal('not_permitted')
  if (!isBuilt) throw new Refusal('not_implemented')
  const fault =
    validateBody(method, body) ??
    (method === 'initConnection' ? validateInitHeaders(headers) : undefined)
  if (fault !== undefined) throw new Refusal('bad_request', `Bad request: ${fault}`)
  const carried = { metadata, encodedMetadata, headers }
  return { method, body: bodyOf(method, body), ...carried, session, services }
}

const answer = ({ reqId, method }: Frame, session: Session, { body, after }: Answer): void => {
  session.outlet.send(session.dialect.response(reqId, method, body))
  after?.()
}

/** Whatever is not a Refusal is a bug of ours: logged with its stack, answered without detail. */
const refuse = (
  frame: Frame,
  session: Session,
  failure: { thrown: unknown; services: Services },
) => {
  const { thrown, services } = failure
  const refusal =
    thrown instanceof Refusal ? thrown : new Refusal('internal', undefined, { cause: thrown })
  if (refusal.code === 'internal')
    services.log.error({ err: thrown, method: frame.method, session: session.id }, 'request failed')
  session.outlet.send(session.dialect.refusal(frame.reqId, refusal))
  if (refusal instanceof ClosingRefusal) session.close(refusal.closes)
}

const handle = (frame: Frame, session: Session, services: Services): Promise<Answer> | Answer => {
  const call = authorise(frame, session, services)
  const handler = handlers[frame.method] as (call: Call<MethodName>) => Promise<Answer> | Answer
  return handler(call)
}

interface Dispatching {
  readonly services: Services
  /** Earlier requests are still unanswered: handle this one now, and answer it after them. [CON6] */
  readonly turn?: Promise<void>
}

/**
 * Handles one request. Returns undefined when it was answered at once, else a promise of that; the
 * promise never rejects.
 */
export const dispatch = (
  frame: Frame,
  session: Session,
  { services, turn }: Dispatching,
): Promise<void> | undefined => {
  const fail = (thrown: unknown) => refuse(frame, session, { thrown, services })
  let handled: Promise<Answer> | Answer
  try {
    handled = handle(frame, session, services)
    if (!turn && !(handled instanceof Promise)) {
      answer(frame, session, handled)
      return undefined
    }
  } catch (thrown) {
    if (!turn) {
      fail(thrown)
      return undefined
    }
    handled = Promise.reject(thrown)
  }
  const outcome = Promise.resolve(handled)
  // It may fail before its turn comes, which is not yet anybody's concern.
  if (turn) outcome.catch(() => {})
  const inTurn = turn ? turn.then(() => outcome) : outcome
  return inTurn.then((later) => answer(frame, session, later)).catch(fail)
}
