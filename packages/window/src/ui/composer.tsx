/** Where the consumer writes: grows with the text, takes files by picker, paste and drop. */
import { pickableFiles } from '@ringdown/client'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { useSurroundings } from './context.ts'
import { Icon } from './icons.tsx'

interface ComposerProps {
  readonly draft: string
  readonly canAttach: boolean
  /** A window that is shut leaves the focus where it is. */
  readonly isOpen: boolean
  /** Counted up each time the text field should have the focus. */
  readonly focus: number
  onDraft(text: string): void
  onSend(text: string): void
  onFiles(files: readonly File[]): void
}

const MOST_PIXELS = 144

const Attach = ({ onFiles }: Pick<ComposerProps, 'onFiles'>) => {
  const { say } = useSurroundings().speech
  const picker = useRef<HTMLInputElement>(null)
  const onPick = ({ currentTarget }: { currentTarget: HTMLInputElement }) => {
    onFiles([...(currentTarget.files ?? [])])
    // The same file may be chosen again.
    currentTarget.value = ''
  }
  return (
    <>
      <input
        ref={picker}
        type="file"
        class="unseen"
        accept={pickableFiles}
        multiple
        tabIndex={-1}
        aria-hidden="true"
        onChange={onPick}
      />
      <button
        type="button"
        class="tool"
        aria-label={say('attach')}
        title={say('attach')}
        onClick={() => picker.current?.click()}
      >
        <Icon name="attach" />
      </button>
    </>
  )
}

export const Composer = (props: ComposerProps) => {
  const { draft, canAttach, isOpen, focus, onDraft, onSend, onFiles } = props
  const { say } = useSurroundings().speech
  const [text, setText] = useState(draft)
  const field = useRef<HTMLTextAreaElement>(null)
  useEffect(() => {
    if (isOpen) field.current?.focus()
  }, [focus])
  useLayoutEffect(() => {
    const box = field.current
    if (!box) return
    box.style.height = 'auto'
    box.style.height = `${Math.min(box.scrollHeight, MOST_PIXELS)}px`
  }, [text])
  const change = (value: string) => {
    setText(value)
    onDraft(value)
  }
  const send = () => {
    if (text.trim() === '') return
    onSend(text.trim())
    change('')
    field.current?.focus()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    // While a word is being composed, Enter chooses it.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
    event.preventDefault()
    send()
  }
  const onPaste = (event: ClipboardEvent) => {
    const files = [...(event.clipboardData?.files ?? [])]
    if (!canAttach || files.length === 0) return
    // Some programs put a picture and its name there; the picture is meant.
    event.preventDefault()
    onFiles(files)
  }
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      {canAttach && <Attach onFiles={onFiles} />}
      <textarea
        ref={field}
        rows={1}
        dir="auto"
        value={text}
        maxLength={10_000}
        placeholder={say('composer')}
        aria-label={say('composer')}
        onInput={({ currentTarget }) => change(currentTarget.value)}
        onKeyDown={onKeyDown}
        onPaste={onPaste}
      />
      <button
        type="submit"
        class="send"
        aria-label={say('send')}
        title={say('send')}
        aria-disabled={text.trim() === ''}
      >
        <Icon name="send" />
      </button>
    </form>
  )
}
