/** Everything by its name: conversations, actions, views, states. [WSP30] */
import { useMemo } from 'react'
import type { Conversation } from '../model/conversation.ts'
import { bindingsOf, type Command, keyNames } from '../model/keys.ts'
import { availabilities } from '../model/own-state.ts'
import { preferences } from '../model/preferences.ts'
import { go, route, type View } from '../model/route.ts'
import { useText } from '../text/language.ts'
import { consumerName, type Office, useOffice } from './desk-context.tsx'
import { type Option, Options } from './options.tsx'
import { Sheet } from './sheet.tsx'
import { declare } from './status-menu.tsx'
import { type ActionName, actionsOf, runAction } from './thread-actions.tsx'

type Say = ReturnType<typeof useText>

/** The key that does the same. */
const keyHint = (command: Command): string => {
  const keys = bindingsOf(preferences.get().keys)[command]
  return keyNames(keys)
    .map((chord) => chord.join('+'))
    .join(' ')
}

const actionKeys: Readonly<Partial<Record<ActionName, Command>>> = {
  close: 'close',
  queue: 'queue',
  transfer: 'transfer',
}

const viewKeys: Readonly<Record<View, Command>> = {
  mine: 'goMine',
  all: 'goAll',
  agents: 'goAgents',
  history: 'goHistory',
}

const actionOptions = (office: Office, say: Say): readonly Option[] => {
  const { conversationId } = route.get()
  const conversation = conversationId === undefined ? undefined : office.desk.find(conversationId)
  if (!conversation) return []
  return actionsOf(office, conversation).map((name) => ({
    id: `action-${name}`,
    name: say(`action.${name}`),
    hint: actionKeys[name] && keyHint(actionKeys[name]),
    run: () => void runAction(office, say, name, conversation),
  }))
}

function* conversationOptions({ desk }: Office, say: Say): Generator<Option> {
  const mine = desk.mine.get() ?? new Map<string, Conversation>()
  const all = desk.all.get() ?? new Map<string, Conversation>()
  for (const known of [mine, all])
    for (const { id, consumerId } of known.values()) {
      const view = mine.has(id) ? 'mine' : 'all'
      if (known === all && view === 'mine') continue
      yield {
        id: `conversation-${id}`,
        name: consumerName(say, consumerId, desk.directory.known(consumerId)),
        hint: say(`list.${view}`),
        run: () => go({ view, conversationId: id }),
      }
    }
}

const viewOptions = ({ desk }: Office, say: Say): readonly Option[] => {
  const views: readonly View[] = [
    'mine',
    ...(desk.mayView ? (['all'] as const) : []),
    ...(desk.maySeeAgents ? (['agents'] as const) : []),
    'history',
  ]
  return views.map((view) => ({
    id: `view-${view}`,
    name: say('palette.go', { view: say(`nav.${view}`) }),
    hint: keyHint(viewKeys[view]),
    run: () => go({ view }),
  }))
}

const otherOptions = (office: Office, say: Say): readonly Option[] => [
  ...availabilities.map((state) => ({
    id: `status-${state}`,
    name: say('palette.status', { state: say(`status.${state}`) }),
    run: () => void declare(office, state, say('status.failed')),
  })),
  ...office.reasons.states.get().map(({ state, text }) => ({
    id: `status-${state}-${text}`,
    name: say('palette.status', { state: `${say(`status.${state}`)}: ${text}` }),
    run: () => void declare(office, state, say('status.failed'), text),
  })),
  ...(['appearance', 'composer', 'notices', 'keys'] as const).map((section) => ({
    id: `settings-${section}`,
    name: `${say('nav.settings')}: ${say(`settings.${section}`)}`,
    hint: section === 'appearance' ? keyHint('settings') : '',
    run: () => office.overlay.set(`settings.${section}`),
  })),
  {
    id: 'keys',
    name: say('nav.help'),
    hint: keyHint('help'),
    run: () => office.overlay.set('keys'),
  },
]

/** Thousands of conversations are known, and few of them are shown: names are made as they are asked for. */
const everything = (office: Office, say: Say): Iterable<Option> => ({
  *[Symbol.iterator]() {
    yield* actionOptions(office, say)
    yield* conversationOptions(office, say)
    yield* viewOptions(office, say)
    yield* otherOptions(office, say)
  },
})

export const Palette = ({ close }: { close: () => void }) => {
  const office = useOffice()
  const say = useText()
  const options = useMemo(() => everything(office, say), [office, say])
  return (
    <Sheet title={say('palette.label')} close={close} isBare>
      <Options
        label={say('palette.label')}
        placeholder={say('palette.placeholder')}
        nothing={say('palette.none')}
        options={options}
        chosen={close}
        otherwise={(text) => ({
          id: 'history-search',
          name: say('history.inPalette', { text }),
          run: () => {
            close()
            go({ view: 'history', filters: { q: text } })
          },
        })}
      />
    </Sheet>
  )
}
