/** What was said, newest at the foot. [WSP8] */
import { type RefObject, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { type Conversation, newestOf } from '../model/conversation.ts'
import { type Message, messagesOf, type Row, rowsOf } from '../model/messages.ts'
import type { Thread } from '../model/thread.ts'
import { useValue } from '../model/value.ts'
import { momentIn } from '../text/formats.ts'
import { localeNow, type Say, useText } from '../text/language.ts'
import { useConsumer, useDesk } from './desk-context.tsx'
import { Icon } from './icons.tsx'
import { MessageLine } from './message-line.tsx'
import { Skeleton } from './parts.tsx'

/** Rows that are drawn at first, more than most screens hold; older ones follow when they are scrolled to. */
const FIRST_ROWS = 30
const MORE_ROWS = 60
const NEAR_PX = 80
const DAY_MS = 86_400_000

const dayName = (say: Say, at: number): string => {
  const day = new Date(at).toDateString()
  if (day === new Date().toDateString()) return say('thread.today')
  if (day === new Date(Date.now() - DAY_MS).toDateString()) return say('thread.yesterday')
  return momentIn(localeNow(), 'day', at)
}

export const Day = ({ at }: { at: number }) => {
  const say = useText()
  return (
    <li className="flex justify-center py-3">
      <span className="text-xs font-medium text-dim">{dayName(say, at)}</span>
    </li>
  )
}

/** Above what came since the agent last looked; it stays until the next visit. [WSP44] */
const NewLine = () => {
  const say = useText()
  return (
    <li
      data-new-line
      className="flex items-center gap-3 py-3 text-xs font-semibold text-accent-ink"
    >
      <span className="h-px flex-1 bg-accent" />
      {say('thread.new')}
      <span className="h-px flex-1 bg-accent" />
    </li>
  )
}

const GAP_PATIENCE_MS = 600

/** How far the thread is behind what the conversation tells, once that is no matter of a moment. */
const useGap = ({ thread, conversation }: ListProps): number => {
  const { link } = useDesk()
  const isOpen = useValue(link).kind === 'open'
  const { isLoaded, lastSequence } = useValue(thread.state)
  const newest = newestOf(conversation)
  const isBehind = isOpen && isLoaded && newest > lastSequence
  const [isShown, setShown] = useState(false)
  useEffect(() => {
    setShown(false)
    if (!isBehind) return
    const timer = setTimeout(() => setShown(true), GAP_PATIENCE_MS)
    return () => clearTimeout(timer)
  }, [isBehind])
  return isBehind && isShown ? newest - lastSequence : 0
}

const Gap = (props: ListProps) => {
  const say = useText()
  const count = useGap(props)
  return (
    <div role="status" className="absolute inset-x-0 top-2 z-10 flex justify-center">
      {count > 0 && (
        <p
          data-gap
          className="flex h-8 items-center rounded-full bg-raised px-3 text-sm text-dim shadow-pop"
        >
          {say('thread.catching', { count })}
        </p>
      )}
    </div>
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
  const [isFarUp, setFarUp] = useState(false)
  const scrolled = () => {
    const element = scroller.current
    if (!element) return
    const below = element.scrollHeight - element.scrollTop - element.clientHeight
    isAtFoot.current = below < NEAR_PX
    setFarUp(below > element.clientHeight)
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
    isFarUp,
  }
}

/** What is read stays where it is when older lines come above it: not every browser sees to that. */
const useAnchor = (scroller: RefObject<HTMLDivElement | null>) => {
  const before = useRef<{ readonly line: Element; readonly top: number }>(undefined)
  useLayoutEffect(() => {
    const element = scroller.current
    if (!element || !before.current) return
    const { line, top } = before.current
    before.current = undefined
    element.scrollTop += line.getBoundingClientRect().top - top
  })
  return () => {
    const line = scroller.current?.querySelector('[data-message]')
    before.current = line ? { line, top: line.getBoundingClientRect().top } : undefined
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
      className="mx-auto flex h-6 w-full max-w-3xl shrink-0 items-center gap-2 px-5 text-xs text-dim"
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
    {rows.map((row) => {
      if (row.kind === 'day') return <Day key={row.key} at={row.at} />
      if (row.kind === 'new') return <NewLine key={row.key} />
      return <MessageLine key={row.key} row={row} {...props} />
    })}
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
  const { newFrom } = state
  const rows = useMemo(() => rowsOf(messages, newFrom), [messages, newFrom])
  const { scroller, scrolled, toFoot, unseen, isFarUp } = useFoot(messages)
  const isComing = messages.length === 0 && (!state.isLoaded || conversation.last !== undefined)
  const anchor = useAnchor(scroller)
  const onScroll = () => {
    scrolled()
    if ((scroller.current?.scrollTop ?? NEAR_PX) >= NEAR_PX || most >= rows.length) return
    anchor()
    setMost((before) => before + MORE_ROWS)
  }
  const hasOlder = most < rows.length
  useLayoutEffect(() => {
    // What does not fill the screen cannot be scrolled to what is older.
    const { scrollHeight = 0, clientHeight = 0 } = scroller.current ?? {}
    if (hasOlder && scrollHeight < clientHeight + NEAR_PX) setMost((before) => before + MORE_ROWS)
  }, [hasOlder, scroller])
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
      <Gap {...props} />
      <Typing {...props} />
      {(unseen > 0 || isFarUp) && (
        <button
          type="button"
          onClick={toFoot}
          className="absolute bottom-8 left-1/2 flex h-8 -translate-x-1/2 items-center gap-2 rounded-full bg-raised px-3 text-sm font-medium shadow-pop"
        >
          <Icon name="down" size={16} />
          {say('thread.jump')}
          {unseen > 0 && ` · ${say('thread.jumpNew', { count: unseen })}`}
        </button>
      )}
    </div>
  )
}
