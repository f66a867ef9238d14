/**
 * Structured content: what an agent may put into `RichContentEvent.content`. Objects are closed, so that a
 * misspelt member is told to who wrote it instead of being dropped by a renderer. Only the newer elements
 * whose members are not written down anywhere stay open; their known limits hold. [CNT1]
 */
import { type TObject, type TProperties, type TSchema, Type } from 'typebox'
import { click } from './click.ts'
import { COLOUR, closed, HTTPS, Numeral, textUpTo } from './closed.ts'

const ref = (name: string) => ({ $ref: `#/definitions/${name}` })

const tagged = {
  tag: Type.Optional(textUpTo(64)),
  tagVersion: Type.Optional(textUpTo(64)),
  alt: Type.Optional(textUpTo(2000)),
  accessibility: Type.Optional(closed({ web: Type.Optional(Type.Unsafe({ type: 'object' })) })),
}

const Colour = Type.String({ maxLength: 256, pattern: COLOUR })

const style = closed({
  color: Type.Optional(Colour),
  'background-color': Type.Optional(Colour),
  'border-color': Type.Optional(Colour),
  'border-radius': Type.Optional(Numeral),
  bold: Type.Optional(Type.Boolean()),
  italic: Type.Optional(Type.Boolean()),
  size: Type.Optional(Type.Unsafe<string>({ type: 'string', enum: ['small', 'medium', 'large'] })),
})

/** Parts that many elements share stand in the definitions once. */
const shared = (name: string) => Type.Optional(Type.Unsafe<unknown>(ref(name)))

const display = closed({
  aspectRatio: Type.Optional(
    Type.Unsafe<string>({ type: 'string', enum: ['rectangle', 'square', 'horizontal'] }),
  ),
  size: Type.Optional(
    Type.Unsafe<string>({
      type: 'string',
      enum: ['cover', 'contain', 'large', 'compact', 'tall', 'full'],
    }),
  ),
})

/** What every element may have besides its own members. */
const common = {
  ...tagged,
  tooltip: Type.Optional(textUpTo(256)),
  rtl: Type.Optional(Type.Boolean()),
  style: shared('style'),
}

const element = (type: string, own: TProperties): TObject =>
  closed({ type: Type.Literal(type), ...own, ...common })

const clickable = (type: string, own: TProperties): TObject =>
  element(type, { ...own, click: shared('click') })

/** A button; the only thing that quick replies hold. */
export const button = clickable('button', {
  title: textUpTo(128),
  subtitle: Type.Optional(textUpTo(128)),
  class: Type.Optional(textUpTo(128)),
})

const checkedClick = closed({
  metadata: Type.Optional(Type.Array(Type.Unsafe({ type: 'object' }))),
  actions: Type.Array(
    closed({ type: Type.Literal('checked'), publishText: Type.Optional(textUpTo(250)) }),
    { minItems: 1, maxItems: 4 },
  ),
})

const submitClick = closed({
  metadata: Type.Optional(Type.Array(Type.Unsafe({ type: 'object' }))),
  actions: Type.Array(closed({ type: Type.Literal('submitAsText'), submit: Type.Boolean() }), {
    minItems: 1,
    maxItems: 4,
  }),
})

/** Elements that hold no others. */
const leaves = {
  text: clickable('text', { text: textUpTo(5000) }),
  button,
  image: clickable('image', {
    url: Type.String({ maxLength: 2048, pattern: HTTPS }),
    caption: Type.Optional(textUpTo(128)),
  }),
  map: clickable('map', { lo: Numeral, la: Numeral }),
  linkPreview: clickable('linkPreview', {
    url: Type.String({ minLength: 1, maxLength: 2048 }),
    title: Type.Optional(textUpTo(128)),
  }),
  template: clickable('template', {
    templateType: Type.Literal('quickReply'),
    title: textUpTo(5000),
    resp: Type.Array(textUpTo(128), { minItems: 1, maxItems: 32 }),
  }),
  keyValuePairList: clickable('keyValuePairList', {
    elements: Type.Array(closed({ key: textUpTo(128), value: textUpTo(2048) }), {
      minItems: 1,
      maxItems: 50,
    }),
  }),
  checkbox: element('checkbox', {
    text: textUpTo(5000),
    click: checkedClick,
    borderLine: Type.Optional(Type.Boolean()),
    borderColor: Type.Optional(Colour),
  }),
  submitButton: element('submitButton', {
    title: textUpTo(128),
    click: submitClick,
    disabled: Type.Optional(Type.Boolean()),
  }),
} as const

/** One of these elements, told apart by `type`. */
const anyOf = (names: readonly string[]) => ({
  type: 'object',
  required: ['type'],
  discriminator: { propertyName: 'type' },
  oneOf: names.map(ref),
})

const basic = [
  'text',
  'button',
  'image',
  'map',
  'linkPreview',
  'template',
  'keyValuePairList',
  'checkbox',
  'submitButton',
] as const
const choosers = ['carouselSelect', 'accordionSelect', 'tabs'] as const
const card = [...basic, 'vertical', 'horizontal', 'checklist', 'sectionList', 'buttonList'] as const
const inside = [...card, 'carousel', ...choosers] as const
const root = [...basic, 'vertical', 'horizontal', 'carousel', 'list', ...choosers] as const

const children = (names: readonly string[], limits: { minItems?: number; maxItems: number }) =>
  Type.Unsafe<unknown[]>({ type: 'array', items: anyOf(names), ...limits })

const layout = (type: string, own: TProperties): TObject =>
  closed({ type: Type.Literal(type), ...own, ...tagged })

/** Exactly these elements in this order. */
const exactly = (...names: readonly string[]) => ({
  items: names.map(ref),
  minItems: names.length,
  maxItems: names.length,
})

const isPairAfter = (name: string) => ({
  items: [{ properties: { type: { const: name } } }, {}],
  minItems: 2,
  maxItems: 2,
})

const Border = Type.Unsafe<string>({
  type: 'string',
  enum: ['border', 'borderLess', 'dropShadow'],
})

const stacks = {
  vertical: layout('vertical', {
    elements: children(inside, { maxItems: 256 }),
    display: Type.Optional(display),
    border: Type.Optional(Border),
    scroll: Type.Optional(Type.Unsafe({ type: ['boolean', 'string'], maxLength: 64 })),
  }),
  horizontal: layout('horizontal', {
    elements: children(inside, { maxItems: 256 }),
    border: Type.Optional(Border),
    percentages: Type.Optional(Type.Array(Numeral, { maxItems: 256 })),
  }),
  carousel: layout('carousel', {
    elements: children(card, { minItems: 2, maxItems: 10 }),
    padding: Type.Optional(Type.Number({ minimum: 0, maximum: 10 })),
    tooltip: Type.Optional(textUpTo(256)),
    display: Type.Optional(display),
  }),
} as const

/** A list to tick and submit: a heading, sections of check boxes, buttons. */
const lists = {
  list: layout('list', {
    elements: Type.Unsafe<unknown[]>({
      type: 'array',
      ...exactly('text', 'sectionList', 'buttonList'),
    }),
  }),
  sectionList: layout('sectionList', {
    elements: children(['section'], { minItems: 1, maxItems: 256 }),
  }),
  section: layout('section', {
    sectionID: Type.Optional(textUpTo(256)),
    elements: Type.Unsafe<unknown[]>({
      type: 'array',
      if: { maxItems: 1 },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: exactly('checklist'),
      else: exactly('text', 'checklist'),
    }),
  }),
  checklist: layout('checklist', {
    elements: children(['checkbox'], { minItems: 2, maxItems: 256 }),
  }),
  buttonList: layout('buttonList', {
    elements: Type.Unsafe<unknown[]>({
      type: 'array',
      if: { maxItems: 1 },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: exactly('submitButton'),
      else: {
        if: isPairAfter('submitButton'),
        // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
        then: exactly('submitButton', 'button'),
        else: exactly('button', 'submitButton'),
      },
    }),
  }),
} as const

const SelectMode = Type.Object({ name: Type.Optional(textUpTo(200)) })

/** Newer layouts: what is known of them is checked, other members pass. */
const open = {
  carouselSelect: Type.Object({
    type: Type.Literal('carouselSelect'),
    elements: children(card, { minItems: 1, maxItems: 20 }),
    selectMode: Type.Optional(SelectMode),
    ...tagged,
  }),
  accordionSelect: Type.Object({
    type: Type.Literal('accordionSelect'),
    elements: children(card, { minItems: 1, maxItems: 20 }),
    titles: Type.Unsafe<unknown[]>({ type: 'array', minItems: 1, maxItems: 20 }),
    selectMode: Type.Optional(SelectMode),
    ...tagged,
  }),
  tabs: Type.Object({
    type: Type.Literal('tabs'),
    elements: children(card, { minItems: 1, maxItems: 10 }),
    ...tagged,
  }),
} as const

/** What a button needs beside it. */
export const buttonDefinitions = { click, style } as const

const definitions: Readonly<Record<string, TSchema>> = {
  ...leaves,
  ...stacks,
  ...lists,
  ...open,
  ...buttonDefinitions,
}

/** A whole piece of structured content. */
export const StructuredContent = Type.Unsafe<Record<string, unknown>>({
  ...anyOf(root),
  definitions,
})
