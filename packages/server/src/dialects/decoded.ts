/**
 * Reading what clients send. Clients differ: one element stands for a list of one, numbers come as
 * text and ids as numbers. What cannot be read is a refusal that names the field. [EV27]
 */
import type { ErrorCode } from '@ringdown/protocol'

export type WireObject = Readonly<Record<string, unknown>>

interface Refused {
  readonly ok: false
  readonly code: ErrorCode
  readonly detail?: string
}

export type Decoded<Value> = { readonly ok: true; readonly value: Value } | Refused

export const fine = <Value>(value: Value): Decoded<Value> => ({ ok: true, value })

export const bad = (field: string): Refused => ({
  ok: false,
  code: 'bad_request',
  detail: `Bad request: ${field}`,
})

export const objectOf = (value: unknown): WireObject | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as WireObject)
    : undefined

/** Nothing, one or many, as a list. */
export const listOf = (value: unknown): readonly unknown[] => {
  if (value === undefined || value === null) return []
  return Array.isArray(value) ? value : [value]
}

/** A whole number, also as text. */
export const integerOf = (value: unknown): number | undefined => {
  const number =
    typeof value === 'string' && /^-?\d{1,16}$/.test(value.trim()) ? Number(value) : value
  return Number.isSafeInteger(number) ? (number as number) : undefined
}

/** Neither lone surrogates nor NUL: databases and other clients choke on them. */
export const isClean = (text: string): boolean => text.isWellFormed() && !text.includes('\0')

const cleaned = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD')

/** A short text or an id, also as a number; empty means absent. An id made clean is an unknown id. */
export const textOf = (value: unknown): string | undefined => {
  if (typeof value === 'string') return value === '' ? undefined : cleaned(value)
  return Number.isSafeInteger(value) ? String(value) : undefined
}

/** A text cut to its length limit. */
export const cut = (text: string, length: number): string => cleaned(text.slice(0, length))

/** A word of an enumeration, in any case. */
export const wordOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value.trim().toUpperCase() : undefined
