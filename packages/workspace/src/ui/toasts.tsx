/** Short news, with a way back where there is one. */
import { useValue } from '../model/value.ts'
import { useText } from '../text/language.ts'
import { useOffice } from './desk-context.tsx'

export const Toasts = () => {
  const { toasts } = useOffice()
  const all = useValue(toasts)
  const say = useText()
  return (
    <div
      role="status"
      className="pointer-events-none fixed inset-x-0 bottom-6 z-40 flex flex-col items-center gap-2 max-mid:bottom-18"
    >
      {all.map(({ id, text, isBad, undo }) => (
        <div
          key={id}
          className={`pointer-events-auto flex max-w-[90vw] items-center gap-4 rounded-lg px-4 py-2 text-sm shadow-pop ${isBad ? 'bg-bad-soft text-bad' : 'bg-ink text-panel'}`}
        >
          <span>{text}</span>
          {undo && (
            <button
              type="button"
              className="rounded font-semibold underline underline-offset-2"
              onClick={() => {
                toasts.update((before) => before.filter((one) => one.id !== id))
                undo()
              }}
            >
              {say('action.undo')}
            </button>
          )}
        </div>
      ))}
    </div>
  )
}
