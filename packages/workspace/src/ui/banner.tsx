/** A thin line while there is no connection; everything stays usable below it. [WSP15] */
import { useEffect, useState } from 'react'
import { useValue } from '../model/value.ts'
import { useText } from '../text/language.ts'
import { shortTime } from './conversation-row.tsx'
import { useDesk } from './desk-context.tsx'

/** A connection that comes back at once is no news. */
const PATIENCE_MS = 1_000

export const ConnectionBanner = () => {
  const desk = useDesk()
  const say = useText()
  const link = useValue(desk.link)
  const waiting = useValue(desk.outbox).filter(({ state }) => state !== 'failed').length
  const [isShown, setShown] = useState(false)
  const isOpen = link.kind === 'open'
  useValue(desk.now)
  useEffect(() => {
    if (isOpen) {
      setShown(false)
      return
    }
    const timer = setTimeout(() => setShown(true), PATIENCE_MS)
    return () => clearTimeout(timer)
  }, [isOpen])
  useEffect(() => {
    const retry = () => desk.client.retryNow()
    addEventListener('online', retry)
    return () => removeEventListener('online', retry)
  }, [desk])
  const { syncedAt } = desk
  const seconds =
    link.kind === 'waiting' ? Math.max(1, Math.ceil((link.untilMs - Date.now()) / 1000)) : 0
  return (
    <div role="status" className={isShown ? '' : 'sr-only'}>
      {isShown && (
        <p className="flex min-h-8 flex-wrap items-center justify-center gap-x-3 bg-warn-soft px-4 py-1 text-sm text-warn tabular-nums">
          <span aria-hidden={link.kind === 'waiting'}>
            {seconds > 0 ? say('link.banner', { seconds }) : say('link.bannerConnecting')}
          </span>
          {syncedAt !== undefined && (
            <span>{say('link.since', { time: shortTime(syncedAt, Date.now()) })}</span>
          )}
          {waiting > 0 && (
            <span>
              {say(waiting === 1 ? 'link.outbox.one' : 'link.outbox.other', { count: waiting })}
            </span>
          )}
          <button
            type="button"
            className="rounded font-semibold underline underline-offset-2"
            onClick={() => desk.client.retryNow()}
          >
            {say('link.retry')}
          </button>
        </p>
      )}
    </div>
  )
}
