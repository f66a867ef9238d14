/** Objects as they go out, and as they came in. */
export type WireObject = Readonly<Record<string, unknown>>

/** What is no object has no members. */
export const objectOf = (value: unknown): WireObject =>
  typeof value === 'object' && value !== null ? (value as WireObject) : {}
