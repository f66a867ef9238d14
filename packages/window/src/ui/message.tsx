/** One message, and what is known of its way. [WIN12] */
import { memo } from 'preact/compat'
import type { MessageState, MessageView } from '../model/conversation.ts'
import type { Click } from '../model/messenger.ts'
import { useSurroundings } from './context.ts'
import { Icon, type IconName } from './icons.tsx'
import { SharedFile } from './shared-file.tsx'
import { Structured } from './structured.tsx'
import { objectIn } from './structured-style.ts'
import { Text } from './text.tsx'
import { clockTime } from './times.ts'

const icons: Readonly<Record<MessageState, IconName>> = {
  sending: 'clock',
  sent: 'check',
  delivered: 'checks',
  read: 'checks',
  failed: 'warn',
}

const isFile = (contentType: unknown) =>
  contentType === 'hosted/file' || contentType === 'HostedFile'

const Content = ({ message }: { message: MessageView }) => {
  const { messenger } = useSurroundings()
  const { event, dialogId, sequence } = message
  if (event.type === 'RichContentEvent') {
    const react = (click: Click) => {
      if (sequence !== undefined) messenger.click({ dialogId, sequence }, click)
    }
    return <Structured content={event['content']} onClick={react} />
  }
  if (isFile(event['contentType'])) {
    return <SharedFile file={objectIn(event['message'])} dialogId={dialogId} />
  }
  const text = event['message']
  return (
    <p class="text" dir="auto">
      <Text text={typeof text === 'string' ? text : ''} />
    </p>
  )
}

export const kindOf = ({ event }: MessageView): 'card' | 'file' | 'text' => {
  if (event.type === 'RichContentEvent') return 'card'
  return isFile(event['contentType']) ? 'file' : 'text'
}

const Failed = ({ message }: { message: MessageView }) => {
  const { messenger, speech } = useSurroundings()
  return (
    <div class="failed" role="group" aria-label={speech.say('failed')}>
      <span>
        <Icon name="warn" size={16} /> {speech.say('failed')}
      </span>
      <button type="button" onClick={() => messenger.retry(message.key)}>
        {speech.say('retry')}
      </button>
      <button type="button" onClick={() => messenger.discard(message.key)}>
        {speech.say('discard')}
      </button>
    </div>
  )
}

const State = ({
  state,
  atMs,
}: {
  state?: MessageState | undefined
  atMs?: number | undefined
}) => {
  const { speech } = useSurroundings()
  return (
    <div class="state">
      {atMs !== undefined && <time>{clockTime(speech, atMs)}</time>}
      {state && (
        <span data-state={state}>
          <Icon name={icons[state]} size={16} />
          <span>{speech.say(state)}</span>
        </span>
      )}
    </div>
  )
}

export interface MessageProps {
  readonly message: MessageView
  readonly author: string
  readonly isFirst: boolean
  readonly isLast: boolean
  /** Whether its way is told below it. */
  readonly isToldOf: boolean
}

const Row = ({ message, author, isFirst, isLast, isToldOf }: MessageProps) => {
  const { say } = useSurroundings().speech
  const { isOwn, sequence, dialogId, state, atMs } = message
  const kind = kindOf(message)
  return (
    <li
      class={`message ${isOwn ? 'own' : 'theirs'} of-${kind}${isFirst ? ' first' : ''}${isLast ? ' last' : ''}`}
      data-sequence={isOwn ? undefined : sequence}
      data-dialog={dialogId}
    >
      {isFirst && !isOwn && (
        <span class="author" dir="auto">
          {author}
        </span>
      )}
      {(isOwn || !isFirst) && <span class="unseen">{isOwn ? say('you') : author}: </span>}
      <div class="bubble">
        <Content message={message} />
      </div>
      {state === 'failed' ? <Failed message={message} /> : null}
      {isToldOf && state !== 'failed' ? <State state={state} atMs={atMs} /> : null}
    </li>
  )
}

const same = (one: MessageView, other: MessageView) =>
  one.key === other.key && one.state === other.state && one.sequence === other.sequence

export const Message = memo(
  Row,
  (one, other) =>
    same(one.message, other.message) &&
    one.author === other.author &&
    one.isFirst === other.isFirst &&
    one.isLast === other.isLast &&
    one.isToldOf === other.isToldOf,
)
