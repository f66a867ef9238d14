/** Short news, with a way back where there is one. */
import { bindingsOf, keyNames } from '../model/keys.ts'
import { preferences } from '../model/preferences.ts'
import { useValue } from '../model/value.ts'
import { useText } from '../text/language.ts'
import { dropToast, type Office, type Toast, useOffice } from './desk-context.tsx'

/** Takes the newest thing back that can be. */
export const undoNewest = (office: Office): void => {
  const newest = office.toasts.get().findLast(({ undo }) => undo)
  if (!newest) return
  dropToast(office, newest.id)
  newest.undo?.()
}

const linkClass = 'rounded font-semibold underline underline-offset-2'

const ToastLine = ({ toast }: { toast: Toast }) => {
  const office = useOffice()
  const say = useText()
  const { keys, shortcuts } = useValue(preferences)
  const { id, text, isBad, undo, act } = toast
  const close = (run: () => void) => () => {
    dropToast(office, id)
    run()
  }
  const key = shortcuts ? keyNames(bindingsOf(keys).undo).flat().join('+') : ''
  return (
    <div
      data-toast
      className={`pointer-events-auto flex min-h-10 max-w-[90vw] items-center gap-4 rounded-lg px-4 py-2 text-sm shadow-pop ${isBad ? 'bg-bad-soft text-bad' : 'bg-ink text-panel'}`}
    >
      <span className="min-w-0 truncate">{text}</span>
      {undo && (
        <button type="button" className={linkClass} onClick={close(undo)} title={key}>
          {say('action.undo')}
        </button>
      )}
      {act && (
        <button type="button" className={linkClass} onClick={close(act.run)}>
          {act.name}
        </button>
      )}
    </div>
  )
}

export const Toasts = () => {
  const { toasts } = useOffice()
  const all = useValue(toasts)
  return (
    <div
      role="status"
      className="pointer-events-none fixed inset-x-0 bottom-6 z-40 flex flex-col items-center gap-2 max-mid:bottom-18"
    >
      {all.map((toast) => (
        <ToastLine key={toast.id} toast={toast} />
      ))}
    </div>
  )
}
