/** Speaks a message of somebody else once, as it comes; typing never. [WSP31] */
import type { DialogEvent } from '@ringdown/client'
import { useState } from 'react'
import type { Conversation } from '../model/conversation.ts'
import { previewOf } from '../model/messages.ts'
import type { Thread } from '../model/thread.ts'
import { useValue } from '../model/value.ts'
import { useText } from '../text/language.ts'
import { useColleague, useConsumer, useDesk } from './desk-context.tsx'

/** More than come at once; what was spoken before goes unheard. */
const MOST_KEPT = 24

/** A line of its own for each, so that the same words are spoken again and none hides another. */
const Spoken = ({ said, consumerId }: { said: DialogEvent; consumerId: string }) => {
  const say = useText()
  const colleague = useColleague(said.originatorId)
  const { name } = useConsumer(consumerId)
  // As it was known when it came: a name that is learned later is not spoken.
  const [text] = useState(() => {
    const { kind, text: words } = previewOf(said.event)
    const what = words ?? say(kind === 'card' ? 'row.card' : 'row.file')
    const isConsumer = said.originatorMetadata?.role === 'CONSUMER'
    return say('thread.announce', { name: isConsumer ? name : colleague, text: what })
  })
  return <p>{text}</p>
}

export const Announcer = (props: { thread: Thread; conversation: Conversation }) => {
  const { said } = useValue(props.thread.state)
  const { me, client } = useDesk()
  const [openedAt] = useState(() => client.clock.now())
  // What was there when the conversation was opened is read, not spoken.
  const isNews = ({ originatorId, serverTimestamp = 0 }: DialogEvent): boolean =>
    originatorId !== me && serverTimestamp >= openedAt
  return (
    <div aria-live="polite" data-live="messages" className="sr-only">
      {said
        .slice(-MOST_KEPT)
        .filter(isNews)
        .map((one) => (
          <Spoken key={one.sequence} said={one} consumerId={props.conversation.consumerId} />
        ))}
    </div>
  )
}
