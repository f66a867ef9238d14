/** Says that the server has a newer page than this one, and leaves it to the agent when to take it. [WSP43] */
import { useEffect, useState } from 'react'
import { useValue, Value } from '../model/value.ts'
import { hasNewVersion, watchVersion } from '../model/version.ts'
import { useText } from '../text/language.ts'
import { useDesk } from './desk-context.tsx'
import { Button, IconButton } from './parts.tsx'

export const NewVersion = () => {
  const say = useText()
  const { link } = useDesk()
  const isNew = useValue(hasNewVersion)
  const [isDismissed, setDismissed] = useState(false)
  useEffect(() => {
    const stop = new AbortController()
    const isConnected = new Value(link.get().kind === 'open')
    const unsubscribe = link.subscribe(() => isConnected.set(link.get().kind === 'open'))
    stop.signal.addEventListener('abort', unsubscribe)
    watchVersion(isConnected, stop.signal)
    return () => stop.abort()
  }, [link])
  const isShown = isNew && !isDismissed
  return (
    <div
      role="status"
      className="fixed start-18 bottom-4 z-30 w-76 max-mid:inset-x-4 max-mid:top-16 max-mid:bottom-auto max-mid:w-auto"
    >
      {isShown && (
        <div
          data-new-version
          className="flex min-h-11 max-w-full items-center gap-2 rounded-lg border border-line bg-raised py-1 ps-4 pe-1 text-sm shadow-pop"
        >
          <span className="min-w-0 flex-1">{say('version.new')}</span>
          <Button size={28} onClick={() => location.reload()}>
            {say('version.reload')}
          </Button>
          <IconButton icon="close" label={say('dialog.close')} onClick={() => setDismissed(true)} />
        </div>
      )}
    </div>
  )
}
