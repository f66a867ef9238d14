/** A past conversation, to be read and not to be changed. [WSP35] */
import type { DialogEvent } from '@ringdown/client'
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { asConversation, type Past, type PastThread } from '../model/history.ts'
import { messagesOf, type Row, rowsOf } from '../model/messages.ts'
import { go, hashOf, route } from '../model/route.ts'
import { useValue } from '../model/value.ts'
import { localeNow, useText } from '../text/language.ts'
import { toast, useConsumer, useDesk, useFailed, useOffice, useSkillName } from './desk-context.tsx'
import { useEnding } from './history-row.tsx'
import { MessageLine } from './message-line.tsx'
import { Day } from './message-list.tsx'
import { Avatar, Button, IconButton } from './parts.tsx'

/** Rows that are drawn at first, and that each step adds. */
const ROWS = 200

const unacknowledged = {
  delivered: new Set<number>(),
  read: new Set<number>(),
  settling: [],
} as const

/** How far its own messages came is not told: they were sent. */
const rowsIn = (said: readonly DialogEvent[], me: string): readonly Row[] =>
  rowsOf(
    messagesOf({ ...unacknowledged, said }, [], me).map((one) => ({ ...one, sending: undefined })),
  )

const momentOf = (at: number): string =>
  new Date(at).toLocaleString(localeNow(), { dateStyle: 'medium', timeStyle: 'short' })

const Header = ({ past }: { past: Past }) => {
  const say = useText()
  const office = useOffice()
  const failed = useFailed()
  const { name } = useConsumer(past.consumerId)
  const skill = useSkillName(past.skillId)
  const copy = () => {
    const link = new URL(hashOf({ view: 'history', conversationId: past.id }), location.href)
    const copied = () => void toast(office, say('history.copied'))
    void navigator.clipboard?.writeText(link.href).then(copied, failed)
  }
  const words = [momentOf(past.startedAt), skill, past.agent].filter(Boolean).join(' · ')
  return (
    <header className="flex h-14 shrink-0 items-center gap-3 border-b border-line px-4 max-mid:px-2">
      <IconButton
        icon="back"
        label={say('thread.back')}
        className="mid:hidden"
        onClick={() => go({ view: 'history' })}
      />
      <span className="max-mid:hidden">
        <Avatar id={past.consumerId} name={name} />
      </span>
      <div className="min-w-0 flex-1">
        <h2 className="truncate font-semibold">{name}</h2>
        <p className="truncate text-xs text-dim tabular-nums">{words}</p>
      </div>
      <Button size={28} className="max-mid:hidden" onClick={copy}>
        {say('history.copyLink')}
      </Button>
    </header>
  )
}

const Step = ({ label, act }: { label: string; act: () => void }) => (
  <div className="flex justify-center py-3">
    <Button size={28} onClick={act}>
      {label}
    </Button>
  </div>
)

/** Which rows are drawn: those from the beginning on, or those around the one that is looked for. */
const useDrawn = (rows: readonly Row[], target: string | undefined) => {
  const at = target === undefined ? -1 : rows.findIndex(({ key }) => key === target)
  const around = Math.max(0, at - ROWS / 2)
  const [drawn, setDrawn] = useState({ around, from: around, to: around + ROWS })
  const now = drawn.around === around ? drawn : { around, from: around, to: around + ROWS }
  return {
    shown: rows.slice(now.from, now.to),
    earlier: now.from > 0 && (() => setDrawn({ ...now, from: Math.max(0, now.from - ROWS) })),
    later: now.to < rows.length && (() => setDrawn({ ...now, to: now.to + ROWS })),
  }
}

/** Brings the message that was found into view, once it is drawn, and lets it stand out. */
const useFound = (target: string | undefined, isDrawn: boolean) => {
  const scroller = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (target === undefined || !isDrawn) return
    const line = scroller.current?.querySelector<HTMLElement>(
      `[data-message="${CSS.escape(target)}"]`,
    )
    if (!line) return
    line.dataset['found'] = ''
    line.scrollIntoView({ block: 'center' })
    return () => {
      delete line.dataset['found']
    }
  }, [target, isDrawn])
  return scroller
}

interface LinesProps {
  readonly thread: PastThread
  readonly target: string | undefined
  readonly more: () => void
}

const Lines = ({ thread, target, more }: LinesProps) => {
  const say = useText()
  const { me } = useDesk()
  const { past, said, isPartial } = thread
  const rows = useMemo(() => rowsIn(said, me), [said, me])
  const { shown, earlier, later } = useDrawn(rows, target)
  const isDrawn = shown.some(({ key }) => key === target)
  const scroller = useFound(target, isDrawn)
  const conversation = useMemo(() => asConversation(past), [past])
  const dialogOf = useMemo(
    () => new Map(said.map((event) => [event.eventId ?? '', event.dialogId])),
    [said],
  )
  const line = (row: Row): ReactNode => {
    if (row.kind === 'day') return <Day key={row.key} at={row.at} />
    if (row.kind !== 'message') return null
    const place = { dialogId: dialogOf.get(row.key) ?? past.id }
    return <MessageLine key={row.key} row={row} thread={place} conversation={conversation} />
  }
  return (
    <div
      ref={scroller}
      tabIndex={0}
      role="log"
      aria-live="off"
      aria-label={say('history.thread')}
      className="scrolls min-h-0 flex-1"
    >
      {earlier && <Step label={say('history.before')} act={earlier} />}
      {rows.length === 0 && (
        <p className="p-8 text-center text-sm text-dim">{say('thread.empty')}</p>
      )}
      <ol className="mx-auto flex w-full max-w-3xl flex-col px-4 pt-2 pb-6">{shown.map(line)}</ol>
      {later && <Step label={say('history.after')} act={later} />}
      {!later && isPartial && <Step label={say('history.after')} act={more} />}
    </div>
  )
}

const Foot = ({ past }: { past: Past }) => {
  const say = useText()
  const desk = useDesk()
  const [mine, all] = [useValue(desk.mine), useValue(desk.all)]
  const view = mine?.has(past.id) ? 'mine' : all?.has(past.id) ? 'all' : undefined
  const { isOpen, endedAt, stars } = past
  const ending = useEnding(past)
  const words = [
    isOpen || endedAt === undefined ? say('history.readOnly') : `${ending}, ${momentOf(endedAt)}`,
    ...(stars === undefined ? [] : [say('history.stars', { stars })]),
  ].join(' · ')
  return (
    <footer className="flex min-h-14 shrink-0 items-center justify-center gap-4 border-t border-line bg-page px-4 py-2 text-sm text-dim">
      <span>{words}</span>
      {isOpen && view && (
        <Button size={32} onClick={() => go({ view, conversationId: past.id })}>
          {say('history.goTo')}
        </Button>
      )}
    </footer>
  )
}

export const PastConversation = ({ thread, more }: Omit<LinesProps, 'target'>) => {
  const target = useValue(route).filters?.['message']
  return (
    <>
      <Header past={thread.past} />
      <Lines thread={thread} target={target} more={more} />
      <Foot past={thread.past} />
    </>
  )
}
