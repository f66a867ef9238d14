/** A schema's complaint as one sentence that names the field and says what would be right. [FRM10] */
import type { ErrorObject } from 'ajv'
import { COLOUR, HTTPS } from './objects/closed.ts'
import { INTEGER_TEXT, NATURAL_TEXT, NO_NUL, NUMBER_TEXT } from './objects/lenient.ts'

/** Leaves room in a string response, which holds 128 characters. */
const SENTENCE_LENGTH = 110

const patternTexts = new Map([
  [NO_NUL, 'must not contain a NUL character'],
  [INTEGER_TEXT, 'must be an integer'],
  [NATURAL_TEXT, 'must be an integer from 0 up'],
  [NUMBER_TEXT, 'must be a number'],
  ['^[1-5]$', 'must be an integer from 1 to 5'],
  [HTTPS, 'must be an https address'],
  [COLOUR, 'must be a colour in hex digits'],
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
  maxProperties: ({ params }) => `must have at most ${params['limit']} members`,
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

/** Definitions are called after the type that they define. */
const typeOfReference = (reference: unknown): unknown =>
  typeof reference === 'string' ? reference.slice(reference.lastIndexOf('/') + 1) : undefined

/** The values by which the variants of a union are told apart. */
const tagValues = (fault: ErrorObject): unknown[] => {
  const variants: unknown = fault.parentSchema?.['oneOf']
  if (!Array.isArray(variants)) return []
  return variants.map(
    (variant) =>
      variant?.properties?.[fault.params['tag']]?.const ?? typeOfReference(variant?.$ref),
  )
}

/** What is wrong, and with which member of the value where the fault was found. */
const complaint = (fault: ErrorObject): { member?: string; text: string } => {
  const { params } = fault
  if (fault.keyword === 'required')
    return { member: params['missingProperty'], text: 'is required' }
  if (fault.keyword === 'additionalProperties')
    return { member: params['additionalProperty'], text: 'is not known here' }
  if (fault.keyword !== 'discriminator')
    return { text: texts[fault.keyword]?.(fault) ?? 'is not valid' }
  const { tag: member, tagValue } = params
  if (tagValue === undefined) return { member, text: 'is required' }
  if (typeof tagValue !== 'string') return { member, text: 'must be a string' }
  return { member, text: oneOf(tagValues(fault)) }
}

const shortened = (sentence: string): string =>
  sentence.length <= SENTENCE_LENGTH ? sentence : `${sentence.slice(0, SENTENCE_LENGTH - 1)}…`

export const describeFault = (fault: ErrorObject, root: string): string => {
  const { member, text } = complaint(fault)
  const path = pathOf(fault.instancePath, root)
  return shortened(`${path}${member === undefined ? '' : `.${member}`} ${text}`)
}

/** Of a longer pointer the end says more than the beginning. */
const POINTER_LENGTH = 64

const escaped = (member: string): string => member.replaceAll('~', '~0').replaceAll('/', '~1')

/** A place inside content as a JSON Pointer, cut at its beginning. */
export const pointerText = (pointer: string): string =>
  pointer.length <= POINTER_LENGTH ? pointer : `…${pointer.slice(1 - POINTER_LENGTH)}`

/** The same with the place as a JSON Pointer: `/content/elements/0/title is required`. [CNT3] */
export const describeAtPointer = (fault: ErrorObject, root: string): string => {
  const { member, text } = complaint(fault)
  const inside = member === undefined ? '' : `/${escaped(member)}`
  return shortened(`${pointerText(root + fault.instancePath + inside)} ${text}`)
}
