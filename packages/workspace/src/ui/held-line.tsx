/** The message that is not sent yet, and the way to take it back. [WSP55] */
import type { Thread } from '../model/thread.ts'
import { useValue } from '../model/value.ts'
import { useText } from '../text/language.ts'
import { useOffice } from './desk-context.tsx'

export const HeldLine = ({ thread }: { thread: Thread }) => {
  const say = useText()
  const { held, drafts } = useOffice()
  const current = useValue(held.current)
  const { dialogId } = thread
  const isShown = current?.dialogId === dialogId
  const takeBack = () => {
    const back = held.undo()
    if (!back) return
    drafts.giveBack(dialogId, back)
    document.querySelector<HTMLElement>('[data-composer]')?.focus()
  }
  return (
    <div role="status" className={isShown ? 'absolute inset-x-0 bottom-full z-10 mb-2' : 'sr-only'}>
      {isShown && (
        <p className="flex h-10 items-center gap-3 rounded-lg bg-accent-soft px-3 text-sm text-accent-ink shadow-pop">
          <span className="min-w-0 flex-1 truncate">
            {say('composer.held', { text: current.text })}
          </span>
          <button
            type="button"
            className="shrink-0 rounded font-semibold underline underline-offset-2"
            onClick={takeBack}
          >
            {say('composer.undoSend')}
          </button>
        </p>
      )}
    </div>
  )
}
