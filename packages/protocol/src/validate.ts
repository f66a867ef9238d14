/**
 * Bodies against their schemas. Compiled when first needed, since all of them together take a third of a
 * server's start, and kept for the process. Stops at the first fault, so that hostile input costs no more
 * than its length.
 */
import { Ajv, type ValidateFunction } from 'ajv'
import type { TSchema } from 'typebox'
import { describeAtPointer, describeFault } from './fault.ts'
import { InitHeaders, RequestFrame } from './frames.ts'
import { QuickReplies } from './objects/quick-replies.ts'
import { StructuredContent } from './objects/structured-content.ts'
import { type BodyOf, type MethodName, methods } from './registry.ts'

const ajv = new Ajv({
  allErrors: false,
  discriminator: true,
  messages: false,
  // That the schemas are sound is tested, and need not be found out again by every process.
  validateSchema: false,
  meta: false,
  // The schemas name types inside `then` and `else` once more, which strict types would call a fault.
  strictTypes: false,
  // Elements that many lists may hold are compiled once instead of in each of them.
  inlineRefs: false,
  // Gives faults the schema they are about, for the words that would have been right.
  verbose: true,
})

const compiled = new Map<TSchema, ValidateFunction>()

const compile = (schema: TSchema): ValidateFunction => {
  const known = compiled.get(schema)
  if (known) return known
  const fresh = ajv.compile(schema)
  compiled.set(schema, fresh)
  return fresh
}

/** The check's first fault as a sentence; the check itself must not keep the value alive. */
const takeFault = (check: ValidateFunction, root: string): string => {
  const fault = check.errors?.[0]
  check.errors = null
  return fault ? describeFault(fault, root) : `${root} is not valid`
}

/** One sentence about the first fault of a value, or undefined. `root` names the value. */
export const findFault = (schema: TSchema, value: unknown, root: string): string | undefined => {
  const check = compile(schema)
  return check(value) ? undefined : takeFault(check, root)
}

const bodyChecks = new Map<MethodName, ValidateFunction>()

const bodyCheck = (method: MethodName): ValidateFunction => {
  const known = bodyChecks.get(method)
  if (known) return known
  const fresh = compile(methods[method].body)
  bodyChecks.set(method, fresh)
  return fresh
}

const findContentFault = (schema: TSchema, value: unknown, root: string): string | undefined => {
  const check = compile(schema)
  if (check(value)) return undefined
  const fault = check.errors?.[0]
  check.errors = null
  return fault ? describeAtPointer(fault, root) : `${root} is not valid`
}

/** What is wrong with structured content, with the place as a JSON Pointer below `/content`. [CNT3] */
export const validateStructuredContent = (content: unknown): string | undefined =>
  findContentFault(StructuredContent, content, '/content')

/** The same of quick replies, below `/quickReplies`. */
export const validateQuickReplies = (quickReplies: unknown): string | undefined =>
  findContentFault(QuickReplies, quickReplies, '/quickReplies')

/**
 * What is wrong with a request's body, in a sentence that names the field, or undefined. An absent or
 * null body counts as `{}`. [FRM7] [FRM10]
 */
export const validateBody = (method: MethodName, body: unknown): string | undefined => {
  const check = bodyCheck(method)
  if (check(body ?? {})) return undefined
  return takeFault(check, 'body')
}

/** The body as the method's handler gets it, once `validateBody` found nothing wrong. */
export const bodyOf = <Name extends MethodName>(_method: Name, body: unknown): BodyOf<Name> =>
  (body ?? {}) as BodyOf<Name>

/** What is wrong with a frame's envelope, or undefined. */
export const validateFrame = (frame: unknown): string | undefined =>
  findFault(RequestFrame, frame, 'frame')?.replace(/^frame\./, '')

/** What is wrong with InitConnection's headers, or undefined; absent ones are no fault. [REQ2] */
export const validateInitHeaders = (headers: unknown): string | undefined =>
  headers == null ? undefined : findFault(InitHeaders, headers, 'headers')
