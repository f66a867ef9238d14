/** What the agent has declared, with its reason, and whether the connection stands: two marks. [WSP3] [WSP58] */
import {
  Button as AriaButton,
  Menu,
  MenuItem,
  MenuTrigger,
  Popover,
  Separator,
} from 'react-aria-components'
import { type Availability, availabilities } from '../model/own-state.ts'
import { useValue } from '../model/value.ts'
import { useText } from '../text/language.ts'
import { type Office, reasonOf, toast, useColleague, useOffice } from './desk-context.tsx'
import { Icon } from './icons.tsx'
import { Avatar } from './parts.tsx'

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

const LinkMark = ({ isOpen }: { isOpen: boolean }) => (
  <span
    data-dot
    className={`size-2.5 shrink-0 rounded-full border-2 ${isOpen ? 'border-good' : 'border-warn'}`}
  />
)

export const declare = async (
  office: Office,
  availability: Availability,
  failed: string,
  reason = '',
): Promise<void> => {
  try {
    await office.own.declare(availability, reason)
  } catch (error) {
    toast(office, `${failed} ${reasonOf(error)}`, { isBad: true })
  }
}

const itemClass =
  'flex cursor-pointer items-center gap-3 rounded-lg px-2 py-1.5 outline-none data-[focused]:bg-hover'

const Marks = ({ name }: { name: string }) => {
  const { desk } = useOffice()
  const say = useText()
  const own = useValue(desk.ownState)
  const link = useValue(desk.link)
  const state = own?.availability ?? 'OFFLINE'
  const row = 'flex items-center gap-2 text-sm'
  return (
    <div className="mb-1 space-y-1 border-b border-line px-2 pt-1 pb-3">
      <p className="font-semibold">{name}</p>
      {desk.session.loginName !== name && (
        <p className="text-sm text-dim">{desk.session.loginName}</p>
      )}
      <p className={row}>
        <StatusDot state={state} />
        <span className="min-w-0 truncate">
          {say(`status.${state}`)}
          {own?.description ? ` · ${own.description}` : ''}
        </span>
      </p>
      <p className={`${row} text-dim`}>
        <LinkMark isOpen={link.kind === 'open'} />
        {say('status.link', { link: say(`link.${link.kind}`) })}
      </p>
    </div>
  )
}

interface Choice {
  readonly availability: Availability
  readonly reason: string
}

/** Each state, and under it the reasons that the account has for it. */
const useChoices = (): readonly Choice[] => {
  const reasons = useValue(useOffice().reasons.states)
  return availabilities.flatMap((availability) => [
    { availability, reason: '' },
    ...reasons
      .filter(({ state }) => state === availability)
      .map(({ text }) => ({ availability, reason: text })),
  ])
}

const ChoiceText = ({ choice, isChosen }: { choice: Choice; isChosen: boolean }) => {
  const say = useText()
  const { availability, reason } = choice
  return (
    <>
      {reason === '' ? <StatusDot state={availability} /> : <span className="w-2.5" />}
      <span className="min-w-0 flex-1">
        <span
          className={`block truncate ${isChosen ? 'font-semibold' : ''} ${reason === '' ? '' : 'text-sm'}`}
        >
          {reason !== '' && <span className="sr-only">{say(`status.${availability}`)}: </span>}
          {reason === '' ? say(`status.${availability}`) : reason}
        </span>
        {reason === '' && (
          <span className="block text-xs text-dim">{say(`status.hint.${availability}`)}</span>
        )}
      </span>
      {isChosen && <Icon name="check" size={16} />}
    </>
  )
}

const Choices = () => {
  const office = useOffice()
  const say = useText()
  const own = useValue(office.desk.ownState)
  const choices = useChoices()
  const isChosen = ({ availability, reason }: Choice) =>
    availability === (own?.availability ?? 'OFFLINE') && reason === (own?.description ?? '')
  const nameOf = ({ availability, reason }: Choice) =>
    reason === '' ? say(`status.${availability}`) : `${say(`status.${availability}`)}: ${reason}`
  return (
    <Menu
      aria-label={say('status.choose')}
      selectionMode="none"
      className="scrolls max-h-[60vh] outline-none"
      onAction={(key) => {
        const choice = choices[Number(key)]
        if (!choice) office.signOut()
        else void declare(office, choice.availability, say('status.failed'), choice.reason)
      }}
    >
      {choices.map((choice, index) => (
        <MenuItem key={nameOf(choice)} id={index} textValue={nameOf(choice)} className={itemClass}>
          <ChoiceText choice={choice} isChosen={isChosen(choice)} />
        </MenuItem>
      ))}
      <Separator className="my-1 border-t border-line" />
      <MenuItem id="out" textValue={say('status.signOut')} className={itemClass}>
        {say('status.signOut')}
      </MenuItem>
    </Menu>
  )
}

export const StatusMenu = () => {
  const { desk } = useOffice()
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
          {link.kind === 'open' ? <StatusDot state={state} /> : <LinkMark isOpen={false} />}
        </span>
      </AriaButton>
      <Popover placement="end top" className="w-72 rounded-xl bg-raised p-2 shadow-pop">
        <Marks name={name} />
        <Choices />
      </Popover>
    </MenuTrigger>
  )
}
