import type { Command } from 'commander'
import { type AccountOptions, collect } from '../common-options.ts'
import { collectionVerb } from '../configuration.ts'
import {
  addTextOptions,
  newText,
  type TextInLanguage,
  type TextOptions,
  withText,
} from '../texts.ts'

interface CannedOptions extends AccountOptions, TextOptions {
  readonly hotkey?: string
  readonly skill?: readonly string[]
  readonly enable?: boolean
  readonly disable?: boolean
}

const addOptions = (command: Command): Command =>
  addTextOptions(command)
    .option('--title <text>', 'What agents find it by.')
    .option('--text <text>', 'Another text, or one in another language.')
    .option('--hotkey <letter and number>', 'Such as a1.')
    .option('--skill <id>', 'For agents of this skill; may be repeated (default: all).', collect)
    .option('--enable', 'It is offered.')
    .option('--disable', 'It is not offered.')

const hotkeyOf = (keys: string | undefined) =>
  keys === undefined ? undefined : { prefix: keys.slice(0, 1), suffix: keys.slice(1) }

/** `ringdown canned`: predefined content for agents. */
export const cannedVerb = () =>
  collectionVerb<CannedOptions>({
    verb: 'canned',
    noun: ['predefined text', 'predefined texts'],
    path: '/engagement-window/canned-responses',
    columns: ['id', 'enabled', 'hotkey', 'skillIds', 'data'],
    argument: {
      placeholder: '<text>',
      bodyOf: (text, options) => ({ data: [newText(text, options)] }),
    },
    addOptions,
    bodyOf: (options, before) => ({
      enabled: options.disable ? false : options.enable,
      hotkey: hotkeyOf(options.hotkey),
      skillIds: options.skill,
      data: before && withText(before['data'] as readonly TextInLanguage[], options),
    }),
    defaults: { enabled: true },
  })
