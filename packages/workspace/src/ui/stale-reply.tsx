/** A colleague answered while this was written: what was missed, and whether to send it all the same. [WSP17] */
import type { OutboxEntry } from '@ringdown/client'
import type { Conversation } from '../model/conversation.ts'
import { useText } from '../text/language.ts'
import { useColleague, useOffice } from './desk-context.tsx'
import { Button } from './parts.tsx'

const CONFLICT = 409

interface Missed {
  readonly originatorId: string
  readonly originatorMetadata?: { readonly role: string }
  readonly event: { readonly message?: unknown }
}

export const isStale = ({ refusal }: OutboxEntry): boolean => refusal?.code === CONFLICT

const missedIn = ({ refusal }: OutboxEntry): readonly Missed[] => {
  const { missedEvents } = (refusal?.body ?? {}) as { readonly missedEvents?: readonly Missed[] }
  return missedEvents ?? []
}

const MissedLine = ({ missed }: { missed: Missed }) => {
  const name = useColleague(missed.originatorId)
  const { message } = missed.event
  return (
    <li className="truncate">
      <span className="font-semibold">{name}: </span>
      {typeof message === 'string' ? message : '…'}
    </li>
  )
}

interface StaleProps {
  readonly entry: OutboxEntry
  readonly conversation: Conversation
  readonly me: string
}

export const StaleReply = ({ entry, conversation, me }: StaleProps) => {
  const say = useText()
  const { desk, drafts } = useOffice()
  const missed = missedIn(entry).filter(
    ({ originatorId, originatorMetadata }) =>
      originatorId !== me && originatorMetadata?.role !== 'CONSUMER',
  )
  const takeBack = () => {
    const { message } = entry.event as { readonly message?: unknown }
    const { text } = drafts.of(conversation.dialogId)
    const words = [text, typeof message === 'string' ? message : ''].filter(Boolean).join('\n')
    drafts.set(conversation.dialogId, { text: words, isNote: false })
    desk.discard(entry.id)
  }
  return (
    <div
      role="alert"
      data-stale
      className="w-full max-w-96 space-y-2 rounded-xl border border-line bg-warn-soft p-3 text-sm text-warn"
    >
      <p className="font-semibold">{say('stale.title')}</p>
      <p>{say('stale.text')}</p>
      <ul className="border-s-2 border-current ps-2 text-ink">
        {missed.map((one, index) => (
          <MissedLine key={index} missed={one} />
        ))}
      </ul>
      <span className="flex flex-wrap gap-2 pt-1">
        <Button
          kind="primary"
          size={28}
          onClick={() => desk.client.outbox.retry(entry.id, { insist: true })}
        >
          {say('stale.send')}
        </Button>
        <Button size={28} onClick={takeBack}>
          {say('stale.edit')}
        </Button>
      </span>
    </div>
  )
}
