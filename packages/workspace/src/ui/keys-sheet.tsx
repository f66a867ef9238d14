/** Which key does what; to be searched. [WSP30] */
import { useState } from 'react'
import { bindingsOf, commands, keyNames } from '../model/keys.ts'
import { preferences } from '../model/preferences.ts'
import { useValue } from '../model/value.ts'
import { useText } from '../text/language.ts'
import { useOffice } from './desk-context.tsx'
import { KeyCaps } from './key-caps.tsx'
import { Button } from './parts.tsx'
import { SearchField } from './search-field.tsx'
import { Sheet } from './sheet.tsx'

interface Row {
  readonly id: string
  readonly text: string
  readonly keys: string
}

const useRows = (): readonly Row[] => {
  const say = useText()
  const { keys, enterSends } = useValue(preferences)
  const bindings = bindingsOf(keys)
  return [
    ...commands.map((one) => ({ id: one, text: say(`keys.${one}`), keys: bindings[one] })),
    { id: 'send', text: say('keys.send'), keys: enterSends ? 'Enter' : 'Ctrl+Enter' },
    { id: 'line', text: say('keys.line'), keys: enterSends ? 'Shift+Enter' : 'Enter' },
  ]
}

export const KeysSheet = ({ close }: { close: () => void }) => {
  const say = useText()
  const { overlay } = useOffice()
  const { shortcuts } = useValue(preferences)
  const [text, setText] = useState('')
  const wanted = text.trim().toLowerCase()
  const found = useRows().filter(
    (row) =>
      row.text.toLowerCase().includes(wanted) ||
      keyNames(row.keys).flat().join(' ').toLowerCase().includes(wanted),
  )
  return (
    <Sheet title={say('keys.title')} close={close}>
      <div className="shrink-0 px-5 pb-3">
        <SearchField label={say('keys.search')} text={text} change={setText} />
      </div>
      <div className="scrolls h-96 min-h-0 px-5" tabIndex={0}>
        {!shortcuts && <p className="mb-3 text-sm text-warn">{say('keys.off')}</p>}
        {found.length === 0 && <p className="py-2 text-sm text-dim">{say('keys.nothing')}</p>}
        {found.length > 0 && (
          <dl>
            {found.map(({ id, text: name, keys }) => (
              <div key={id} className="flex h-9 items-center gap-4">
                <dt className="flex-1">{name}</dt>
                <dd>
                  <KeyCaps keys={keys} />
                </dd>
              </div>
            ))}
          </dl>
        )}
      </div>
      <footer className="flex shrink-0 justify-end border-t border-line px-5 py-3">
        <Button onClick={() => overlay.set('settings.keys')}>{say('keys.change')}</Button>
      </footer>
    </Sheet>
  )
}
