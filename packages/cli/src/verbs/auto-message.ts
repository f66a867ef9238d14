import { type Command, Option } from 'commander'
import type { AccountOptions } from '../common-options.ts'
import { collectionVerb } from '../configuration.ts'
import {
  addTextOptions,
  newText,
  type TextInLanguage,
  type TextOptions,
  withText,
} from '../texts.ts'

interface MessageOptions extends AccountOptions, TextOptions {
  readonly event?: string
  readonly enable?: boolean
  readonly disable?: boolean
}

/** Events at which the server itself says something. */
const events = [
  'CHAT_STARTED',
  'TRANSFER_TO_SKILL',
  'TRANSFER_TO_AGENT',
  'OFF_HOURS',
  'TTR_ACKNOWLEDGEMENT',
]

const addOptions = (command: Command): Command =>
  addTextOptions(command)
    .option('--text <text>', 'Another text, or one in another language.')
    .option('--enable', 'It is said.')
    .option('--disable', 'It is not said.')

/** `ringdown auto-message`: what the server says by itself, and when. */
export const autoMessageVerb = () =>
  collectionVerb<MessageOptions>({
    verb: 'auto-message',
    noun: ['automatic message', 'automatic messages'],
    path: '/engagement-window/auto-messages',
    columns: ['id', 'messageEventId', 'enabled', 'data'],
    argument: {
      placeholder: '<text>',
      bodyOf: (text, options) => ({ data: [newText(text, options)] }),
    },
    addOptions,
    addCreateOptions: (command) =>
      command.addOption(
        new Option('--event <event>', 'When it is said.').choices(events).default('CHAT_STARTED'),
      ),
    bodyOf: (options, before) => ({
      messageEventId: options.event,
      enabled: options.disable ? false : options.enable,
      data: before && withText(before['data'] as readonly TextInLanguage[], options),
    }),
    defaults: { enabled: true },
  })
