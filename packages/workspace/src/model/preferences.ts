/** What an agent has set up on this machine. */
import { keep, readKept } from './kept.ts'
import type { Command } from './keys.ts'
import { Value } from './value.ts'

export const noticeKinds = ['ring', 'message', 'gone'] as const
export type NoticeKind = (typeof noticeKinds)[number]

export const channels = ['page', 'sound', 'browser'] as const
export type Channel = (typeof channels)[number]

export type Switches = Readonly<Record<NoticeKind, Readonly<Record<Channel, boolean>>>>

/** Hours without sound and without the browser's notifications, on the clock of this machine. */
export interface QuietHours {
  readonly isOn: boolean
  readonly from: string
  readonly to: string
}

export interface Preferences {
  readonly theme: 'system' | 'light' | 'dark'
  /** Those that begin with `xx` are not offered: they are for tests. */
  readonly language: 'system' | 'en' | 'de' | 'xx-pseudo' | 'xx-pseudo-rtl'
  readonly density: 'compact' | 'comfortable'
  readonly shortcuts: boolean
  readonly showsContext: boolean
  /** Enter sends; otherwise Ctrl+Enter does, and Enter starts a new line. */
  readonly enterSends: boolean
  /** How long closing and handing on wait for a second thought, in seconds. [WSP54] */
  readonly undoSeconds: number
  /** How long a message waits for a second thought, in seconds. [WSP55] */
  readonly holdSeconds: number
  readonly notices: Switches
  readonly quiet: QuietHours
  /** Keys that are not the usual ones. */
  readonly keys: Readonly<Partial<Record<Command, string>>>
}

const KEY = 'ringdown.preferences'
const standard: Preferences = {
  theme: 'system',
  language: 'system',
  density: 'compact',
  shortcuts: true,
  showsContext: true,
  enterSends: true,
  undoSeconds: 6,
  holdSeconds: 0,
  notices: {
    ring: { page: true, sound: true, browser: true },
    message: { page: false, sound: false, browser: true },
    gone: { page: true, sound: false, browser: true },
  },
  quiet: { isOn: false, from: '20:00', to: '07:00' },
  keys: {},
}

const read = (): Preferences => {
  const kept = readKept<Partial<Preferences>>('machine', KEY) ?? {}
  return { ...standard, ...kept, notices: { ...standard.notices, ...kept.notices } }
}

export const preferences = new Value<Preferences>(read())

export const prefer = (change: Partial<Preferences>): void => {
  preferences.update((before) => ({ ...before, ...change }))
  keep('machine', KEY, preferences.get())
}

/** The page's colours and distances follow the choice; `system` leaves it to the browser. */
const apply = (): void => {
  const { theme, density } = preferences.get()
  document.documentElement.dataset['theme'] = theme
  document.documentElement.dataset['density'] = density
}

export const startPreferences = (): void => {
  apply()
  preferences.subscribe(apply)
  // What is set in one tab holds in all.
  addEventListener('storage', ({ key }) => {
    if (key === KEY) preferences.set(read())
  })
}
