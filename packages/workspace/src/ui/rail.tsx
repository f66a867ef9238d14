/** Views and the agent's own state. */
import { go, route, type View } from '../model/route.ts'
import { useValue } from '../model/value.ts'
import { useText } from '../text/language.ts'
import { useDesk, useOffice } from './desk-context.tsx'
import { Icon, type IconName } from './icons.tsx'
import { IconButton } from './parts.tsx'
import { StatusMenu } from './status-menu.tsx'

const icons: Readonly<Record<View, IconName>> = {
  mine: 'inbox',
  all: 'layers',
  agents: 'people',
  history: 'history',
}

const ViewLink = ({ view }: { view: View }) => {
  const say = useText()
  const desk = useDesk()
  const current = useValue(route)
  const rings = useValue(desk.rings).length
  const isCurrent = current.view === view
  const label = say(`nav.${view}`)
  return (
    <a
      href={`#/${view}`}
      aria-label={label}
      aria-current={isCurrent ? 'page' : undefined}
      title={label}
      onClick={(event) => {
        event.preventDefault()
        go({ view, filters: {} })
      }}
      className={`relative inline-flex size-10 items-center justify-center rounded-lg ${isCurrent ? 'bg-accent-soft text-accent-ink' : 'text-dim hover:bg-hover hover:text-ink'}`}
    >
      <Icon name={icons[view]} />
      {view === 'mine' && rings > 0 && (
        <span data-dot className="absolute end-1.5 top-1.5 size-2 rounded-full bg-bad" />
      )}
    </a>
  )
}

export const Rail = () => {
  const desk = useDesk()
  const { overlay } = useOffice()
  const say = useText()
  return (
    <nav
      aria-label={say('nav.label')}
      data-region="rail"
      className="flex w-14 shrink-0 flex-col items-center gap-1 border-e border-line bg-page py-3 max-mid:h-14 max-mid:w-full max-mid:flex-row max-mid:justify-around max-mid:border-e-0 max-mid:border-t max-mid:px-3 max-mid:py-0"
    >
      <StatusMenu />
      <span className="h-2 max-mid:hidden" />
      <ViewLink view="mine" />
      {desk.mayView && <ViewLink view="all" />}
      {desk.maySeeAgents && <ViewLink view="agents" />}
      <ViewLink view="history" />
      <span className="flex-1 max-mid:hidden" />
      <IconButton
        icon="keyboard"
        label={say('nav.help')}
        className="size-10 max-mid:hidden"
        onClick={() => overlay.set('keys')}
      />
      <IconButton
        icon="settings"
        label={say('nav.settings')}
        className="size-10"
        onClick={() => overlay.set('settings')}
      />
    </nav>
  )
}
