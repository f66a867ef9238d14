/** One conversation from its beginning to its end. */
import { useState } from 'preact/hooks'
import type { Conversation, Upload } from '../model/conversation.ts'
import { Composer } from './composer.tsx'
import { useSurroundings } from './context.ts'
import { Csat } from './csat.tsx'
import { Icon } from './icons.tsx'
import { MessageList } from './message-list.tsx'

const words = { tooLarge: 'fileTooLarge', refused: 'fileRefused', failed: 'failed' } as const

const UploadRow = ({ conversation, upload }: { conversation: Conversation; upload: Upload }) => {
  const { messenger, speech } = useSurroundings()
  const { id, name, state, file } = upload
  const again = () => {
    messenger.dropUpload(conversation, id)
    void messenger.share(conversation, file)
  }
  return (
    <div class={`upload ${state}`} role="status">
      <Icon name={state === 'sending' ? 'clock' : 'warn'} size={16} />
      <span dir="auto">
        {state === 'sending'
          ? speech.say('uploading', { name })
          : `${name}: ${speech.say(words[state])}`}
      </span>
      {state === 'failed' && (
        <button type="button" onClick={again}>
          {speech.say('retry')}
        </button>
      )}
      {state !== 'sending' && (
        <button type="button" onClick={() => messenger.dropUpload(conversation, id)}>
          {speech.say('discard')}
        </button>
      )}
    </div>
  )
}

/** Who will answer, or when. */
const Waiting = ({ conversation }: { conversation: Conversation | undefined }) => {
  const { messenger, speech } = useSurroundings()
  const { say, locale } = speech
  if (messenger.opening?.problem !== undefined)
    return (
      <div class="notice" role="status">
        <p>{say('refused', { reason: messenger.opening.problem })}</p>
        <button type="button" class="quiet" onClick={() => messenger.retryOpening()}>
          {say('retry')}
        </button>
      </div>
    )
  if (!conversation || conversation.isMainOver || conversation.assignedId !== undefined) return null
  const backAtMs = conversation.backAtMs
  if (backAtMs !== undefined && backAtMs > Date.now()) {
    const format = { weekday: 'long', hour: '2-digit', minute: '2-digit' } as const
    const time = new Intl.DateTimeFormat(locale, format).format(backAtMs)
    return <p class="notice">{say('outOfHours', { time })}</p>
  }
  return (
    <div class="notice waiting">
      <p>{say('waiting')}</p>
      <p class="more">{say('waitingMore')}</p>
    </div>
  )
}

interface ThreadProps {
  /** Undefined: one that begins with the first message. */
  readonly conversation: Conversation | undefined
  readonly isOpen: boolean
  readonly focus: number
  readonly draft: string
  onDraft(text: string): void
  onOpened(id: string): void
  onNew(): void
}

export const Thread = (props: ThreadProps) => {
  const { conversation, isOpen, focus, draft, onDraft, onOpened, onNew } = props
  const { messenger, speech } = useSurroundings()
  const { say } = speech
  const [isDropping, setDropping] = useState(false)
  const send = async (text: string) => {
    const id = await messenger.say(conversation, text)
    if (id !== undefined && !conversation) onOpened(id)
  }
  const share = (files: readonly File[]) => {
    if (conversation) for (const file of files) void messenger.share(conversation, file)
  }
  const isOver = conversation?.isOver ?? false
  return (
    <main
      class={`thread${isDropping ? ' dropping' : ''}`}
      onDragOver={(event) => {
        event.preventDefault()
        setDropping(true)
      }}
      onDragLeave={() => setDropping(false)}
      onDrop={(event) => {
        event.preventDefault()
        setDropping(false)
        share([...(event.dataTransfer?.files ?? [])])
      }}
    >
      <MessageList conversation={conversation} isOpen={isOpen}>
        <Waiting conversation={conversation} />
        {conversation?.uploads.map((one) => (
          <UploadRow key={one.id} conversation={conversation} upload={one} />
        ))}
        {isOver && conversation && (
          <div class="over">
            <p class="notice">{say('ended')}</p>
            {!conversation.hadSurvey && conversation.messages().length > 0 && (
              <Csat key={conversation.id} conversation={conversation} />
            )}
          </div>
        )}
      </MessageList>
      {isOver ? (
        <div class="again">
          <button type="button" class="main" onClick={onNew} data-focus>
            {say('startAgain')}
          </button>
        </div>
      ) : (
        <Composer
          key={conversation?.id ?? 'new'}
          draft={draft}
          isOpen={isOpen}
          focus={focus}
          canAttach={conversation?.openDialog !== undefined}
          onDraft={(text) => {
            onDraft(text)
            if (conversation && text !== '') messenger.composing(conversation)
          }}
          onSend={send}
          onFiles={share}
        />
      )}
      {isDropping && (
        <p class="drop" aria-hidden="true">
          {say('dropHere')}
        </p>
      )}
    </main>
  )
}
