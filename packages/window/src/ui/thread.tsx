/** One conversation from its beginning to its end. */
import { useState } from 'preact/hooks'
import type { Conversation } from '../model/conversation.ts'
import { Composer } from './composer.tsx'
import { useSurroundings } from './context.ts'
import { Csat } from './csat.tsx'
import { MessageList } from './message-list.tsx'
import { UploadRow } from './upload-row.tsx'
import { Waiting } from './waiting.tsx'

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

/** A file that is dropped is shared, and never opened in place of the window. */
const useDrop = (canAttach: boolean, share: (files: readonly File[]) => void) => {
  const [isDropping, setDropping] = useState(false)
  return {
    isDropping,
    onDragOver(event: DragEvent) {
      event.preventDefault()
      setDropping(canAttach && (event.dataTransfer?.types.includes('Files') ?? false))
    },
    onDragLeave({ currentTarget, relatedTarget }: DragEvent) {
      const isWithin = (currentTarget as Node | null)?.contains(relatedTarget as Node | null)
      if (!isWithin) setDropping(false)
    },
    onDrop(event: DragEvent) {
      event.preventDefault()
      setDropping(false)
      if (canAttach) share([...(event.dataTransfer?.files ?? [])])
    },
  }
}

export const Thread = (props: ThreadProps) => {
  const { conversation, isOpen, focus, draft, onDraft, onOpened, onNew } = props
  const { messenger, speech } = useSurroundings()
  const { say } = speech
  const send = async (text: string) => {
    const id = await messenger.say(conversation, text)
    if (id !== undefined && !conversation) onOpened(id)
  }
  const canAttach = conversation?.openDialog !== undefined
  const share = (files: readonly File[]) => {
    if (conversation) for (const file of files) messenger.files.share(conversation, file)
  }
  const { isDropping, ...zone } = useDrop(canAttach, share)
  const isOver = conversation?.isOver ?? false
  return (
    <main class={`thread${isDropping ? ' dropping' : ''}`} {...zone}>
      <MessageList conversation={conversation} isOpen={isOpen}>
        {conversation?.uploads.map((one) => (
          <UploadRow key={one.id} conversation={conversation} upload={one} />
        ))}
        <Waiting conversation={conversation} />
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
          canAttach={canAttach}
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
