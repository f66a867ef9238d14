/** What the agent has declared, and whether the connection stands: two marks. [WSP3] */
import {
  Button as AriaButton,
  Menu,
  MenuItem,
  MenuTrigger,
  Popover,
  Separator,
} from 'react-aria-components'
import { useValue } from '../model/value.ts'
import { useText } from '../text/language.ts'
import { type Office, reasonOf, toast, useColleague, useOffice } from './desk-context.tsx'
import { Avatar } from './parts.tsx'

export type Availability = 'ONLINE' | 'BACK_SOON' | 'AWAY' | 'OFFLINE'
export const availabilities: readonly Availability[] = ['ONLINE', 'BACK_SOON', 'AWAY', 'OFFLINE']

const colours: Readonly<Record<string, string>> = {
  ONLINE: 'bg-good',
  OCCUPIED: 'bg-warn',
  BACK_SOON: 'bg-warn',
  AWAY: 'bg-bad',
  OFFLINE: 'bg-dim',
}

export const StatusDot = ({ state }: { state: string }) => (
  <span data-dot className={`size-2.5 shrink-0 rounded-full ${colours[state] ?? 'bg-dim'}`} />
)

export const declare = async (
  office: Office,
  availability: Availability,
  failed: string,
): Promise<void> => {
  try {
    await office.desk.client.request('setAgentState', { availability, channels: ['MESSAGING'] })
  } catch (error) {
    toast(office, `${failed} ${reasonOf(error)}`, { isBad: true })
  }
}

const itemClass =
  'flex cursor-pointer items-center gap-3 rounded-lg px-2 py-1.5 outline-none data-[focused]:bg-hover'

export const StatusMenu = () => {
  const office = useOffice()
  const { desk, signOut } = office
  const say = useText()
  const own = useValue(desk.ownState)
  const link = useValue(desk.link)
  const name = useColleague(desk.me)
  const state = own?.availability ?? 'OFFLINE'
  const label = say('status.label', {
    state: say(`status.${state}`),
    link: say(`link.${link.kind}`),
  })
  return (
    <MenuTrigger>
      <AriaButton
        aria-label={label}
        className="relative inline-flex size-10 items-center justify-center rounded-lg hover:bg-hover"
      >
        <Avatar id={desk.me} name={name} />
        <span className="absolute end-0 bottom-0 inline-flex rounded-full bg-page p-0.5">
          {link.kind === 'open' ? (
            <StatusDot state={state} />
          ) : (
            <span data-dot className="size-2.5 rounded-full border-2 border-warn bg-page" />
          )}
        </span>
      </AriaButton>
      <Popover placement="end top" className="w-64 rounded-xl bg-raised p-2 shadow-pop">
        <div className="px-2 pt-1 pb-2">
          <p className="font-semibold">{name}</p>
          <p className="text-sm text-dim">
            {desk.session.loginName} · {say(`link.${link.kind}`)}
          </p>
        </div>
        <Menu
          aria-label={label}
          selectionMode="none"
          className="outline-none"
          onAction={(key) => {
            if (key === 'out') signOut()
            else void declare(office, key as Availability, say('status.failed'))
          }}
        >
          {availabilities.map((one) => (
            <MenuItem key={one} id={one} textValue={say(`status.${one}`)} className={itemClass}>
              <StatusDot state={one} />
              <span className="flex-1">
                <span className={`block ${one === state ? 'font-semibold' : ''}`}>
                  {say(`status.${one}`)}
                </span>
                <span className="block text-xs text-dim">{say(`status.hint.${one}`)}</span>
              </span>
            </MenuItem>
          ))}
          <Separator className="my-1 border-t border-line" />
          <MenuItem id="out" textValue={say('status.signOut')} className={itemClass}>
            {say('status.signOut')}
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}
