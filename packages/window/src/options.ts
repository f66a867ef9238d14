/** What the brand's page may set, checked: what does not fit is left out. [WIN5] */
import { type Hours, hoursIn } from './model/hours.ts'

export interface Theme {
  /** `#rrggbb`. */
  readonly accent: string
  readonly scheme: 'light' | 'dark' | 'auto'
  /** Pixels, 0 to 24. */
  readonly radius: number
}

export const fieldTypes = ['text', 'email', 'tel', 'textarea', 'select', 'checkbox'] as const

export interface PreChatField {
  /** `firstName`, `lastName`, `email` and `phone` go to the consumer's profile, others into the first message. */
  readonly name: string
  readonly label: string
  readonly type: (typeof fieldTypes)[number]
  readonly isRequired: boolean
  readonly options: readonly string[]
}

export interface Options {
  readonly title: string
  readonly greeting?: string
  readonly language: string
  readonly theme: Theme
  readonly skillId?: string
  /** When the brand is there; absent: nothing is said about it. */
  readonly hours?: Hours
  readonly preChat: readonly PreChatField[]
}

const DEFAULT_ACCENT = '#1f5fbf'
const MOST_RADIUS = 24
const DEFAULT_RADIUS = 12
const MOST_FIELDS = 12
const MOST_CHOICES = 50
const LONGEST = 200

type Given = Readonly<Record<string, unknown>>

const objectIn = (value: unknown): Given =>
  typeof value === 'object' && value !== null ? (value as Given) : {}

export const shortText = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, LONGEST) : undefined

const themeIn = (value: unknown): Theme => {
  const { accent, scheme, radius } = objectIn(value)
  const isColour = typeof accent === 'string' && /^#[0-9a-f]{6}$/i.test(accent)
  const isRadius = typeof radius === 'number' && radius >= 0 && radius <= MOST_RADIUS
  return {
    accent: isColour ? accent : DEFAULT_ACCENT,
    scheme: scheme === 'light' || scheme === 'dark' ? scheme : 'auto',
    radius: isRadius ? radius : DEFAULT_RADIUS,
  }
}

const fieldIn = (value: unknown): PreChatField | undefined => {
  const { name, label, type, required, options } = objectIn(value)
  const known = fieldTypes.find((one) => one === (type ?? 'text'))
  const text = shortText(label)
  if (typeof name !== 'string' || !/^[a-z][\w-]{0,63}$/i.test(name) || !known || !text)
    return undefined
  const choices = Array.isArray(options) ? options.map(shortText) : []
  return {
    name,
    label: text,
    type: known,
    isRequired: required === true,
    options: choices.filter((one) => one !== undefined).slice(0, MOST_CHOICES),
  }
}

const fieldsIn = (value: unknown): readonly PreChatField[] => {
  const fields: unknown = Array.isArray(value) ? value : objectIn(value)['fields']
  if (!Array.isArray(fields)) return []
  return fields
    .map(fieldIn)
    .filter((field) => field !== undefined)
    .slice(0, MOST_FIELDS)
}

const languageIn = (value: unknown, preferred: string): string =>
  typeof value === 'string' && /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i.test(value) ? value : preferred

/** Reads what the page gave; `preferred` is the browser's language. */
export const readOptions = (value: unknown, preferred: string): Options => {
  const given = objectIn(value)
  const greeting = shortText(given['greeting'])
  const skillId = shortText(given['skillId'])
  const hours = hoursIn(given['hours'])
  return {
    title: shortText(given['title']) ?? '',
    ...(greeting && { greeting }),
    language: languageIn(given['language'], preferred),
    theme: themeIn(given['theme']),
    ...(skillId && { skillId }),
    ...(hours && { hours }),
    preChat: fieldsIn(given['preChat']),
  }
}
