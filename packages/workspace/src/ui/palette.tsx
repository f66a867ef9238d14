/** Everything by its name: conversations, actions, views, states. [WSP30] */
import { go, route, type View } from '../model/route.ts'
import { useText } from '../text/language.ts'
import { consumerName, type Office, useOffice } from './desk-context.tsx'
import { type Option, Options } from './options.tsx'
import { Sheet } from './sheet.tsx'
import { availabilities, declare } from './status-menu.tsx'
import { actionsOf, runAction } from './thread-actions.tsx'

type Say = ReturnType<typeof useText>

const actionOptions = (office: Office, say: Say): readonly Option[] => {
  const { conversationId } = route.get()
  const conversation = conversationId === undefined ? undefined : office.desk.find(conversationId)
  if (!conversation) return []
  return actionsOf(office, conversation).map((name) => ({
    id: `action-${name}`,
    name: say(`action.${name}`),
    run: () => void runAction(office, say, name, conversation),
  }))
}

const conversationOptions = ({ desk }: Office, say: Say): readonly Option[] => {
  const [mine, all] = [desk.mine.get(), desk.all.get()]
  const known = new Map([...(all ?? []), ...(mine ?? [])])
  return [...known.values()].map(({ id, consumerId }) => ({
    id: `conversation-${id}`,
    name: consumerName(say, consumerId, desk.directory.consumer(consumerId).get()),
    hint: say(mine?.has(id) ? 'list.mine' : 'list.all'),
    run: () => go({ view: mine?.has(id) ? 'mine' : 'all', conversationId: id }),
  }))
}

const viewOptions = ({ desk }: Office, say: Say): readonly Option[] => {
  const views: readonly View[] = [
    'mine',
    ...(desk.mayView ? (['all'] as const) : []),
    ...(desk.maySeeAgents ? (['agents'] as const) : []),
  ]
  return views.map((view) => ({
    id: `view-${view}`,
    name: say('palette.go', { view: say(`nav.${view}`) }),
    run: () => go({ view }),
  }))
}

const otherOptions = (office: Office, say: Say): readonly Option[] => [
  ...availabilities.map((state) => ({
    id: `status-${state}`,
    name: say('palette.status', { state: say(`status.${state}`) }),
    run: () => void declare(office, state, say('status.failed')),
  })),
  { id: 'settings', name: say('nav.settings'), run: () => office.overlay.set('settings') },
  { id: 'keys', name: say('nav.help'), hint: '?', run: () => office.overlay.set('keys') },
]

export const Palette = ({ close }: { close: () => void }) => {
  const office = useOffice()
  const say = useText()
  const options = [
    ...actionOptions(office, say),
    ...conversationOptions(office, say),
    ...viewOptions(office, say),
    ...otherOptions(office, say),
  ].map((option) => ({
    ...option,
    run: () => {
      close()
      option.run()
    },
  }))
  return (
    <Sheet title={say('palette.label')} close={close} isBare>
      <Options
        label={say('palette.label')}
        placeholder={say('palette.placeholder')}
        nothing={say('palette.none')}
        options={options}
      />
    </Sheet>
  )
}
