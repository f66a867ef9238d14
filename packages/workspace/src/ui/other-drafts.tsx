/** Texts that the agent began in another browser; nothing that was written is lost. [WSP40] */
import { useEffect } from 'react'
import type { DraftText } from '../model/draft-service.ts'
import { useValue } from '../model/value.ts'
import { useText } from '../text/language.ts'
import { shortTime } from './conversation-row.tsx'
import { useOffice } from './desk-context.tsx'
import { IconButton } from './parts.tsx'

const OtherDraft = ({ dialogId, other }: { dialogId: string; other: DraftText }) => {
  const say = useText()
  const { desk, drafts } = useOffice()
  const { text, isNote, at } = other
  const time = shortTime(at, desk.now.get())
  const backToField = () =>
    document.querySelector<HTMLTextAreaElement>('textarea[data-composer]')?.focus()
  return (
    <li
      data-other-draft
      className="flex h-8 items-center gap-2 rounded-md bg-hover ps-2 text-sm text-dim"
    >
      <span className="shrink-0">{say(isNote ? 'draft.otherNote' : 'draft.other', { time })}</span>
      <span className="min-w-0 flex-1 truncate text-ink">{text}</span>
      <button
        type="button"
        className="shrink-0 rounded font-semibold text-accent-ink underline underline-offset-2"
        onClick={() => {
          drafts.use(dialogId, other)
          backToField()
        }}
      >
        {say('draft.use')}
      </button>
      <IconButton
        icon="close"
        label={say('draft.dismiss')}
        onClick={() => {
          drafts.dismiss(dialogId, other)
          backToField()
        }}
      />
    </li>
  )
}

export const OtherDrafts = ({ dialogId }: { dialogId: string }) => {
  const { drafts } = useOffice()
  const others = useValue(drafts.all)[dialogId]?.others ?? []
  useEffect(() => {
    // It may have been begun elsewhere a moment ago.
    void drafts.sync()
  }, [drafts])
  if (others.length === 0) return null
  return (
    <ul className="space-y-1">
      {others.map((other) => (
        <OtherDraft key={`${other.at} ${other.text}`} dialogId={dialogId} other={other} />
      ))}
    </ul>
  )
}
