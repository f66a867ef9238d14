/** Speaks a message of somebody else once, as it comes; typing never. [WSP31] */
import { useEffect, useRef, useState } from 'react'
import type { Conversation } from '../model/conversation.ts'
import { previewOf } from '../model/messages.ts'
import type { Thread } from '../model/thread.ts'
import { useValue } from '../model/value.ts'
import { useText } from '../text/language.ts'
import { useColleague, useConsumer, useDesk } from './desk-context.tsx'

export const Announcer = (props: { thread: Thread; conversation: Conversation }) => {
  const { said } = useValue(props.thread.state)
  const { me, client } = useDesk()
  const say = useText()
  const spoken = useRef(-1)
  const [openedAt] = useState(() => client.clock.now())
  const [text, setText] = useState('')
  const last = said.at(-1)
  const colleague = useColleague(last?.originatorId)
  const { name } = useConsumer(props.conversation.consumerId)
  const isConsumer = last?.originatorMetadata?.role === 'CONSUMER'
  useEffect(() => {
    const sequence = last?.sequence ?? -1
    if (!last || sequence <= spoken.current) return
    spoken.current = sequence
    // What was there when the conversation was opened is read, not spoken.
    if (last.originatorId === me || (last.serverTimestamp ?? 0) < openedAt) return
    const { kind, text: words } = previewOf(last.event)
    const what = words ?? say(kind === 'card' ? 'row.card' : 'row.file')
    setText(say('thread.announce', { name: isConsumer ? name : colleague, text: what }))
  }, [last, me, say, isConsumer, name, colleague, openedAt])
  return (
    <p aria-live="polite" data-live="messages" className="sr-only">
      {text}
    </p>
  )
}
