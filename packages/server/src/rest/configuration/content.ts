/** Lines of business, status reasons, predefined content with its categories, and automatic messages. [ADM19] */
import { Refusal } from '@ringdown/protocol'
import { configured } from '../../domain/configuration.ts'
import {
  fields,
  flag,
  integer,
  listOf,
  optional,
  type Reader,
  refuseField,
  required,
  text,
} from '../admin/fields.ts'
import { byCategory, filtered, isGrouped } from './canned-reads.ts'
import type { Kind, Plan } from './items.ts'
import { anyText, type Body, id, idOut, idsOut, longText, whole } from './members.ts'
import type { ConfigurationParts } from './resource.ts'

const MAX_TEXT_BYTES = 16 * 1024
const serverWritten = ['deleted', 'dateUpdated']
const languageTag = text({ max: 35, pattern: /^[A-Za-z]{2,8}(?:[-_][A-Za-z0-9]{1,8})*$/ })

const STATES = /^(?:online|away|back[ _]?soon|occupied|offline)$/i

const reasonState: Reader<string> = (value, at) =>
  typeof value === 'string' && STATES.test(value)
    ? value
    : refuseField(at, 'must be a state such as Away')

export const statusReasons: Kind = {
  kind: 'status-reasons',
  paths: ['/le-agents/status-reasons'],
  read: (value, at) => {
    const shape = { text: required(text()), state: optional(reasonState), enabled: optional(flag) }
    return { state: 'Away', enabled: true, ...whole(shape, serverWritten)(value, at) }
  },
  write: (body) => body,
}

/** An extension of this server. [ADM27] */
export const declineReasons: Kind = {
  kind: 'decline-reasons',
  paths: ['/le-agents/decline-reasons'],
  read: (value, at) => {
    const shape = { text: required(text({ max: 256 })), enabled: optional(flag) }
    return { enabled: true, ...whole(shape, serverWritten)(value, at) }
  },
  write: (body) => body,
}

export const linesOfBusiness: Kind = {
  kind: 'lobs',
  paths: ['/le-users/lobs'],
  read: (value, at) => {
    const shape = {
      name: required(text()),
      description: optional(anyText),
      isEnabled: optional(flag),
    }
    return { isEnabled: true, ...whole(shape, serverWritten)(value, at) }
  },
  write: (body) => body,
}

export const cannedCategories: Kind = {
  kind: 'canned-categories',
  paths: ['/le-categories/categories', '/engagement-window/canned-responses/categories'],
  read: (value, at) => {
    const shape = { name: required(text()), isEnabled: optional(flag) }
    return { isEnabled: true, ...whole(shape, serverWritten)(value, at) }
  },
  write: (body) => body,
}

const cannedText = whole({
  title: optional(anyText),
  msg: required(longText(MAX_TEXT_BYTES)),
  lang: required(languageTag),
  isDefault: optional(flag),
})

const hotkey = fields({
  prefix: required(text({ max: 8 })),
  suffix: required(text({ max: 8 })),
})

const cannedShape = {
  enabled: optional(flag),
  type: optional(integer(0, 100)),
  data: required(listOf(cannedText)),
  hotkey: optional(hotkey),
  categoriesIds: optional(listOf(id)),
  skillIds: optional(listOf(id)),
  lobIds: optional(listOf(id)),
  templateId: optional(id),
}

const readCanned: Reader<Body> = (value, at) => {
  const given = whole(cannedShape, serverWritten)(value, at)
  if (given.data.length === 0) return refuseField(`${at}${at && '.'}data`, 'must not be empty')
  const data = given.data.map((one) => ({ title: '', isDefault: given.data.length === 1, ...one }))
  const none: readonly string[] = []
  return {
    enabled: true,
    type: 0,
    categoriesIds: none,
    skillIds: none,
    lobIds: none,
    ...given,
    data,
  }
}

/** Refuses ids that name nothing. */
const refuseUnknown = ({ items, place }: Plan, member: string, ids: ReadonlySet<string>): void => {
  for (const [index, { body }] of items.entries()) {
    const unknown = (body[member] as readonly string[]).find((one) => !ids.has(one))
    if (unknown === undefined) continue
    const at = place(index)
    throw new Refusal('bad_request', `${at}${at && '.'}${member}: there is no ${unknown}`)
  }
}

export const cannedResponses = ({ store }: ConfigurationParts): Kind => ({
  kind: 'canned-responses',
  paths: ['/engagement-window/canned-responses'],
  read: readCanned,
  write: (body) => ({
    ...body,
    categoriesIds: idsOut(body['categoriesIds'] as readonly string[]),
    skillIds: idsOut(body['skillIds'] as readonly string[]),
    lobIds: idsOut(body['lobIds'] as readonly string[]),
    ...(body['templateId'] !== undefined && {
      templateId: idsOut([body['templateId'] as string])[0],
    }),
  }),
  async refine(accountId, items, query) {
    const found = filtered(items, query)
    if (!isGrouped(query)) return found
    const kind = 'canned-categories'
    const categories = await store.read('configurationItems', { accountId, kind })
    return byCategory(found, configured(kind, categories))
  },
  async check(plan) {
    const { accountId } = plan
    const skills = await store.read('skills', accountId)
    const kind = 'canned-categories'
    const categories = await store.read('configurationItems', { accountId, kind })
    refuseUnknown(plan, 'skillIds', new Set(skills.map((skill) => skill.id)))
    refuseUnknown(plan, 'categoriesIds', new Set(categories.map((category) => category.id)))
  },
})

const templateOut = ({ templateId, ...body }: Body): Body =>
  templateId === undefined ? body : { ...body, templateId: idOut(templateId as string) }

const autoText = whole({
  msg: required(longText(MAX_TEXT_BYTES)),
  lang: required(languageTag),
  isDefault: optional(flag),
})

const attribute = whole({ name: required(text()), value: required(anyText) })

const autoShape = {
  enabled: optional(flag),
  messageEventId: required(text({ max: 64, pattern: /^\w+$/ })),
  templateId: optional(id),
  data: required(listOf(autoText)),
  attributes: optional(listOf(attribute)),
}

export const autoMessages: Kind = {
  kind: 'auto-messages',
  paths: ['/engagement-window/auto-messages'],
  putsAnything: true,
  read: (value, at) => {
    const given = whole(autoShape, serverWritten)(value, at)
    const data = given.data.map((one) => ({ isDefault: given.data.length === 1, ...one }))
    return { enabled: true, attributes: [], ...given, data }
  },
  write: templateOut,
}
