import type { BodyOf, MethodName } from '@ringdown/protocol'
import type { Services } from './services.ts'
import type { Session } from './session.ts'

/** A validated request on its way to its handler. */
export interface Call<M extends MethodName> {
  readonly method: M
  readonly body: BodyOf<M>
  readonly metadata: unknown
  readonly encodedMetadata: unknown
  readonly headers: unknown
  readonly session: Session
  readonly services: Services
}

export interface Answer {
  /** JSON-ready body of the response; a string is a plain text answer. */
  readonly body: unknown
  /** Runs after the response was handed to the socket: whatever the request causes comes after. */
  readonly after?: (() => void) | undefined
}

/** Answers a request, or throws a Refusal from the method's list. */
export type Handler<M extends MethodName> = (call: Call<M>) => Promise<Answer> | Answer
