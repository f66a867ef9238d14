import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { validateQuickReplies, validateStructuredContent } from '../src/index.ts'

type Node = Readonly<Record<string, unknown>>

interface Row {
  readonly note: string
  readonly content?: Node
  readonly quickReplies?: Node
  readonly fault?: string
}

const load = (name: string): Row[] =>
  JSON.parse(readFileSync(new URL(`fixtures/content/${name}.json`, import.meta.url), 'utf8'))

const faultOf = ({ content, quickReplies }: Row): string | undefined =>
  quickReplies ? validateQuickReplies(quickReplies) : validateStructuredContent(content)

const valid = load('valid')

describe('content that agents compose', () => {
  it.each(valid)('[CNT1] [CNT2] is accepted: $note', (row) => {
    expect(faultOf(row)).toBeUndefined()
  })

  it.each(load('invalid'))('[CNT1] [CNT2] [CNT3] is refused: $note', (row) => {
    expect(faultOf(row)).toBe(row.fault)
  })
})

const x = (length: number): string => 'x'.repeat(length)
const times = (count: number, node: unknown): unknown[] => Array.from({ length: count }, () => node)

const text = { type: 'text', text: 'a' }
const button = { type: 'button', title: 'a' }
const tick = { type: 'checked', publishText: 'a' }
const checkbox = { type: 'checkbox', text: 'a', click: { actions: [tick] } }
const checklist = { type: 'checklist', elements: [checkbox, checkbox] }
const section = { type: 'section', elements: [checklist] }
const sections = { type: 'sectionList', elements: [section] }
const submitAsText = { type: 'submitAsText', submit: true }
const submit = { type: 'submitButton', title: 'a', click: { actions: [submitAsText] } }
const list = (middle: unknown = sections, buttons: readonly unknown[] = [submit]) => ({
  type: 'list',
  elements: [text, middle, { type: 'buttonList', elements: buttons }],
})
const acting = (action: Node) => ({ ...button, click: { actions: [action] } })
const link = { type: 'link', uri: 'https://example.com' }
const publish = { type: 'publishText', text: 'a' }
const replies = { type: 'quickReplies', itemsPerRow: 1, replies: [button] }
const template = { type: 'template', templateType: 'quickReply', title: 'a', resp: ['a'] }
const image = (length: number) => ({ type: 'image', url: `https://${x(length - 8)}` })
const pairs = (count: number) => times(count, { key: 'a', value: 'b' })

type Make = (size: number) => Node
interface Limit {
  readonly of: string
  readonly least?: number
  readonly most?: number
  readonly make: Make
}

const limits: readonly Limit[] = [
  {
    of: 'children of vertical',
    most: 256,
    make: (n) => ({ type: 'vertical', elements: times(n, text) }),
  },
  {
    of: 'children of horizontal',
    most: 256,
    make: (n) => ({ type: 'horizontal', elements: times(n, text) }),
  },
  { of: 'tag', most: 64, make: (n) => ({ ...text, tag: x(n) }) },
  { of: 'tagVersion', most: 64, make: (n) => ({ ...text, tagVersion: x(n) }) },
  { of: 'alt', most: 2000, make: (n) => ({ ...text, alt: x(n) }) },
  { of: 'tag of a layout', most: 64, make: (n) => ({ type: 'vertical', elements: [], tag: x(n) }) },
  {
    of: 'alt of a layout',
    most: 2000,
    make: (n) => ({ type: 'vertical', elements: [], alt: x(n) }),
  },
  {
    of: 'cards of a carousel',
    least: 2,
    most: 10,
    make: (n) => ({ type: 'carousel', elements: times(n, text) }),
  },
  {
    of: 'padding',
    least: 0,
    most: 10,
    make: (n) => ({ type: 'carousel', elements: [text, text], padding: n }),
  },
  {
    of: 'tooltip of a carousel',
    most: 256,
    make: (n) => ({ type: 'carousel', elements: [text, text], tooltip: x(n) }),
  },
  {
    of: 'elements of a list',
    least: 3,
    most: 3,
    make: (n) => ({ ...list(), elements: [...list().elements, text].slice(0, n) }),
  },
  {
    of: 'sections',
    least: 1,
    most: 256,
    make: (n) => list({ type: 'sectionList', elements: times(n, section) }),
  },
  {
    of: 'elements of a section',
    least: 1,
    most: 2,
    make: (n) =>
      list({
        type: 'sectionList',
        elements: [
          {
            type: 'section',
            elements: n === 1 ? [checklist] : [text, checklist, text].slice(0, n),
          },
        ],
      }),
  },
  {
    of: 'sectionID',
    most: 256,
    make: (n) => list({ type: 'sectionList', elements: [{ ...section, sectionID: x(n) }] }),
  },
  {
    of: 'check boxes',
    least: 2,
    most: 256,
    make: (n) =>
      list({
        type: 'sectionList',
        elements: [
          { type: 'section', elements: [{ type: 'checklist', elements: times(n, checkbox) }] },
        ],
      }),
  },
  {
    of: 'buttons of a list',
    least: 1,
    most: 2,
    make: (n) => list(sections, [submit, button, button].slice(0, n)),
  },
  {
    of: 'cards of carouselSelect',
    least: 1,
    most: 20,
    make: (n) => ({ type: 'carouselSelect', elements: times(n, text) }),
  },
  {
    of: 'selectMode.name',
    most: 200,
    make: (n) => ({ type: 'carouselSelect', elements: [text], selectMode: { name: x(n) } }),
  },
  {
    of: 'cards of accordionSelect',
    least: 1,
    most: 20,
    make: (n) => ({ type: 'accordionSelect', elements: times(n, text), titles: ['a'] }),
  },
  {
    of: 'titles of accordionSelect',
    least: 1,
    most: 20,
    make: (n) => ({ type: 'accordionSelect', elements: [text], titles: times(n, 'a') }),
  },
  { of: 'tabs', least: 1, most: 10, make: (n) => ({ type: 'tabs', elements: times(n, text) }) },
  { of: 'tooltip', most: 256, make: (n) => ({ ...text, tooltip: x(n) }) },
  { of: 'text', most: 5000, make: (n) => ({ type: 'text', text: x(n) }) },
  { of: 'title of a button', most: 128, make: (n) => ({ type: 'button', title: x(n) }) },
  { of: 'subtitle of a button', most: 128, make: (n) => ({ ...button, subtitle: x(n) }) },
  { of: 'url of an image', most: 2048, make: image },
  { of: 'caption', most: 128, make: (n) => ({ ...image(20), caption: x(n) }) },
  {
    of: 'url of a link preview',
    least: 1,
    most: 2048,
    make: (n) => ({ type: 'linkPreview', url: x(n) }),
  },
  {
    of: 'title of a link preview',
    most: 128,
    make: (n) => ({ type: 'linkPreview', url: 'a', title: x(n) }),
  },
  { of: 'title of a template', most: 5000, make: (n) => ({ ...template, title: x(n) }) },
  { of: 'resp', least: 1, most: 32, make: (n) => ({ ...template, resp: times(n, 'a') }) },
  { of: 'text of resp', most: 128, make: (n) => ({ ...template, resp: [x(n)] }) },
  { of: 'text of a check box', most: 5000, make: (n) => ({ ...checkbox, text: x(n) }) },
  {
    of: 'publishText of a check box',
    most: 250,
    make: (n) => ({ ...checkbox, click: { actions: [{ ...tick, publishText: x(n) }] } }),
  },
  { of: 'title of a submit button', most: 128, make: (n) => ({ ...submit, title: x(n) }) },
  {
    of: 'pairs of a list',
    least: 1,
    most: 50,
    make: (n) => ({ type: 'keyValuePairList', elements: pairs(n) }),
  },
  {
    of: 'key',
    most: 128,
    make: (n) => ({ type: 'keyValuePairList', elements: [{ key: x(n), value: '' }] }),
  },
  {
    of: 'value',
    most: 2048,
    make: (n) => ({ type: 'keyValuePairList', elements: [{ key: '', value: x(n) }] }),
  },
  {
    of: 'colour',
    least: 1,
    most: 256,
    make: (n) => ({ ...text, style: { color: 'a'.repeat(n) } }),
  },
  { of: 'actions', most: 4, make: (n) => ({ ...button, click: { actions: times(n, publish) } }) },
  {
    of: 'text of publishText',
    most: 256,
    make: (n) => acting({ type: 'publishText', text: x(n) }),
  },
  { of: 'uri', least: 1, most: 1024, make: (n) => acting({ type: 'link', uri: x(n) }) },
  {
    of: 'uri of a platform',
    least: 1,
    most: 1024,
    make: (n) => acting({ type: 'link', ios: { uri: x(n) } }),
  },
  { of: 'name of a link', most: 256, make: (n) => acting({ ...link, name: x(n) }) },
  {
    of: 'name of navigate',
    most: 256,
    make: (n) => acting({ type: 'navigate', la: 1, lo: 2, name: x(n) }),
  },
  { of: 'data of custom', most: 10, make: (n) => acting({ type: 'custom', data: pairs(n) }) },
  {
    of: 'data of custom as one object',
    most: 10,
    make: (n) =>
      acting({
        type: 'custom',
        data: Object.fromEntries(times(n, 0).map((_, index) => [`k${index}`, 'v'])),
      }),
  },
]

const replyLimits: readonly Limit[] = [
  { of: 'itemsPerRow', least: 1, most: 8, make: (n) => ({ ...replies, itemsPerRow: n }) },
  { of: 'replies', least: 1, most: 24, make: (n) => ({ ...replies, replies: times(n, button) }) },
  {
    of: 'title of a reply',
    most: 128,
    make: (n) => ({ ...replies, replies: [{ ...button, title: x(n) }] }),
  },
]

const atItsEdges = (validate: (value: unknown) => string | undefined, limit: Limit): void => {
  const { least, most, make } = limit
  if (least !== undefined) expect(validate(make(least))).toBeUndefined()
  if (least !== undefined) expect(validate(make(least - 1))).toMatch(/^\/.* (must|is) /)
  if (most === undefined) return
  expect(validate(make(most))).toBeUndefined()
  const fault = validate(make(most + 1))
  expect(fault).toMatch(/^\/.* (must|is) /)
  expect(fault?.length).toBeLessThanOrEqual(110)
}

describe('each limit at its edges', () => {
  it.each(limits)('[CNT1] $of', (limit) => atItsEdges(validateStructuredContent, limit))
  it.each(replyLimits)('[CNT2] $of', (limit) => atItsEdges(validateQuickReplies, limit))
})

/** Objects that hold members whose names are known: everything but metadata. */
type Path = readonly (string | number)[]

const objectsIn = (value: unknown, path: Path = []): readonly Path[] => {
  if (typeof value !== 'object' || value === null) return []
  const isList = Array.isArray(value)
  const below = Object.entries(value)
    .filter(([name]) => name !== 'metadata' && name !== 'data' && name !== 'web')
    .flatMap(([name, one]) => objectsIn(one, [...path, isList ? Number(name) : name]))
  return isList ? below : [path, ...below]
}

const at = (root: unknown, path: Path): Record<string, unknown> =>
  path.reduce<unknown>((value, name) => (value as Record<string, unknown>)[name], root) as Record<
    string,
    unknown
  >

const open = new Set([
  'carouselSelect',
  'accordionSelect',
  'tabs',
  'addToCart',
  'datePicker',
  'scheduleSlotList',
])

/** Single mutations, each of which makes any closed object wrong. */
const mutations: Readonly<Record<string, (object: Record<string, unknown>, name: string) => void>> =
  {
    'a member that is not known': (object) => {
      object['Unknown'] = 1
    },
    'another type': (object) => {
      if (typeof object['type'] === 'string') object['type'] = `${object['type']}!`
      else object['Unknown'] = 1
    },
    'null for a member': (object, name) => {
      object[name] = null
    },
    'a list for a member': (object, name) => {
      object[name] = [[object[name]]]
    },
  }

describe('any single mutation of valid content', () => {
  const samples = valid.flatMap((row) => {
    const root = row.content ?? row.quickReplies
    return objectsIn(root).map((path) => ({ row, path }))
  })

  it('[CNT1] [CNT2] is refused with a place', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...samples),
        fc.constantFrom(...Object.keys(mutations)),
        fc.nat(),
        ({ row, path }, mutation, choice) => {
          const copy = structuredClone(row)
          const object = at(copy.content ?? copy.quickReplies, path)
          fc.pre(
            !open.has(String(object['type'])) &&
              !('name' in object && path.at(-1) === 'selectMode'),
          )
          const names = Object.keys(object)
          mutations[mutation]!(object, names[choice % names.length] ?? 'type')
          const fault = faultOf(copy)
          expect(fault).toMatch(/^[/…].* (must|is) /)
          expect(fault!.length).toBeLessThanOrEqual(110)
        },
      ),
      { numRuns: 2_000 },
    )
  })
})
