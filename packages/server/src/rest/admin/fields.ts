/**
 * Reads the bodies of administration requests. A reader turns an unknown value into a typed one or
 * refuses with the name of the field that is wrong; unknown keys are refused. [AG31]
 */
import { Refusal } from '@ringdown/protocol'

export type Reader<T> = (value: unknown, at: string) => T

interface Field<T, IsOptional extends boolean> {
  readonly read: Reader<T>
  readonly isOptional: IsOptional
}

type Shape = Readonly<Record<string, Field<unknown, boolean>>>
type ValueOf<F> = F extends Field<infer T, boolean> ? T : never
type OptionalKeys<S extends Shape> = {
  [Key in keyof S]: S[Key]['isOptional'] extends true ? Key : never
}[keyof S]

export type Fields<S extends Shape> = {
  readonly [Key in Exclude<keyof S, OptionalKeys<S>>]: ValueOf<S[Key]>
} & { readonly [Key in OptionalKeys<S>]?: ValueOf<S[Key]> }

export const required = <T>(read: Reader<T>): Field<T, false> => ({ read, isOptional: false })
export const optional = <T>(read: Reader<T>): Field<T, true> => ({ read, isOptional: true })

export const refuseField = (at: string, problem: string): never => {
  throw new Refusal('bad_request', `${at || 'The body'} ${problem}`)
}

interface TextBounds {
  readonly min?: number
  readonly max?: number
  readonly pattern?: RegExp
}

/** Text without control characters, measured in UTF-8 bytes. */
export const text =
  ({ min = 1, max = 256, pattern }: TextBounds = {}): Reader<string> =>
  (value, at) => {
    if (typeof value !== 'string') return refuseField(at, 'must be text')
    const bytes = Buffer.byteLength(value)
    if (bytes < min || bytes > max) return refuseField(at, `must have ${min} to ${max} bytes`)
    if (!value.isWellFormed() || /\p{Cc}/u.test(value))
      return refuseField(at, 'must not contain control characters')
    if (pattern && !pattern.test(value)) return refuseField(at, `must match ${pattern.source}`)
    return value
  }

export const integer =
  (min: number, max: number): Reader<number> =>
  (value, at) =>
    Number.isInteger(value) && (value as number) >= min && (value as number) <= max
      ? (value as number)
      : refuseField(at, `must be an integer from ${min} to ${max}`)

export const flag: Reader<boolean> = (value, at) =>
  typeof value === 'boolean' ? value : refuseField(at, 'must be true or false')

export const oneOf =
  <const Choice extends string>(choices: readonly Choice[]): Reader<Choice> =>
  (value, at) =>
    choices.find((choice) => choice === value) ??
    refuseField(at, `must be one of ${choices.join(', ')}`)

const MAX_ITEMS = 1000

export const listOf =
  <T>(read: Reader<T>): Reader<readonly T[]> =>
  (value, at) => {
    if (!Array.isArray(value)) return refuseField(at, 'must be a list')
    if (value.length > MAX_ITEMS) return refuseField(at, `must have at most ${MAX_ITEMS} items`)
    return value.map((item, index) => read(item, `${at}[${index}]`))
  }

/** An object with these fields and no others. */
export const fields =
  <const S extends Shape>(shape: S): Reader<Fields<S>> =>
  (value, at) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return refuseField(at, 'must be an object')
    const inside = (name: string) => (at === '' ? name : `${at}.${name}`)
    const given = new Map(Object.entries(value))
    for (const name of given.keys())
      if (!Object.hasOwn(shape, name)) return refuseField(inside(name), 'is not known')
    const read: Record<string, unknown> = {}
    for (const [name, field] of Object.entries(shape)) {
      const one = given.get(name)
      if (one !== undefined) read[name] = field.read(one, inside(name))
      else if (!field.isOptional) return refuseField(inside(name), 'is missing')
    }
    return read as Fields<S>
  }
