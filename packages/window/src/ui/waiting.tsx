/** Who will answer, or when; and why nothing goes out. [WIN27] [WIN35] */
import type { Conversation } from '../model/conversation.ts'
import { useSurroundings } from './context.ts'
import { awayWords, LOOK_AGAIN_MS, useOpening } from './hours.tsx'
import { ahead } from './times.ts'
import { useNow } from './use-now.ts'

const Refused = ({ reason }: { reason: string }) => {
  const { messenger, speech } = useSurroundings()
  return (
    <div class="notice" role="status">
      <p>{speech.say('refused', { reason })}</p>
      <button type="button" class="quiet" onClick={() => messenger.retryOpening()}>
        {speech.say('retry')}
      </button>
    </div>
  )
}

const Away = ({ backAtMs }: { backAtMs: number | undefined }) => {
  const { speech } = useSurroundings()
  return (
    <div class="notice standing away">
      <p>{awayWords(speech, backAtMs)}</p>
      <p class="more">{speech.say('awayMore')}</p>
    </div>
  )
}

export const Waiting = ({ conversation }: { conversation: Conversation | undefined }) => {
  const { messenger, speech } = useSurroundings()
  const opening = useOpening()
  const nowMs = useNow(LOOK_AGAIN_MS)
  const problem = messenger.opening?.problem
  if (problem !== undefined) return <Refused reason={problem} />
  if (conversation?.isMainOver || conversation?.assignedId !== undefined) return null
  const { backAtMs = 0, dueAtMs = 0 } = conversation ?? {}
  // The server knows of this conversation; the brand's hours hold for all.
  if (backAtMs > nowMs) return <Away backAtMs={backAtMs} />
  if (opening?.isOpen === false) return <Away backAtMs={opening.backAtMs} />
  if (!conversation) return null
  return (
    <div class="notice standing">
      <p>{speech.say('waiting')}</p>
      {dueAtMs > nowMs && (
        <p>{speech.say('waitingUntil', { time: ahead(speech, dueAtMs, nowMs) })}</p>
      )}
      <p class="more">{speech.say('waitingMore')}</p>
    </div>
  )
}
