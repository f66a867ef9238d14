/** What happens when a consumer taps an element. */
import { type TProperties, Type } from 'typebox'
import { closed, Numeral, textUpTo } from './closed.ts'

const MAX_ACTIONS = 4
const MAX_PAIRS = 10

const Address = Type.String({ minLength: 1, maxLength: 1024 })

const target = Type.Optional(
  Type.Unsafe<string>({ type: 'string', enum: ['self', 'blank', 'slideout'] }),
)
const onPlatform = Type.Optional(closed({ uri: Address, target }))

const action = (type: string, own: TProperties) => closed({ type: Type.Literal(type), ...own })

/** Newer actions, whose members are not written down: any member passes. */
const openAction = (type: string) => Type.Object({ type: Type.Literal(type) })

const link = Type.Object(
  {
    type: Type.Literal('link'),
    uri: Type.Optional(Address),
    name: Type.Optional(textUpTo(256)),
    target,
    ios: onPlatform,
    android: onPlatform,
    web: onPlatform,
  },
  {
    additionalProperties: false,
    // A link leads somewhere, on some platform at least.
    if: { not: { anyOf: ['ios', 'android', 'web'].map((name) => ({ required: [name] })) } },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { required: ['uri'] },
  },
)

const pair = closed({ key: Type.String(), value: Type.String() })

/** Key/value pairs as a list, or as one object. */
const pairs = Type.Unsafe<unknown>({
  if: { type: 'array' },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: { type: 'array', items: pair, maxItems: MAX_PAIRS },
  else: { type: 'object', maxProperties: MAX_PAIRS },
})

const actions = [
  action('publishText', { text: textUpTo(256) }),
  link,
  action('navigate', { la: Numeral, lo: Numeral, name: Type.Optional(textUpTo(256)) }),
  action('custom', { data: Type.Optional(pairs) }),
  openAction('addToCart'),
  openAction('datePicker'),
  openAction('scheduleSlotList'),
]

export const click = closed({
  actions: Type.Optional(
    Type.Unsafe<unknown[]>({
      type: 'array',
      maxItems: MAX_ACTIONS,
      items: {
        type: 'object',
        required: ['type'],
        discriminator: { propertyName: 'type' },
        oneOf: actions,
      },
    }),
  ),
  /** Sent back with the click, as it is. */
  metadata: Type.Optional(Type.Array(Type.Unsafe({ type: 'object' }))),
})
