/** One message: whose, what, and how far it has come. [WSP8] [WSP9] */
import type { Conversation } from '../model/conversation.ts'
import type { Message, Row, Sending } from '../model/messages.ts'
import type { Thread } from '../model/thread.ts'
import { momentIn } from '../text/formats.ts'
import { localeNow, useText } from '../text/language.ts'
import { useColleague, useConsumer, useDesk, useFailed, useOffice } from './desk-context.tsx'
import { Icon, type IconName } from './icons.tsx'
import { LinkedText } from './linked-text.tsx'
import { Avatar } from './parts.tsx'
import { Replies, RichContent } from './rich-content.tsx'
import { SharedFile } from './shared-file.tsx'
import { isStale, StaleReply } from './stale-reply.tsx'

const sendingIcons: Readonly<Record<Sending, IconName>> = {
  waiting: 'clock',
  sending: 'clock',
  sent: 'check',
  delivered: 'checks',
  read: 'checks',
  failed: 'alert',
}

const State = ({ sending }: { sending: Sending }) => {
  const say = useText()
  const label = say(`sending.${sending}`)
  const colour = sending === 'read' ? 'text-accent-ink' : sending === 'failed' ? 'text-bad' : ''
  return (
    <span
      data-sending={sending}
      title={label}
      className={`inline-flex items-center gap-1 ${colour}`}
    >
      <Icon name={sendingIcons[sending]} size={14} />
      <span className={sending === 'failed' || sending === 'waiting' ? '' : 'sr-only'}>
        {label}
      </span>
    </span>
  )
}

const timeOf = (at: number): string => momentIn(localeNow(), 'time', at)

const Content = ({ message, dialogId }: { message: Message; dialogId: string }) => {
  const { event } = message
  if (event.type === 'RichContentEvent') return <RichContent content={event['content']} />
  const said: unknown = event['message']
  if (typeof said === 'string') return <LinkedText text={said} />
  return <SharedFile file={said} dialogId={dialogId} />
}

const bubbles = {
  note: 'bg-note text-ink border border-note-line',
  own: 'bg-accent-soft text-ink',
  theirs: 'bg-theirs text-ink',
} as const

const Failed = ({ message }: { message: Message }) => {
  const say = useText()
  const { desk } = useOffice()
  const failed = useFailed()
  const { entry } = message
  if (!entry) return null
  const copy = () => {
    const text = String(message.event['message'] ?? '')
    void navigator.clipboard?.writeText(text).catch(failed)
  }
  const act = 'rounded font-semibold underline underline-offset-2'
  return (
    <span className="flex gap-3 text-xs text-bad">
      <button type="button" className={act} onClick={() => desk.client.outbox.retry(entry.id)}>
        {say('sending.retry')}
      </button>
      <button type="button" className={act} onClick={copy}>
        {say('sending.copy')}
      </button>
      <button type="button" className={act} onClick={() => desk.discard(entry.id)}>
        {say('sending.discard')}
      </button>
    </span>
  )
}

const useAuthor = (message: Message, conversation: Conversation): string => {
  const say = useText()
  const colleague = useColleague(message.authorId)
  const { name } = useConsumer(conversation.consumerId)
  if (message.isOwn) return say('thread.you')
  return message.role === 'CONSUMER' ? name : colleague
}

const Automatic = ({ message }: { message: Message }) => {
  const say = useText()
  return (
    <li className="flex justify-center px-8 py-2 text-center text-xs text-dim">
      <span>
        <span className="sr-only">{say('thread.system')}: </span>
        {String(message.event['message'] ?? '')}
      </span>
    </li>
  )
}

interface LineProps {
  readonly row: Extract<Row, { kind: 'message' }>
  readonly thread: Pick<Thread, 'dialogId'>
  readonly conversation: Conversation
}

const Foot = ({ message, author }: { message: Message; author: string }) => (
  <span className="flex items-center gap-1.5 px-1 text-xs text-dim tabular-nums">
    <span className="sr-only">{author}</span>
    {message.at !== undefined && <time>{timeOf(message.at)}</time>}
    {message.sending && <State sending={message.sending} />}
  </span>
)

export const MessageLine = ({ row, thread, conversation }: LineProps) => {
  const say = useText()
  const { me } = useDesk()
  const { message, isFirst, isLast } = row
  const author = useAuthor(message, conversation)
  if (message.isAutomatic) return <Automatic message={message} />
  const side = message.isOwn ? 'items-end self-end' : 'items-start self-start'
  const bubble = message.isPrivate ? 'note' : message.isOwn ? 'own' : 'theirs'
  const isColleague = !message.isOwn && message.role !== 'CONSUMER'
  const stale = message.entry && isStale(message.entry) ? message.entry : undefined
  const showsFoot = isLast || message.sending === 'failed' || message.sending === 'waiting'
  return (
    <li
      data-message={message.key}
      className={`flex max-w-[min(72ch,86%)] flex-col gap-1 ${side} ${isFirst ? 'mt-3' : 'mt-1'}`}
    >
      {isFirst && isColleague && (
        <span className="flex items-center gap-2 text-xs font-medium text-dim">
          <Avatar id={message.authorId} name={author} size={24} />
          {author}
        </span>
      )}
      <div className={`min-w-0 max-w-full rounded-2xl px-3 py-2 ${bubbles[bubble]}`}>
        {message.isPrivate && (
          <span className="mb-1 flex items-center gap-1 text-xs font-semibold text-note-ink">
            <Icon name="lock" size={14} />
            {say('thread.private')}
          </span>
        )}
        <Content message={message} dialogId={thread.dialogId} />
      </div>
      <Replies replies={message.event['quickReplies']} />
      {showsFoot && <Foot message={message} author={author} />}
      {message.sending === 'failed' && !stale && <Failed message={message} />}
      {stale && <StaleReply entry={stale} conversation={conversation} me={me} />}
    </li>
  )
}
