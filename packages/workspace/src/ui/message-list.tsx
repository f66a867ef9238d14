/** What was said, newest at the foot. [WSP8] */
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { Conversation } from '../model/conversation.ts'
import { type Message, messagesOf, type Row, rowsOf } from '../model/messages.ts'
import type { Thread } from '../model/thread.ts'
import { useValue } from '../model/value.ts'
import { localeNow, type Say, useText } from '../text/language.ts'
import { useConsumer, useDesk } from './desk-context.tsx'
import { Icon } from './icons.tsx'
import { MessageLine } from './message-line.tsx'
import { Skeleton } from './parts.tsx'

/** Rows that are drawn at first; older ones follow when they are scrolled to. */
const FIRST_ROWS = 120
const NEAR_PX = 80
const DAY_MS = 86_400_000

const dayName = (say: Say, at: number): string => {
  const day = new Date(at).toDateString()
  if (day === new Date().toDateString()) return say('thread.today')
  if (day === new Date(Date.now() - DAY_MS).toDateString()) return say('thread.yesterday')
  const options = { weekday: 'long', day: 'numeric', month: 'long' } as const
  return new Date(at).toLocaleDateString(localeNow(), options)
}

const Day = ({ at }: { at: number }) => {
  const say = useText()
  return (
    <li className="flex justify-center py-3">
      <span className="text-xs font-medium text-dim">{dayName(say, at)}</span>
    </li>
  )
}

/** Keeps the foot in view unless the reader has gone up; counts what came meanwhile. */
const toFootOf = (element: HTMLElement | null) => {
  if (element) element.scrollTop = element.scrollHeight
}

const useFoot = (messages: readonly Message[]) => {
  const scroller = useRef<HTMLDivElement>(null)
  const isAtFoot = useRef(true)
  const [seen, setSeen] = useState(0)
  const scrolled = () => {
    const element = scroller.current
    if (!element) return
    isAtFoot.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_PX
    if (isAtFoot.current) setSeen(messages.length)
  }
  const newest = messages.at(-1)
  useLayoutEffect(() => {
    if (!isAtFoot.current && !newest?.isOwn) return
    toFootOf(scroller.current)
    setSeen(messages.length)
  }, [messages.length, newest?.isOwn])
  useEffect(() => {
    const element = scroller.current
    if (!element) return
    // The composer grows, pictures come: the foot stays where it is.
    const sizes = new ResizeObserver(() => isAtFoot.current && toFootOf(element))
    sizes.observe(element)
    for (const child of element.children) sizes.observe(child)
    return () => sizes.disconnect()
  }, [])
  return {
    scroller,
    scrolled,
    toFoot: () => toFootOf(scroller.current),
    unseen: Math.max(0, messages.length - seen),
  }
}

const Typing = (props: { thread: Thread; conversation: Conversation }) => {
  const say = useText()
  const { typing, isConsumerAway } = useValue(props.thread.state)
  const { directory } = useDesk()
  const people = useValue(directory.people)
  const { consumerId } = props.conversation
  const { name } = useConsumer(consumerId)
  const names = typing.map((id) => (id === consumerId ? name : (people.get(id)?.name ?? '')))
  return (
    <div
      data-typing={typing.length > 0}
      className="flex h-6 shrink-0 items-center gap-2 px-5 text-xs text-dim"
    >
      {names.length > 0 && (
        <>
          <span className="types" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          {say('thread.typing', { name: names.join(', ') })}
        </>
      )}
      {names.length === 0 && isConsumerAway && say('thread.away')}
    </div>
  )
}

const Lines = ({ rows, props }: { rows: readonly Row[]; props: ListProps }) => (
  <ol className="mx-auto flex w-full max-w-3xl flex-col px-4 pt-2 pb-1">
    {rows.map((row) =>
      row.kind === 'day' ? (
        <Day key={row.key} at={row.at} />
      ) : (
        <MessageLine key={row.key} row={row} {...props} />
      ),
    )}
  </ol>
)

interface ListProps {
  readonly thread: Thread
  readonly conversation: Conversation
}

export const MessageList = (props: ListProps) => {
  const { thread, conversation } = props
  const desk = useDesk()
  const say = useText()
  const state = useValue(thread.state)
  const outbox = useValue(desk.outbox)
  const [most, setMost] = useState(FIRST_ROWS)
  const messages = useMemo(() => {
    const unsent = outbox.filter(({ dialogId }) => dialogId === conversation.dialogId)
    return messagesOf(state, unsent, desk.me)
  }, [state, outbox, conversation.dialogId, desk.me])
  const rows = useMemo(() => rowsOf(messages), [messages])
  const { scroller, scrolled, toFoot, unseen } = useFoot(messages)
  const isComing = messages.length === 0 && (!state.isLoaded || conversation.last !== undefined)
  const onScroll = () => {
    scrolled()
    if ((scroller.current?.scrollTop ?? NEAR_PX) < NEAR_PX && most < rows.length)
      setMost((before) => before + FIRST_ROWS)
  }
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <div
        ref={scroller}
        onScroll={onScroll}
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label={say('thread.messages')}
        className="scrolls min-h-0 flex-1"
      >
        {isComing && <Skeleton rows={4} />}
        {messages.length === 0 && !isComing && (
          <p className="p-8 text-center text-sm text-dim">{say('thread.empty')}</p>
        )}
        <Lines rows={rows.slice(-most)} props={props} />
      </div>
      <Typing {...props} />
      {unseen > 0 && (
        <button
          type="button"
          onClick={toFoot}
          className="absolute bottom-8 left-1/2 flex h-8 -translate-x-1/2 items-center gap-2 rounded-full bg-raised px-3 text-sm font-medium shadow-pop"
        >
          <Icon name="down" size={16} />
          {say('thread.jump')} · {say('thread.jumpNew', { count: unseen })}
        </button>
      )}
    </div>
  )
}
