/**
 * Building blocks of what is ACCEPTED. Clients in the field send numbers for ids, numeric strings for
 * numbers, a lone element for a one-element array and null for a field they do not set; each of these
 * is written into the schema, so that what is accepted can be read there and nothing is coerced.
 */
import { type Static, type TSchema, type TSchemaOptions, Type } from 'typebox'

/** Ids are kept as text; no database column can hold a NUL character. */
export const NO_NUL = '^[^\\u0000]*$'
export const INTEGER_TEXT = '^-?[0-9]{1,15}$'
export const NATURAL_TEXT = '^[0-9]{1,15}$'
export const NUMBER_TEXT = '^-?[0-9]{1,15}(\\.[0-9]{1,9})?$'

const ID_LENGTH = 64
const LARGEST = Number.MAX_SAFE_INTEGER

/** An id: a string, or a number that stands for one. [FRM9] */
export const IdLike = Type.Unsafe<string | number>({
  type: ['string', 'integer'],
  minLength: 1,
  maxLength: ID_LENGTH,
  pattern: NO_NUL,
})

/** An id in a filter, where the empty string means "any". */
export const IdFilter = Type.Unsafe<string | number>({
  type: ['string', 'integer'],
  maxLength: ID_LENGTH,
  pattern: NO_NUL,
})

/** A number, or a string that spells one. [FRM9] */
export const NumberLike = Type.Unsafe<number | string>({
  type: ['number', 'string'],
  minimum: -LARGEST,
  maximum: LARGEST,
  pattern: NUMBER_TEXT,
})

/** An integer, or a string that spells one. [FRM9] */
export const IntegerLike = Type.Unsafe<number | string>({
  type: ['integer', 'string'],
  minimum: -LARGEST,
  maximum: LARGEST,
  pattern: INTEGER_TEXT,
})

/** An integer from 0 up, or a string that spells one. [FRM9] */
export const NaturalLike = Type.Unsafe<number | string>({
  type: ['integer', 'string'],
  minimum: 0,
  maximum: LARGEST,
  pattern: NATURAL_TEXT,
})

/** One of a list of words. */
export const OneOf = <const Words extends readonly string[]>(words: Words) =>
  Type.Unsafe<Words[number]>({ type: 'string', enum: [...words] })

/** An object whose inside is the sender's business. */
export const Opaque = Type.Unsafe<Record<string, unknown>>({ type: 'object' })

/** An array, or its only element without the brackets. [FRM8] */
export const OneOrMany = <Item extends TSchema>(
  item: Item,
  options: { minItems?: number; maxItems?: number } = {},
) =>
  Type.Unsafe<Static<Item> | Static<Item>[]>({
    if: { type: 'array' },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { type: 'array', items: item, ...options },
    else: item,
  })

/** A field that may be absent, and for which null means the same. [FRM7] */
export const Maybe = <Schema extends TSchema>(schema: Schema) =>
  Type.Optional(Type.Unsafe<Static<Schema> | null>(orNull(schema)))

const orNull = (schema: TSchema): TSchemaOptions => {
  const plain: Record<string, unknown> = { ...schema }
  if (plain['type'] === undefined) return { if: { type: 'null' }, else: schema }
  const words = plain['enum'] as readonly unknown[] | undefined
  return {
    ...plain,
    type: [plain['type'], 'null'].flat(),
    ...(words && { enum: [...words, null] }),
  }
}

/** A union told apart by one field, so that a fault is reported against the variant that was meant. */
export const Tagged = <Variants extends TSchema[]>(tag: string, variants: [...Variants]) =>
  Type.Unsafe<Static<Variants[number]>>({
    type: 'object',
    required: [tag],
    discriminator: { propertyName: tag },
    oneOf: variants,
  })
