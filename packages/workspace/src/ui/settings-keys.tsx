/** Other keys for what can be done, where two clash, and taking them to another machine. [WSP53] */
import { type KeyboardEvent, useRef, useState } from 'react'
import {
  type Bindings,
  bindingsOf,
  type Command,
  chordOf,
  commands,
  conflictsOf,
  exportKeys,
  importKeys,
  usualKeys,
} from '../model/keys.ts'
import { prefer, preferences } from '../model/preferences.ts'
import { useValue } from '../model/value.ts'
import { useText } from '../text/language.ts'
import { KeyCaps } from './key-caps.tsx'
import { Button } from './parts.tsx'
import { Switch } from './settings-parts.tsx'

/** Only what differs from the usual is kept, so that new usual keys come by themselves. */
const bind = (bindings: Bindings): void => {
  const own = commands.filter((one) => bindings[one] !== usualKeys[one])
  prefer({ keys: Object.fromEntries(own.map((one) => [one, bindings[one]])) })
}

interface RowProps {
  readonly command: Command
  readonly bindings: Bindings
  readonly clashes: readonly Command[]
  readonly isAsked: boolean
  readonly ask: (command: Command | undefined) => void
}

const KeyRow = ({ command, bindings, clashes, isAsked, ask }: RowProps) => {
  const say = useText()
  const name = say(`keys.${command}`)
  const read = (event: KeyboardEvent) => {
    if (!isAsked) return
    const chord = chordOf(event.nativeEvent)
    if (chord === 'Tab' || chord === 'Shift+Tab') {
      ask(undefined)
      return
    }
    event.preventDefault()
    event.stopPropagation()
    if (chord === undefined) return
    if (chord !== 'Escape') bind({ ...bindings, [command]: chord === 'Backspace' ? '' : chord })
    ask(undefined)
  }
  return (
    <li data-key={command} className="flex min-h-10 items-center gap-4">
      <span className="min-w-0 flex-1">
        {name}
        {clashes.length > 0 && (
          <span className="block text-xs text-bad">
            {say('keys.clash', { names: clashes.map((one) => say(`keys.${one}`)).join(', ') })}
          </span>
        )}
      </span>
      <button
        type="button"
        onClick={() => ask(isAsked ? undefined : command)}
        onKeyDown={read}
        onBlur={() => isAsked && ask(undefined)}
        className={`flex h-8 min-w-24 shrink-0 items-center justify-end rounded-lg px-2 hover:bg-hover ${isAsked ? 'bg-accent-soft text-accent-ink' : ''}`}
      >
        <span className="sr-only">{say('keys.bind', { name })} </span>
        {isAsked ? (
          <span className="text-xs">{say('keys.press')}</span>
        ) : (
          <KeyCaps keys={bindings[command]} />
        )}
      </button>
    </li>
  )
}

const save = (text: string): void => {
  const link = document.createElement('a')
  const address = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  link.href = address
  link.download = 'ringdown-keys.json'
  link.click()
  URL.revokeObjectURL(address)
}

const Exchange = ({ bindings }: { bindings: Bindings }) => {
  const say = useText()
  const file = useRef<HTMLInputElement>(null)
  const [told, setTold] = useState('')
  const read = async (chosen: File | undefined) => {
    const keys = chosen && importKeys(await chosen.text())
    if (keys) bind({ ...usualKeys, ...keys })
    if (chosen) setTold(say(keys ? 'keys.imported' : 'keys.importFailed'))
    if (file.current) file.current.value = ''
  }
  return (
    <div className="flex flex-wrap items-center gap-2 border-t border-line pt-4">
      <Button onClick={() => prefer({ keys: {} })}>{say('keys.usual')}</Button>
      <Button onClick={() => save(exportKeys(bindings))}>{say('keys.export')}</Button>
      <Button onClick={() => file.current?.click()}>{say('keys.import')}</Button>
      <input
        ref={file}
        type="file"
        accept="application/json,.json"
        aria-label={say('keys.import')}
        className="hidden"
        onChange={(event) => void read(event.currentTarget.files?.[0])}
      />
      <p role="status" className="text-xs text-dim">
        {told}
      </p>
    </div>
  )
}

export const KeySettings = () => {
  const say = useText()
  const { shortcuts, keys } = useValue(preferences)
  const [asked, ask] = useState<Command>()
  const bindings = bindingsOf(keys)
  const conflicts = conflictsOf(bindings)
  return (
    <div className="space-y-3">
      <Switch
        label={say('settings.shortcuts')}
        hint={say('settings.shortcuts.hint')}
        isOn={shortcuts}
        change={(isOn) => prefer({ shortcuts: isOn })}
      />
      <ul>
        {commands.map((command) => (
          <KeyRow
            key={command}
            command={command}
            bindings={bindings}
            clashes={conflicts.get(command) ?? []}
            isAsked={asked === command}
            ask={ask}
          />
        ))}
      </ul>
      <p className="text-xs text-dim">{say('keys.pressHint')}</p>
      <Exchange bindings={bindings} />
    </div>
  )
}
