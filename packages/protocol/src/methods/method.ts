import { type TSchema, Type } from 'typebox'
import type { ErrorCode } from '../errors.ts'
import { type Role, roles, type Version } from '../frames.ts'

export interface WireNames {
  readonly request: string
  readonly response: string
}

/** One thing a client may ask, as data. */
export interface Method {
  readonly title: string
  /** One sentence. */
  readonly description: string
  /** Who may ask it; any other role is refused with `not_permitted`. */
  readonly roles: readonly Role[]
  /** What it and its answer are called, for each of these roles and each version. */
  readonly names: { readonly [R in Role]?: Readonly<Record<Version, WireNames>> }
  /** Further request names, in the form that `normaliseType` gives. */
  readonly aliases?: readonly string[]
  /** What is accepted; an absent or null body counts as `{}`. */
  readonly body: TSchema
  /** What is sent as the body of a success. */
  readonly answers: Readonly<Record<Version, TSchema>>
  /** Whether this release does it; what is not built answers 501. */
  readonly isBuilt: boolean
  /** What it may refuse with, besides what every request may meet (`commonErrors`). */
  readonly errors: readonly ErrorCode[]
}

/** Refusals that any request may meet. */
export const commonErrors = [
  'bad_request',
  'not_authenticated',
  'not_permitted',
  'too_many_requests',
  'internal',
  'unavailable',
] as const satisfies readonly ErrorCode[]

/**
 * Keeps a method's exact schemas in its type, from which handlers and clients infer theirs. The roles
 * are those that have names for it.
 */
export const defineMethod = <const M extends Omit<Method, 'roles'>>(
  method: M,
): M & Pick<Method, 'roles'> => ({
  ...method,
  roles: roles.filter((role) => method.names[role] !== undefined),
})

/** The plain string with which many requests are answered. */
export const PlainText = Type.String({ minLength: 1, maxLength: 128 })
export const plain = { 2: PlainText, 3: PlainText } as const

/** Name of a plain string response. Every refusal has it, whatever was asked. [FRM5] */
export const plainResponses = {
  consumer: { 2: '.ReqBody$StringResp', 3: 'StringResponse' },
  agent: { 2: '.ReqBody$StringResp', 3: '.ReqBody$StringResp' },
} as const satisfies Record<Role, Record<Version, string>>

interface NameParts {
  /** Request name of version 3, such as `ms.PublishEvent`. */
  readonly request: string
  /** Request name of version 2; absent: `.ams.` and the name of version 3. */
  readonly request2?: string
  readonly response: string
  readonly response2: string
}

/** The usual pair: version 2 has `.ams.` in front of the request's name. */
export const names = (parts: NameParts): Record<Version, WireNames> => ({
  2: { request: parts.request2 ?? `.ams.${parts.request}`, response: parts.response2 },
  3: { request: parts.request, response: parts.response },
})

/** The names of a request that is answered with a plain string. */
export const plainNames = (
  role: Role,
  parts: Pick<NameParts, 'request' | 'request2'>,
): Record<Version, WireNames> =>
  names({ ...parts, response: plainResponses[role][3], response2: plainResponses[role][2] })
