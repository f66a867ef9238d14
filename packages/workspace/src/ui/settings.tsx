/** What each agent sets up for itself, in sections. [WSP52] */
import { type ComponentType, useState } from 'react'
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components'
import { type Preferences, prefer, preferences } from '../model/preferences.ts'
import { useValue } from '../model/value.ts'
import { useText } from '../text/language.ts'
import type { SettingsSection } from './desk-context.tsx'
import { KeySettings } from './settings-keys.tsx'
import { NoticeSettings } from './settings-notices.tsx'
import { Choice, Switch } from './settings-parts.tsx'
import { Sheet } from './sheet.tsx'

const AppearanceSettings = () => {
  const say = useText()
  const { theme, language, density } = useValue(preferences)
  return (
    <div className="space-y-1">
      <Choice<Preferences['theme']>
        label={say('settings.theme')}
        value={theme}
        choices={[
          ['system', say('settings.theme.system')],
          ['light', say('settings.theme.light')],
          ['dark', say('settings.theme.dark')],
        ]}
        change={(value) => prefer({ theme: value })}
      />
      <Choice<Preferences['language']>
        label={say('settings.language')}
        value={language}
        choices={[
          ['system', say('settings.language.system')],
          ['en', 'English'],
          ['de', 'Deutsch'],
        ]}
        change={(value) => prefer({ language: value })}
      />
      <Choice<Preferences['density']>
        label={say('settings.density')}
        value={density}
        choices={[
          ['compact', say('settings.density.compact')],
          ['comfortable', say('settings.density.comfortable')],
        ]}
        change={(value) => prefer({ density: value })}
      />
    </div>
  )
}

const HOLDS = [0, 3, 5] as const
const UNDOS = [0, 3, 6, 10] as const

const ComposerSettings = () => {
  const say = useText()
  const { enterSends, holdSeconds, undoSeconds } = useValue(preferences)
  const spans = (all: readonly number[]) =>
    all.map(
      (seconds) =>
        [
          String(seconds),
          seconds === 0 ? say('settings.atOnce') : say('settings.seconds', { seconds }),
        ] as const,
    )
  return (
    <div className="space-y-1">
      <Switch
        label={say('settings.enter')}
        hint={say('settings.enter.hint')}
        isOn={enterSends}
        change={(isOn) => prefer({ enterSends: isOn })}
      />
      <Choice
        label={say('settings.hold')}
        value={String(holdSeconds)}
        choices={spans(HOLDS)}
        change={(value) => prefer({ holdSeconds: Number(value) })}
      />
      <Choice
        label={say('settings.undo')}
        hint={say('settings.undo.hint')}
        value={String(undoSeconds)}
        choices={spans(UNDOS)}
        change={(value) => prefer({ undoSeconds: Number(value) })}
      />
    </div>
  )
}

const sections: Readonly<Record<SettingsSection, ComponentType>> = {
  appearance: AppearanceSettings,
  composer: ComposerSettings,
  notices: NoticeSettings,
  keys: KeySettings,
}

const names = Object.keys(sections) as readonly SettingsSection[]
const NARROW = '(max-width: 759px)'

const tabClass =
  'flex h-8 shrink-0 cursor-pointer items-center rounded-lg px-3 max-mid:px-2 text-sm font-medium whitespace-nowrap text-dim outline-none data-[focus-visible]:outline-2 data-[focus-visible]:outline-accent-strong data-[hovered]:bg-hover data-[selected]:bg-accent-soft data-[selected]:text-accent-ink'

export const Settings = (props: { close: () => void; section: SettingsSection }) => {
  const say = useText()
  const [section, setSection] = useState(props.section)
  const Section = sections[section]
  return (
    <Sheet title={say('settings.title')} close={props.close} isWide>
      <Tabs
        selectedKey={section}
        onSelectionChange={(key) => setSection(key as SettingsSection)}
        orientation={matchMedia(NARROW).matches ? 'horizontal' : 'vertical'}
        className="flex h-140 min-h-0 border-t border-line max-mid:flex-col"
      >
        <TabList
          aria-label={say('settings.sections')}
          className="scrolls flex w-44 shrink-0 flex-col gap-1 border-e border-line p-3 max-mid:w-full max-mid:flex-row max-mid:flex-wrap max-mid:border-e-0 max-mid:border-b"
        >
          {names.map((name) => (
            <Tab key={name} id={name} className={tabClass}>
              {say(`settings.${name}`)}
            </Tab>
          ))}
        </TabList>
        <TabPanel
          key={section}
          id={section}
          className="scrolls min-h-0 min-w-0 flex-1 px-6 py-4 outline-none max-mid:px-4"
        >
          <Section />
        </TabPanel>
      </Tabs>
    </Sheet>
  )
}
