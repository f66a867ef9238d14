/** Says that there is no connection, and when the next attempt is. [WIN15] */
import { useEffect, useState } from 'preact/hooks'
import { useSurroundings } from './context.ts'

/** A connection that comes back at once is not worth a word. */
const PATIENCE_MS = 1_000

export const Banner = () => {
  const { messenger, speech } = useSurroundings()
  const { link } = messenger
  const isDown = link !== undefined && link.kind !== 'open'
  const [isShown, setShown] = useState(false)
  const [, setTick] = useState(0)
  useEffect(() => {
    if (!isDown) {
      setShown(false)
      return
    }
    const timer = setTimeout(() => setShown(true), PATIENCE_MS)
    return () => clearTimeout(timer)
  }, [isDown])
  useEffect(() => {
    if (!isShown) return
    const timer = setInterval(() => setTick((tick) => tick + 1), 1_000)
    return () => clearInterval(timer)
  }, [isShown])
  if (!isShown || !link) return null
  if (link.kind === 'closed')
    return (
      <section class="banner" aria-label={speech.say('offline')}>
        <span role="status">{speech.say('identityLost')}</span>
      </section>
    )
  const seconds = link.kind === 'waiting' ? Math.ceil((link.untilMs - Date.now()) / 1000) : 0
  return (
    <section class="banner" aria-label={speech.say('offline')}>
      <div class="what">
        <strong role="status">{speech.say('offline')}</strong>
        <span>
          {seconds > 0 ? speech.say('offlineMore', { seconds }) : speech.say('connecting')}
        </span>
      </div>
      <button type="button" onClick={() => messenger.retryNow()}>
        {speech.say('retryNow')}
      </button>
    </section>
  )
}
