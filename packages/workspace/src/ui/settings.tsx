/** What each agent sets up for itself. */
import { type Preferences, prefer, preferences } from '../model/preferences.ts'
import { useValue } from '../model/value.ts'
import { useText } from '../text/language.ts'
import { Sheet } from './sheet.tsx'

const Choice = (props: {
  label: string
  value: string
  choices: readonly (readonly [string, string])[]
  change: (value: string) => void
}) => (
  <label className="flex items-center gap-4">
    <span className="flex-1">{props.label}</span>
    <select
      className="field h-8 w-44 px-2 text-sm"
      value={props.value}
      onChange={(event) => props.change(event.currentTarget.value)}
    >
      {props.choices.map(([value, name]) => (
        <option key={value} value={value}>
          {name}
        </option>
      ))}
    </select>
  </label>
)

const Switch = (props: { label: string; isOn: boolean; change: (isOn: boolean) => void }) => (
  <label className="flex h-8 items-center gap-4">
    <span className="flex-1">{props.label}</span>
    <input
      type="checkbox"
      className="size-4 accent-accent"
      checked={props.isOn}
      onChange={(event) => props.change(event.currentTarget.checked)}
    />
  </label>
)

export const Settings = ({ close }: { close: () => void }) => {
  const say = useText()
  const { theme, language, sound, shortcuts } = useValue(preferences)
  return (
    <Sheet title={say('settings.title')} close={close}>
      <div className="space-y-3 px-5 pb-5">
        <Choice
          label={say('settings.theme')}
          value={theme}
          choices={[
            ['system', say('settings.theme.system')],
            ['light', say('settings.theme.light')],
            ['dark', say('settings.theme.dark')],
          ]}
          change={(value) => prefer({ theme: value as Preferences['theme'] })}
        />
        <Choice
          label={say('settings.language')}
          value={language}
          choices={[
            ['system', say('settings.language.system')],
            ['en', 'English'],
            ['de', 'Deutsch'],
          ]}
          change={(value) => prefer({ language: value as Preferences['language'] })}
        />
        <Switch
          label={say('settings.sound')}
          isOn={sound}
          change={(isOn) => prefer({ sound: isOn })}
        />
        <Switch
          label={say('settings.shortcuts')}
          isOn={shortcuts}
          change={(isOn) => prefer({ shortcuts: isOn })}
        />
      </div>
    </Sheet>
  )
}
