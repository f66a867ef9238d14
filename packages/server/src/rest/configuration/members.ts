/** How members of configured things are read and written. [ADM3] [ADM9] */
import {
  type Fields,
  fields,
  type optional,
  type Reader,
  refuseField,
  text,
} from '../admin/fields.ts'

export type Body = Readonly<Record<string, unknown>>

type Shape = Readonly<
  Record<string, ReturnType<typeof optional> | { isOptional: false; read: Reader<unknown> }>
>

const ID = /^-?\d{1,18}$/

/** A number, written as such or as text. */
export const id: Reader<string> = (value, at) => {
  const written = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value
  return typeof written === 'string' && ID.test(written)
    ? written
    : refuseField(at, 'must be a number')
}

/** Ids are numbers on the wire; those too long for one stay text. */
export const idOut = (value: string): number | string =>
  ID.test(value) && Number.isSafeInteger(Number(value)) ? Number(value) : value

export const idsOut = (values: readonly string[]): readonly (number | string)[] => values.map(idOut)

/** Text that may be long and have several lines. */
export const longText =
  (max: number): Reader<string> =>
  (value, at) => {
    if (typeof value !== 'string') return refuseField(at, 'must be text')
    if (Buffer.byteLength(value) > max) return refuseField(at, `must have at most ${max} bytes`)
    if (!value.isWellFormed() || value.includes('\0'))
      return refuseField(at, 'must not contain control characters')
    return value
  }

export const anyText = text({ min: 0, max: 1024 })

/** Milliseconds as `yyyy-MM-dd HH:mm:ss`, UTC. */
export const dateText = (at: number): string =>
  new Date(at).toISOString().slice(0, 19).replace('T', ' ')

/**
 * An object with these members: null is as good as absent, and what only the server writes is taken
 * back unread, so that what was read can be sent again.
 */
export const whole =
  <const S extends Shape>(shape: S, readOnly: readonly string[] = []): Reader<Fields<S>> =>
  (value, at) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return refuseField(at, 'must be an object')
    const given = Object.entries(value).filter(
      ([name, one]) => one !== null && !(readOnly.includes(name) && !Object.hasOwn(shape, name)),
    )
    return fields(shape)(Object.fromEntries(given), at) as Fields<S>
  }

/** The members that have a value. */
export const known = (members: Body): Body =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value != null))
