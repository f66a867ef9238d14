/** JSON that is put together from text, so that what is serialised once is never parsed again. */

/** JSON text that is put into a frame as it stands. */
export class JsonText {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** A string as JSON text; also makes lone surrogates and control characters harmless. */
export const quote = (value: string): string => JSON.stringify(value)

export const jsonOf = (value: unknown): string =>
  value instanceof JsonText ? value.text : (JSON.stringify(value) ?? '{}')
