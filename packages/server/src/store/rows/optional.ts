/** NULL in rows, absent in domain values. */

export const orNull = <T>(value: T | undefined): T | null => value ?? null

export const jsonOrNull = (value: unknown): string | null =>
  value === undefined ? null : JSON.stringify(value)

type Present<T> = { -readonly [K in keyof T]?: NonNullable<T[K]> }

/** The fields that have a value; those that are null or undefined are left out. */
export const present = <T extends object>(fields: T): Present<T> => {
  const kept: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(fields)) if (value != null) kept[name] = value
  return kept as Present<T>
}

/** Parses JSON that the store itself wrote. */
export const parsed = <T>(json: string): T => JSON.parse(json) as T

export const parsedOrNull = <T>(json: string | null): T | null =>
  json === null ? null : parsed<T>(json)

export const flag = (value: boolean): 0 | 1 => (value ? 1 : 0)
