/** Keys as they stand on a keyboard. */
import { Fragment } from 'react'
import { keyNames } from '../model/keys.ts'
import { useText } from '../text/language.ts'

export const KeyCaps = ({ keys }: { keys: string }) => {
  const say = useText()
  if (keys === '') return <span className="text-xs text-dim">{say('keys.none')}</span>
  return (
    <span className="flex items-center gap-1">
      {keyNames(keys).map((chord, index) => (
        <Fragment key={index}>
          {index > 0 && <span className="text-xs text-dim">{say('keys.then')}</span>}
          {chord.map((key) => (
            <kbd
              key={key}
              className="inline-flex h-6 min-w-6 items-center justify-center rounded-md border border-line bg-page px-1.5 font-sans text-xs whitespace-nowrap"
            >
              {key}
            </kbd>
          ))}
        </Fragment>
      ))}
    </span>
  )
}
