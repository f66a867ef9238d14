/** Which key does what. [WSP30] */
import { preferences } from '../model/preferences.ts'
import { useValue } from '../model/value.ts'
import type { TextKey } from '../text/en.ts'
import { useText } from '../text/language.ts'
import { Sheet } from './sheet.tsx'

const rows: readonly (readonly [keys: string, text: TextKey])[] = [
  ['Ctrl K', 'keys.palette'],
  ['F6', 'keys.regions'],
  ['Esc', 'keys.escape'],
  ['a', 'keys.accept'],
  ['j', 'keys.next'],
  ['k', 'keys.previous'],
  ['r', 'keys.reply'],
  ['n', 'keys.note'],
  ['t', 'keys.transfer'],
  ['q', 'keys.queue'],
  ['e', 'keys.close'],
  ['?', 'keys.help'],
]

export const KeysSheet = ({ close }: { close: () => void }) => {
  const say = useText()
  const { shortcuts } = useValue(preferences)
  return (
    <Sheet title={say('keys.title')} close={close}>
      <div className="scrolls px-5 pb-5" tabIndex={0}>
        {!shortcuts && <p className="mb-3 text-sm text-warn">{say('keys.off')}</p>}
        <dl>
          {rows.map(([keys, text]) => (
            <div key={keys} className="flex h-9 items-center gap-4">
              <dt className="flex-1">{say(text)}</dt>
              <dd className="flex gap-1">
                {keys.split(' ').map((key) => (
                  <kbd
                    key={key}
                    className="inline-flex h-6 min-w-6 items-center justify-center rounded-md border border-line bg-page px-1.5 font-sans text-xs"
                  >
                    {key}
                  </kbd>
                ))}
              </dd>
            </div>
          ))}
        </dl>
      </div>
    </Sheet>
  )
}
