/** Answers to choose from, under the newest message. [WIN21] */
import type { MessageView } from '../model/conversation.ts'
import { useSurroundings } from './context.ts'
import { Element } from './structured.tsx'
import { listIn, objectIn } from './structured-style.ts'

export const QuickReplies = ({ message }: { message: MessageView }) => {
  const { messenger, speech } = useSurroundings()
  const { event, dialogId, sequence } = message
  const replies = listIn(objectIn(event['quickReplies'])['replies'])
  if (replies.length === 0 || sequence === undefined) return null
  return (
    <div class="quick-replies" role="group" aria-label={speech.say('quickReplies')}>
      {replies.map((reply, at) => (
        <Element
          key={at}
          element={reply}
          depth={0}
          onClick={(click) => messenger.click({ dialogId, sequence }, click)}
        />
      ))}
    </div>
  )
}
