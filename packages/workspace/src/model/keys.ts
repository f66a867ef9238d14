/** Which keys stand for what: names of keys, the usual bindings, and where two clash. [WSP30] [WSP53] */

export const commands = [
  'palette',
  'next',
  'previous',
  'accept',
  'reply',
  'note',
  'transfer',
  'queue',
  'close',
  'sendAndClose',
  'undo',
  'details',
  'goMine',
  'goAll',
  'goHistory',
  'goAgents',
  'settings',
  'regions',
  'regionsBack',
  'toList',
  'help',
] as const
export type Command = (typeof commands)[number]

/** A key with its modifiers, or several such one after the other: `Ctrl+k`, `g i`. Empty: none. */
export type Bindings = Readonly<Record<Command, string>>

export const usualKeys: Bindings = {
  palette: 'Ctrl+k',
  next: 'j',
  previous: 'k',
  accept: 'a',
  reply: 'r',
  note: 'n',
  transfer: 't',
  queue: 'q',
  close: 'e',
  sendAndClose: 'Ctrl+Shift+Enter',
  undo: 'z',
  details: 'i',
  goMine: 'g i',
  goAll: 'g m',
  goHistory: 'g h',
  goAgents: 'g a',
  settings: 'Ctrl+,',
  regions: 'F6',
  regionsBack: 'Shift+F6',
  toList: 'Escape',
  help: '?',
}

export const bindingsOf = (own: Readonly<Partial<Record<Command, string>>>): Bindings => ({
  ...usualKeys,
  ...own,
})

type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>

const modifiers = new Set(['Control', 'Shift', 'Alt', 'AltGraph', 'Meta', 'CapsLock', 'Dead'])
const LETTER = /^\p{L}$/u

/** What was pressed; nothing while only modifiers are. A sign that needs Shift is its own key. */
export const chordOf = ({
  key,
  ctrlKey,
  metaKey,
  altKey,
  shiftKey,
}: Pressed): string | undefined => {
  if (modifiers.has(key)) return undefined
  const isSign = key.length === 1
  const name = key === ' ' ? 'Space' : isSign ? key.toLowerCase() : key
  const parts = [
    ctrlKey || metaKey ? 'Ctrl' : '',
    altKey ? 'Alt' : '',
    shiftKey && (!isSign || LETTER.test(key)) ? 'Shift' : '',
    name,
  ]
  return parts.filter(Boolean).join('+')
}

/** Whether the keys would write something where one can write. */
export const writes = (keys: string): boolean => {
  const [first = ''] = keys.split(' ')
  return /^(?:Shift\+)?(?:.|Space|Enter)$/u.test(first)
}

export type Match = { readonly command: Command } | 'begun' | undefined

/** What the keys pressed so far stand for, or that they begin something. */
export const matchKeys = (bindings: Bindings, pressed: string): Match => {
  const command = commands.find((one) => bindings[one] === pressed)
  if (command) return { command }
  return commands.some((one) => bindings[one].startsWith(`${pressed} `)) ? 'begun' : undefined
}

const clash = (a: string, b: string): boolean =>
  a !== '' && b !== '' && (a === b || a.startsWith(`${b} `) || b.startsWith(`${a} `))

/** With which others each command shares keys, so that one of them cannot be reached. */
export const conflictsOf = (bindings: Bindings): ReadonlyMap<Command, readonly Command[]> => {
  const found = commands.map((command) => {
    const others = commands.filter(
      (other) => other !== command && clash(bindings[command], bindings[other]),
    )
    return [command, others] as const
  })
  return new Map(found.filter(([, others]) => others.length > 0))
}

const FORMAT = 'ringdown.keys'
const MOST_LETTERS = 40

export const exportKeys = (bindings: Bindings): string =>
  JSON.stringify({ format: FORMAT, version: 1, keys: bindings }, undefined, 2)

/** What such a file says of the commands known here; undefined when it is no such file. */
export const importKeys = (text: string): Partial<Record<Command, string>> | undefined => {
  try {
    const { format, keys } = JSON.parse(text) as { format?: unknown; keys?: unknown }
    if (format !== FORMAT || typeof keys !== 'object' || keys === null) return undefined
    const given = Object.entries(keys as Record<string, unknown>)
    const isValid = ([, value]: [string, unknown]) =>
      typeof value === 'string' && value.length <= MOST_LETTERS
    if (!given.every(isValid)) return undefined
    return Object.fromEntries(given.filter(([name]) => commands.includes(name as Command)))
  } catch {
    return undefined
  }
}

const shown: Readonly<Record<string, string>> = {
  Escape: 'Esc',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
}

/** Keys as they stand on a keyboard, for showing. */
export const keyNames = (keys: string): readonly (readonly string[])[] =>
  keys === ''
    ? []
    : keys.split(' ').map((chord) => {
        const parts =
          chord === '+' || chord.endsWith('++')
            ? [...chord.split('+').filter(Boolean), '+']
            : chord.split('+')
        return parts.map((part) => shown[part] ?? (part.length === 1 ? part.toUpperCase() : part))
      })
