/** The server said no, with the status and the words that it said it with. */
export class RequestRefused extends Error {
  override readonly name = 'RequestRefused'
  /** HTTP’s meaning: 4xx will not succeed by repetition, 429 and 5xx may. */
  readonly code: number
  /** What the answer carried: a text, or more where the request used an extension. */
  readonly body: unknown

  constructor(type: string, code: number, body: unknown) {
    super(`${type}: ${code} ${typeof body === 'string' ? body : JSON.stringify(body)}`)
    this.code = code
    this.body = body
  }
}

/** The connection ended before an answer came: whether the request took effect is not known. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost'
}

/** No answer came in time. */
export class RequestTimedOut extends Error {
  override readonly name = 'RequestTimedOut'
}

/** The client was closed, or its identity cannot be renewed. */
export class ClientClosed extends Error {
  override readonly name = 'ClientClosed'
}

/** The server’s log of a dialog is another one than was read: what was read of it is void. */
export class DialogReplaced extends Error {
  override readonly name = 'DialogReplaced'
}

const UNAUTHENTICATED = 401
const TOO_MANY = 429
const NOT_IMPLEMENTED = 501

/**
 * Whether the same may succeed later: a connection that was lost, an answer that did not come, too many
 * requests, an identity that is being renewed, a server that cannot just now.
 */
export const isPassing = (problem: unknown): boolean => {
  if (!(problem instanceof RequestRefused))
    return problem instanceof ConnectionLost || problem instanceof RequestTimedOut
  const { code } = problem
  if (code === UNAUTHENTICATED || code === TOO_MANY) return true
  return code >= 500 && code !== NOT_IMPLEMENTED
}
