/** Where an answer or a note is written. [WSP13] [WSP18] [WSP19] */
import {
  type ClipboardEvent,
  type KeyboardEvent,
  type RefObject,
  useEffect,
  useRef,
  useState,
} from 'react'
import type { Conversation } from '../model/conversation.ts'
import type { Thread } from '../model/thread.ts'
import { useValue } from '../model/value.ts'
import { useText } from '../text/language.ts'
import { AttachmentChips, DropZone, useAttachments } from './attachments.tsx'
import { CannedList, useCanned } from './canned.tsx'
import { useOffice } from './desk-context.tsx'
import { Icon } from './icons.tsx'
import { Button, IconButton } from './parts.tsx'

interface ComposerProps {
  readonly thread: Thread
  readonly conversation: Conversation
}

/** A place that predefined content left open. */
const BLANK = /\$!?\{([^}]*)\}/

const useDraft = ({ thread }: ComposerProps) => {
  const { drafts } = useOffice()
  const draft = useValue(drafts.all)[thread.dialogId] ?? { text: '', isNote: false }
  const write = (text: string) => {
    drafts.set(thread.dialogId, { ...draft, text })
    if (draft.isNote) return
    if (text === '') thread.rested()
    else thread.typed()
  }
  const setNote = (isNote: boolean) => {
    if (isNote) thread.rested()
    drafts.set(thread.dialogId, { ...draft, isNote })
  }
  const clear = () => {
    drafts.set(thread.dialogId, { text: '', isNote: false })
    thread.rested()
  }
  return { draft, write, setNote, clear }
}

const useSend = ({ thread }: ComposerProps) => {
  const { desk } = useOffice()
  return (event: object, isPrivate: boolean) => {
    const { lastSequence } = thread.state.get()
    const guard = isPrivate ? {} : { guard: { lastSeenSequence: lastSequence } }
    const message = { dialogId: thread.dialogId, event, ...(isPrivate && { isPrivate }), ...guard }
    // A refusal shows at the message itself.
    desk.client.outbox.send(message).catch(() => {})
  }
}

const Modes = (props: { isNote: boolean; setNote: (isNote: boolean) => void }) => {
  const say = useText()
  const mode = (isNote: boolean) => {
    const isCurrent = props.isNote === isNote
    return (
      <button
        type="button"
        aria-pressed={isCurrent}
        onClick={() => props.setNote(isNote)}
        className={`flex h-7 items-center gap-1.5 rounded-md px-2 text-sm font-medium ${isCurrent ? (isNote ? 'bg-note text-note-ink' : 'bg-hover text-ink') : 'text-dim hover:text-ink'}`}
      >
        {isNote && <Icon name="lock" size={14} />}
        {say(isNote ? 'composer.note' : 'composer.reply')}
      </button>
    )
  }
  return (
    <div className="flex gap-1">
      {mode(false)}
      {mode(true)}
    </div>
  )
}

interface FieldProps {
  readonly field: RefObject<HTMLTextAreaElement | null>
  readonly text: string
  readonly isNote: boolean
  readonly listId: string | undefined
  readonly write: (text: string) => void
  readonly onKeyDown: (event: KeyboardEvent) => void
  readonly onPaste: (event: ClipboardEvent) => void
}

const Field = ({ field, text, isNote, listId, write, onKeyDown, onPaste }: FieldProps) => {
  const say = useText()
  return (
    <textarea
      ref={field}
      aria-label={say(isNote ? 'composer.note' : 'composer.label')}
      aria-describedby="composer-hint"
      data-composer
      {...(listId !== undefined && { 'aria-controls': listId })}
      placeholder={say(isNote ? 'composer.placeholderNote' : 'composer.placeholder')}
      value={text}
      rows={2}
      dir="auto"
      onChange={(event) => write(event.currentTarget.value)}
      onKeyDown={onKeyDown}
      onPaste={onPaste}
      className="scrolls field-sizing-content block max-h-[40vh] min-h-11 w-full resize-none bg-transparent px-1 outline-none"
    />
  )
}

const Foot = (props: {
  isNote: boolean
  canSend: boolean
  problem: string
  pick: () => void
  send: () => void
}) => {
  const say = useText()
  return (
    <div className="flex items-center gap-2">
      <IconButton icon="clip" label={say('composer.attach')} onClick={props.pick} />
      <span id="composer-hint" className="sr-only">
        {say('composer.hint')}
      </span>
      <span role="alert" className="min-w-0 flex-1 truncate text-xs text-bad">
        {props.problem}
      </span>
      <Button kind="primary" disabled={!props.canSend} onClick={props.send}>
        {say(props.isNote ? 'composer.sendNote' : 'composer.send')}
        <Icon name={props.isNote ? 'lock' : 'send'} size={16} />
      </Button>
    </div>
  )
}

const useSubmit = (props: ComposerProps) => {
  const say = useText()
  const { draft, write, setNote, clear } = useDraft(props)
  const attachments = useAttachments()
  const send = useSend(props)
  const [problem, setProblem] = useState('')
  const blank = BLANK.exec(draft.text)?.[1]
  const canSend = !attachments.isBusy && (draft.text.trim() !== '' || attachments.picked.length > 0)
  const submit = async () => {
    if (!canSend) return
    if (blank !== undefined) {
      setProblem(say('composer.blank', { name: blank }))
      return
    }
    setProblem('')
    const { text, isNote } = draft
    if (attachments.picked.length === 0) {
      send({ type: 'ContentEvent', contentType: 'text/plain', message: text.trim() }, isNote)
      clear()
      return
    }
    try {
      for (const event of await attachments.upload(text.trim())) send(event, isNote)
      clear()
    } catch {
      setProblem(say('composer.failed'))
    }
  }
  return { draft, write, setNote, attachments, problem, setProblem, canSend, submit }
}

export const Composer = (props: ComposerProps) => {
  const say = useText()
  const field = useRef<HTMLTextAreaElement>(null)
  const { draft, write, setNote, attachments, problem, setProblem, canSend, submit } =
    useSubmit(props)
  const canned = useCanned({ text: draft.text, write, conversation: props.conversation })
  useEffect(() => {
    // Opening a conversation by pointer or keys leads to its answer, where there is room for both.
    if (matchMedia('(min-width: 760px)').matches) field.current?.focus()
  }, [])
  const add = (files: Iterable<File>) => {
    setProblem(attachments.add(files) ? '' : say('composer.type'))
    field.current?.focus()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || canned.onKeyDown(event)) return
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault()
      void submit()
    }
  }
  const onPaste = (event: ClipboardEvent) => {
    if (event.clipboardData.files.length === 0) return
    event.preventDefault()
    add(event.clipboardData.files)
  }
  const { isNote, text } = draft
  return (
    <DropZone add={add}>
      <div className="px-4 pb-4 max-mid:px-2 max-mid:pb-2">
        <div
          className={`relative mx-auto max-w-3xl space-y-2 rounded-xl border p-2 focus-within:border-accent-strong ${isNote ? 'border-note-line bg-note' : 'border-line bg-raised'}`}
        >
          <CannedList canned={canned} />
          <Modes isNote={isNote} setNote={setNote} />
          <AttachmentChips attachments={attachments} />
          <Field
            field={field}
            listId={canned.listId}
            {...{ text, isNote, write, onKeyDown, onPaste }}
          />
          <Foot
            isNote={isNote}
            canSend={canSend}
            problem={attachments.isBusy ? say('composer.uploading') : problem}
            pick={() => attachments.choose(add)}
            send={() => {
              void submit()
              field.current?.focus()
            }}
          />
        </div>
      </div>
    </DropZone>
  )
}
