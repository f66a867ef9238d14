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
import { bindingsOf, chordOf } from '../model/keys.ts'
import { preferences } from '../model/preferences.ts'
import type { Thread } from '../model/thread.ts'
import { useValue } from '../model/value.ts'
import { useText } from '../text/language.ts'
import { AttachmentChips, DropZone, useAttachments } from './attachments.tsx'
import { CannedList, useCanned } from './canned.tsx'
import { useOffice } from './desk-context.tsx'
import { HeldLine } from './held-line.tsx'
import { Icon } from './icons.tsx'
import { OtherDrafts } from './other-drafts.tsx'
import { IconButton } from './parts.tsx'
import { SendButton } from './send-button.tsx'
import { actionsOf, runAction } from './thread-actions.tsx'

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
  /** Resolves once the server has it; a refusal shows at the message itself. */
  return (event: object, isPrivate: boolean): Promise<boolean> => {
    const { lastSequence } = thread.state.get()
    const guard = isPrivate ? {} : { guard: { lastSeenSequence: lastSequence } }
    const message = { dialogId: thread.dialogId, event, ...(isPrivate && { isPrivate }), ...guard }
    return desk.client.outbox.send(message).then(
      () => true,
      () => false,
    )
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
  canClose: boolean
  problem: string
  pick: () => void
  send: () => void
  sendAndClose: () => void
}) => {
  const say = useText()
  const { enterSends } = useValue(preferences)
  return (
    <div className="flex items-center gap-2">
      <IconButton icon="clip" label={say('composer.attach')} onClick={props.pick} />
      <span id="composer-hint" className="sr-only">
        {say(enterSends ? 'composer.hint' : 'composer.hintCtrl')}
      </span>
      <span role="alert" className="min-w-0 flex-1 truncate text-xs text-bad">
        {props.problem}
      </span>
      <SendButton
        isNote={props.isNote}
        disabled={!props.canSend}
        send={props.send}
        sendAndClose={props.canClose ? props.sendAndClose : undefined}
      />
    </div>
  )
}

const useSubmit = (props: ComposerProps) => {
  const say = useText()
  const { draft, write, setNote, clear } = useDraft(props)
  const attachments = useAttachments(props.thread.dialogId)
  const { held } = useOffice()
  const send = useSend(props)
  const [problem, setProblem] = useState('')
  const blank = BLANK.exec(draft.text)?.[1]
  const canSend = !attachments.isBusy && (draft.text.trim() !== '' || attachments.picked.length > 0)
  const sendText = (isAtOnce: boolean): Promise<boolean> => {
    const { text, isNote } = draft
    const { dialogId } = props.thread
    const event = { type: 'ContentEvent', contentType: 'text/plain', message: text.trim() }
    const forMs = isAtOnce ? 0 : preferences.get().holdSeconds * 1000
    const sent = Promise.withResolvers<boolean>()
    const go = () => void send(event, isNote).then(sent.resolve)
    held.hold({ dialogId, text, isNote, send: go }, forMs)
    clear()
    return sent.promise
  }
  const submit = async (isAtOnce = false): Promise<boolean> => {
    if (!canSend) return false
    if (blank !== undefined) {
      setProblem(say('composer.blank', { name: blank }))
      return false
    }
    setProblem('')
    if (attachments.picked.length === 0) return sendText(isAtOnce)
    const { text, isNote } = draft
    held.flush()
    const storing = attachments.store({ text, isNote })
    // What is written from here on is the next message.
    clear()
    const sent = (await storing)?.map((event) => send(event, isNote))
    return sent !== undefined && (await Promise.all(sent)).every(Boolean)
  }
  const refused = attachments.problem && say(`composer.${attachments.problem}`)
  const told = attachments.isBusy ? say('composer.uploading') : (refused ?? problem)
  return { draft, write, setNote, attachments, problem: told, setProblem, canSend, submit }
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
    setProblem('')
    attachments.add(files)
    field.current?.focus()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || canned.onKeyDown(event)) return
    const chord = chordOf(event.nativeEvent)
    const { keys, enterSends } = preferences.get()
    if (canClose && chord === bindingsOf(keys).sendAndClose) {
      event.preventDefault()
      void sendAndClose()
    } else if (chord === 'Ctrl+Enter' || (chord === 'Enter' && enterSends)) {
      event.preventDefault()
      void submit()
    }
  }
  const office = useOffice()
  const canClose = !draft.isNote && actionsOf(office, props.conversation).includes('close')
  /** Closed is what the server has the last words of. */
  const sendAndClose = async () => {
    if (await submit(true)) void runAction(office, say, 'close', props.conversation)
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
          <OtherDrafts dialogId={props.thread.dialogId} />
          <HeldLine thread={props.thread} />
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
            canClose={canClose}
            sendAndClose={() => void sendAndClose()}
            problem={problem}
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
