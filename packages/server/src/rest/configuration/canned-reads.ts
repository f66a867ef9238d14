/** Reads of predefined content that are its own: filters, changes since, defaults. [ADM20] */
import { Refusal } from '@ringdown/protocol'
import type { CannedCategory } from '../../domain/configuration.ts'
import { type Body, idOut } from './members.ts'

export interface CannedFilters {
  readonly lang?: unknown
  readonly skill_ids?: unknown
  readonly ids?: unknown
  readonly group_by?: unknown
}

const listIn = (value: unknown): readonly string[] | undefined => {
  const joined = Array.isArray(value) ? value.join(',') : value
  if (typeof joined !== 'string' || joined.trim() === '') return undefined
  return joined.split(',').map((one) => one.trim())
}

const textsOf = (body: Body) => body['data'] as readonly { readonly lang: string }[]
const idsIn = (body: Body, member: string): readonly string[] =>
  ((body[member] as readonly unknown[] | undefined) ?? []).map(String)

/** `en` asks for `en-US` too. */
const speaks = (lang: string, wanted: string): boolean => {
  const [one, other] = [lang, wanted].map((tag) => tag.toLowerCase().replaceAll('_', '-'))
  return one === other || `${one}`.startsWith(`${other}-`)
}

/** Items of one language, of skills (those of no skill are for all), and with given ids. */
export const filtered = (items: readonly Body[], filters: CannedFilters): readonly Body[] => {
  const lang = typeof filters.lang === 'string' && filters.lang !== '' ? filters.lang : undefined
  const skills = listIn(filters.skill_ids)
  const ids = listIn(filters.ids)
  return items.flatMap((item) => {
    if (item['deleted'] === true) return [item]
    if (ids && !ids.includes(String(item['id']))) return []
    const own = idsIn(item, 'skillIds')
    if (skills && own.length > 0 && !own.some((one) => skills.includes(one))) return []
    if (lang === undefined) return [item]
    const data = textsOf(item).filter((one) => speaks(one.lang, lang))
    return data.length === 0 ? [] : [{ ...item, data }]
  })
}

export const isGrouped = ({ group_by }: CannedFilters): boolean => {
  if (group_by === undefined || group_by === '') return false
  if (typeof group_by === 'string' && group_by.toUpperCase() === 'CATEGORIES') return true
  throw new Refusal('bad_request', 'group_by must be CATEGORIES')
}

/** By category, in the categories' order; those of no category come last, without an id. */
export const byCategory = (
  items: readonly Body[],
  categories: readonly CannedCategory[],
): readonly Body[] => {
  const of = (id: unknown) =>
    items.filter((item) => idsIn(item, 'categoriesIds').includes(String(id)))
  const none = items.filter((item) => idsIn(item, 'categoriesIds').length === 0)
  const groups = categories.map(({ id, name }) => ({
    id: idOut(id),
    name,
    cannedResponses: of(id),
  }))
  return [...groups, ...(none.length > 0 ? [{ name: '', cannedResponses: none }] : [])]
}

/** The revision after which changes are asked for: `{revision}` or `{parameters: [{revision}]}`. */
export const revisionAsked = (body: Body): number => {
  const { parameters } = body
  const [first] = Array.isArray(parameters) ? (parameters as readonly Body[]) : []
  const asked = body['revision'] ?? first?.['revision'] ?? first?.['from'] ?? -1
  const revision = typeof asked === 'string' && /^-?\d{1,15}$/.test(asked) ? Number(asked) : asked
  if (!Number.isSafeInteger(revision))
    throw new Refusal('bad_request', 'revision must be a whole number')
  return revision as number
}

const standard = (id: number, title: string, msg: string): Body => ({
  id,
  enabled: true,
  deleted: false,
  type: 0,
  data: [{ title, msg, lang: 'en-US', isDefault: true }],
  categoriesIds: [],
  skillIds: [],
  lobIds: [],
})

/** What an account may begin with. */
export const cannedDefaults: readonly Body[] = [
  standard(1, 'Welcome', 'Hello, my name is $!{operator.nickname}. How can I help you?'),
  standard(2, 'One moment', 'Please give me a moment while I look into this.'),
  standard(3, 'Still there?', 'Are you still there?'),
  standard(4, 'Anything else?', 'Is there anything else I can help you with?'),
  standard(5, 'Goodbye', 'Thank you for writing to us. Goodbye!'),
]
