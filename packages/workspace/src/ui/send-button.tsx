/** Send, and beside it what else sending can mean. [WSP57] */
import { Button as AriaButton, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'
import { bindingsOf } from '../model/keys.ts'
import { preferences } from '../model/preferences.ts'
import { useValue } from '../model/value.ts'
import { useText } from '../text/language.ts'
import { Icon } from './icons.tsx'
import { KeyCaps } from './key-caps.tsx'
import { Button } from './parts.tsx'

interface SendButtonProps {
  readonly isNote: boolean
  readonly disabled: boolean
  readonly send: () => void
  /** Nothing where the conversation cannot be closed, or where a note is written. */
  readonly sendAndClose: (() => void) | undefined
}

export const SendButton = ({ isNote, disabled, send, sendAndClose }: SendButtonProps) => {
  const say = useText()
  const { keys } = useValue(preferences)
  return (
    <span className="flex shrink-0 gap-px">
      <Button
        kind="primary"
        disabled={disabled}
        onClick={send}
        className={sendAndClose ? 'rounded-e-none' : ''}
      >
        {say(isNote ? 'composer.sendNote' : 'composer.send')}
        <Icon name={isNote ? 'lock' : 'send'} size={16} />
      </Button>
      {sendAndClose && (
        <MenuTrigger>
          <AriaButton
            aria-label={say('composer.ways')}
            isDisabled={disabled}
            className="inline-flex size-8 items-center justify-center rounded-e-lg bg-accent text-on-accent hover:bg-accent-strong disabled:opacity-60"
          >
            <Icon name="chevron" size={16} />
          </AriaButton>
          <Popover placement="top end" className="rounded-xl bg-raised p-1 shadow-pop">
            <Menu
              aria-label={say('composer.ways')}
              className="outline-none"
              onAction={sendAndClose}
            >
              <MenuItem
                id="sendAndClose"
                textValue={say('composer.sendAndClose')}
                className="flex cursor-pointer items-center gap-6 rounded-lg px-2 py-1.5 outline-none data-[focused]:bg-hover"
              >
                <span className="flex-1">{say('composer.sendAndClose')}</span>
                <KeyCaps keys={bindingsOf(keys).sendAndClose} />
              </MenuItem>
            </Menu>
          </Popover>
        </MenuTrigger>
      )}
    </span>
  )
}
