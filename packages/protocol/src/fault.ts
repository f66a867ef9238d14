/** A schema's complaint as one sentence that names the field and says what would be right. [FRM10] */
import type { ErrorObject } from 'ajv'
import { INTEGER_TEXT, NATURAL_TEXT, NO_NUL, NUMBER_TEXT } from './objects/lenient.ts'

/** Leaves room in a string response, which holds 128 characters. */
const SENTENCE_LENGTH = 110

const patternTexts = new Map([
  [NO_NUL, 'must not contain a NUL character'],
  [INTEGER_TEXT, 'must be an integer'],
  [NATURAL_TEXT, 'must be an integer from 0 up'],
  [NUMBER_TEXT, 'must be a number'],
  ['^[1-5]$', 'must be an integer from 1 to 5'],
])

const typeTexts = new Map([
  ['object', 'an object'],
  ['array', 'an array'],
  ['integer', 'an integer'],
])

type Describe = (fault: ErrorObject) => string

/** Keywords that fault the value itself. */
const texts: Readonly<Record<string, Describe>> = {
  type: ({ params }) => `must be ${typeText(params['type'])}`,
  enum: ({ params }) => oneOf(params['allowedValues']),
  const: ({ params }) => `must be ${String(params['allowedValue'])}`,
  minLength: ({ params }) => atLeast(params['limit'], 'characters'),
  maxLength: ({ params }) => `must have at most ${params['limit']} characters`,
  minItems: ({ params }) => atLeast(params['limit'], 'items'),
  maxItems: ({ params }) => `must have at most ${params['limit']} items`,
  minimum: ({ params }) => `must be at least ${params['limit']}`,
  maximum: ({ params }) => `must be at most ${params['limit']}`,
  pattern: ({ params }) => patternTexts.get(params['pattern']) ?? 'has the wrong form',
}

const atLeast = (limit: number, unit: string): string =>
  limit === 1 ? 'must not be empty' : `must have at least ${limit} ${unit}`

/** Spellings of a word in lower case are understood, not advertised. */
const isAdvertised = (value: unknown, _: number, values: readonly unknown[]): boolean => {
  if (typeof value !== 'string' || value === '') return false
  return value === value.toUpperCase() || !values.includes(value.toUpperCase())
}

const oneOf = (values: readonly unknown[]): string => {
  const words = values.filter(isAdvertised)
  return words.length === 1 ? `must be ${words[0]}` : `must be one of ${words.join(', ')}`
}

/** `null` stands for an absent field, which nobody needs to be told. */
const typeText = (types: string | readonly string[]): string => {
  const names = [types].flat().filter((name) => name !== 'null')
  return names.map((name) => typeTexts.get(name) ?? `a ${name}`).join(' or ')
}

/** `/event/sequenceList/0` → `body.event.sequenceList[0]` */
const pathOf = (pointer: string, root: string): string =>
  root + pointer.replaceAll(/\/(\d+)(?=\/|$)/g, '[$1]').replaceAll('/', '.')

/** The values by which the variants of a union are told apart. */
const tagValues = (fault: ErrorObject): unknown[] => {
  const variants: unknown = fault.parentSchema?.['oneOf']
  if (!Array.isArray(variants)) return []
  return variants.map((variant) => variant?.properties?.[fault.params['tag']]?.const)
}

const describeTag = (fault: ErrorObject, path: string): string => {
  const { tag, tagValue } = fault.params
  const field = `${path}.${tag}`
  if (tagValue === undefined) return `${field} is required`
  if (typeof tagValue !== 'string') return `${field} must be a string`
  return `${field} ${oneOf(tagValues(fault))}`
}

const describe = (fault: ErrorObject, root: string): string => {
  const path = pathOf(fault.instancePath, root)
  if (fault.keyword === 'required') return `${path}.${fault.params['missingProperty']} is required`
  if (fault.keyword === 'discriminator') return describeTag(fault, path)
  return `${path} ${texts[fault.keyword]?.(fault) ?? 'is not valid'}`
}

export const describeFault = (fault: ErrorObject, root: string): string => {
  const sentence = describe(fault, root)
  if (sentence.length <= SENTENCE_LENGTH) return sentence
  return `${sentence.slice(0, SENTENCE_LENGTH - 1)}…`
}
