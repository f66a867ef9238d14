/** A word of welcome, the way to a new conversation, and those there are. */
import type { Conversation } from '../model/conversation.ts'
import { useSurroundings } from './context.ts'
import { HoursLine } from './hours.tsx'
import { Icon } from './icons.tsx'
import { kindOf } from './message.tsx'
import { textIn } from './structured-style.ts'
import { briefly } from './times.ts'

const useSummary = (conversation: Conversation): { who: string; what: string } => {
  const { messenger, speech } = useSurroundings()
  const { say } = speech
  const last = conversation.messages().at(-1)
  const told = conversation.snapshot?.lastContentEventNotification
  const event = last?.event ?? told?.event
  const isOwn = last ? last.isOwn : told?.originatorMetadata?.role === 'CONSUMER'
  const id = last?.originatorId ?? told?.originatorMetadata?.id ?? conversation.assignedId ?? ''
  const agent = messenger.agents.find(isOwn ? (conversation.assignedId ?? '') : id)
  const kind = last ? kindOf(last) : event?.type === 'RichContentEvent' ? 'card' : 'text'
  const words = { card: say('card'), file: say('file'), text: textIn(event?.message) }
  return {
    who: agent?.name ?? say('agent'),
    what: event ? `${isOwn ? `${say('you')}: ` : ''}${words[kind]}` : say('waiting'),
  }
}

const Row = ({ conversation, onOpen }: { conversation: Conversation; onOpen(): void }) => {
  const { speech } = useSurroundings()
  const { who, what } = useSummary(conversation)
  const { unread, changedAtMs, isOver } = conversation
  return (
    <li>
      <button type="button" class="conversation" onClick={onOpen}>
        <span class="who" dir="auto">
          {who}
        </span>
        <time>{changedAtMs === Number.MAX_SAFE_INTEGER ? '' : briefly(speech, changedAtMs)}</time>
        <span class="what" dir="auto">
          {isOver ? speech.say('ended') : what}
        </span>
        {unread > 0 && !isOver && (
          <span class="count">
            <span aria-hidden="true">{unread}</span>
            <span class="unseen">{speech.say('unread', { count: unread })}</span>
          </span>
        )}
      </button>
    </li>
  )
}

/** Shapes of what is coming; the style sheet shows them only after a moment. */
export const Skeleton = () => {
  const { say } = useSurroundings().speech
  return (
    <div class="skeleton" role="status" aria-label={say('loading')}>
      <span />
      <span />
      <span />
    </div>
  )
}

interface HomeProps {
  onOpen(id: string): void
  onNew(): void
}

export const Home = ({ onOpen, onNew }: HomeProps) => {
  const { messenger, options, speech } = useSurroundings()
  const { say } = speech
  const { conversations, isLoaded, link } = messenger
  return (
    <main class="home">
      <div class="welcome">
        <h2>{options.greeting ?? say('greeting')}</h2>
        <p>{say('greetingMore')}</p>
        <button type="button" class="main" onClick={onNew} data-focus>
          {say('newConversation')}
        </button>
        <HoursLine />
      </div>
      <section aria-label={say('conversations')}>
        {link && !isLoaded && <Skeleton />}
        {(isLoaded || !link) && conversations.length === 0 && (
          <div class="empty">
            <Icon name="talk" size={24} />
            <p>{say('noConversations')}</p>
          </div>
        )}
        {conversations.length > 0 && (
          <>
            <h3>{say('conversations')}</h3>
            <ul>
              {conversations.map((one) => (
                <Row key={one.id} conversation={one} onOpen={() => onOpen(one.id)} />
              ))}
            </ul>
          </>
        )}
      </section>
    </main>
  )
}
