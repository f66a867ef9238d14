/**
 * The messages of a conversation: grouped by who wrote and when, with a line where the news begins.
 * It stays at the end while the reader is there, and leaves the reader alone elsewhere.
 */
import type { ComponentChildren } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Conversation, MessageView } from '../model/conversation.ts'
import { useSurroundings } from './context.ts'
import { Skeleton } from './home.tsx'
import { Icon } from './icons.tsx'
import { Message } from './message.tsx'
import { QuickReplies } from './quick-replies.tsx'
import { dayName, isSameDay } from './times.ts'
import { useShown } from './use-shown.ts'

const TOGETHER_MS = 120_000
/** Nearer to the end than this counts as being there. */
const NEAR_PIXELS = 48

const isTogether = (one: MessageView | undefined, other: MessageView): boolean =>
  one !== undefined &&
  one.isOwn === other.isOwn &&
  one.originatorId === other.originatorId &&
  one.dialogId === other.dialogId &&
  (one.atMs ?? 0) + TOGETHER_MS > (other.atMs ?? 0)

/** Messages that are waiting for their conversation, in the looks of one. */
const openingMessages = (texts: readonly string[]): readonly MessageView[] =>
  texts.map((message, at) => ({
    key: `opening-${at}`,
    dialogId: '',
    isOwn: true,
    isAutomatic: false,
    originatorId: '',
    event: { type: 'ContentEvent', contentType: 'text/plain', message },
    state: 'sending',
  }))

const useNames = () => {
  const { messenger, speech } = useSurroundings()
  return ({ isAutomatic, isOwn, originatorId }: MessageView): string => {
    if (isOwn) return speech.say('you')
    if (isAutomatic) return speech.say('system')
    return messenger.agents.find(originatorId)?.name ?? speech.say('agent')
  }
}

/** Keeps the end in view while the reader is at it. */
const useEnd = (count: number, isOpen: boolean) => {
  const box = useRef<HTMLDivElement>(null)
  const [isAtEnd, setAtEnd] = useState(true)
  const toEnd = () => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight
    setAtEnd(true)
  }
  const onScroll = () => {
    const { scrollHeight, scrollTop, clientHeight } = box.current as HTMLDivElement
    setAtEnd(scrollHeight - scrollTop - clientHeight < NEAR_PIXELS)
  }
  useLayoutEffect(() => {
    if (isAtEnd) toEnd()
  }, [count, isOpen])
  useEffect(() => {
    const inner = box.current?.firstElementChild
    if (!inner) return
    const watch = new ResizeObserver(() => {
      if (isAtEnd) toEnd()
    })
    watch.observe(inner)
    watch.observe(box.current as HTMLDivElement)
    return () => watch.disconnect()
  }, [isAtEnd])
  return { box, isAtEnd, toEnd, onScroll }
}

const Typing = ({ conversation }: { conversation: Conversation }) => {
  const { messenger, speech } = useSurroundings()
  const typing = [...conversation.logs.values()]
    .map((log) => log.typing)
    .find((one) => one && one.untilMs > Date.now())
  if (!typing) return null
  const name = messenger.agents.find(typing.id)?.name ?? speech.say('agent')
  return (
    <div class="typing" aria-hidden="true">
      <span class="dots">
        <i />
        <i />
        <i />
      </span>
      {speech.say('isTyping', { name })}
    </div>
  )
}

interface MessageListProps {
  readonly conversation: Conversation | undefined
  readonly isOpen: boolean
  readonly children: ComponentChildren
}

/** The first message that was not read when this was opened. */
const useFirstUnread = (conversation: Conversation | undefined, isLive: boolean) => {
  const found = useRef<string | undefined>(undefined)
  const isLooked = useRef(false)
  if (conversation && isLive && !isLooked.current) {
    isLooked.current = true
    found.current = conversation.messages().find(({ isOwn, dialogId, sequence }) => {
      const log = conversation.logs.get(dialogId)
      return !isOwn && log?.acknowledged.get(sequence as number) !== 'read'
    })?.key
  }
  return found.current
}

export const MessageList = ({ conversation, isOpen, children }: MessageListProps) => {
  const { messenger, speech } = useSurroundings()
  const { say } = speech
  const nameOf = useNames()
  const own = openingMessages(messenger.opening?.texts ?? [])
  const messages = conversation ? conversation.messages() : own
  const isLive =
    !conversation ||
    (conversation.logs.size > 0 && [...conversation.logs.values()].every((log) => log.isLive))
  const firstUnread = useFirstUnread(conversation, isLive)
  const { box, isAtEnd, toEnd, onScroll } = useEnd(messages.length, isOpen)
  useShown({ box, conversation, isOpen, count: messages.length, isLive })
  const last = messages.at(-1)
  const lastOwn = messages.findLast(({ isOwn }) => isOwn)
  return (
    <div class="scroll-around">
      <div
        class="scroll"
        ref={box}
        onScroll={onScroll}
        tabIndex={0}
        role="region"
        aria-label={say('title')}
      >
        <div class="messages">
          {!isLive && messages.length === 0 && <Skeleton />}
          {isLive && messages.length === 0 && !conversation?.isOver && (
            <div class="empty">
              <Icon name="talk" size={24} />
              <p>{say('emptyThread')}</p>
            </div>
          )}
          <ul>
            {messages.flatMap((message, at) => {
              const before = messages[at - 1]
              const after = messages[at + 1]
              const isNewDay =
                message.atMs !== undefined &&
                (!before?.atMs || !isSameDay(before.atMs, message.atMs))
              const isSurvey =
                before !== undefined &&
                before.dialogId !== message.dialogId &&
                conversation?.dialogs.find(({ dialogId }) => dialogId === message.dialogId)
                  ?.dialogType === 'POST_SURVEY'
              const isFirst = isNewDay || !isTogether(before, message)
              const isLast = !after || !isTogether(message, after)
              return [
                isNewDay && (
                  <li key={`day-${message.key}`} class="line">
                    <span>{dayName(speech, message.atMs as number)}</span>
                  </li>
                ),
                isSurvey && (
                  <li key={`survey-${message.key}`} class="line">
                    <span>{say('survey')}</span>
                  </li>
                ),
                message.key === firstUnread && (
                  <li key="new" class="line new">
                    <span>{say('newMessages')}</span>
                  </li>
                ),
                <Message
                  key={message.key}
                  message={message}
                  author={nameOf(message)}
                  isFirst={isFirst}
                  isLast={isLast}
                  isToldOf={message === lastOwn || (isLast && !message.isOwn)}
                />,
              ]
            })}
          </ul>
          {conversation && last && !last.isOwn && !conversation.isOver && (
            <QuickReplies key={last.key} message={last} />
          )}
          {conversation && <Typing conversation={conversation} />}
          {children}
        </div>
      </div>
      {!isAtEnd && (
        <button type="button" class="to-end" onClick={toEnd} aria-label={say('jumpToLatest')}>
          <Icon name="down" />
        </button>
      )}
    </div>
  )
}
