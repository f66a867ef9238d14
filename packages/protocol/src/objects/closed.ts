/** Parts of the schemas that judge what agents compose. */
import { type TProperties, Type } from 'typebox'

/** An object that has no other members. */
export const closed = <Properties extends TProperties>(properties: Properties) =>
  Type.Object(properties, { additionalProperties: false })

export const HTTPS = '^[hH][tT][tT][pP][sS]://'
export const COLOUR = '^#?[0-9a-fA-F]+$'

export const textUpTo = (maxLength: number) => Type.String({ maxLength })

export const Numeral = Type.Number()
