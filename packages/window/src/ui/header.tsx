/** Who one is talking to, the way back, and the way out. */
import { useState } from 'preact/hooks'
import type { Conversation } from '../model/conversation.ts'
import { useSurroundings } from './context.ts'
import { Icon } from './icons.tsx'

const initials = (name: string): string =>
  name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => [...word][0] ?? '')
    .join('')
    .toUpperCase()

interface HeaderProps {
  readonly conversation: Conversation | undefined
  readonly isHome: boolean
  onBack(): void
  onClose(): void
}

const Who = ({ conversation }: { conversation: Conversation | undefined }) => {
  const { messenger, options, speech } = useSurroundings()
  const person = messenger.agents.find(conversation?.assignedId ?? '')
  const name = person?.name ?? (options.title || speech.say('title'))
  return (
    <div class="who-is-it">
      {person && (
        <span class="avatar" aria-hidden="true">
          {person.picture ? (
            <img src={person.picture} alt="" referrerpolicy="no-referrer" />
          ) : (
            initials(name)
          )}
        </span>
      )}
      <h1 dir="auto">{name}</h1>
    </div>
  )
}

export const Header = ({ conversation, isHome, onBack, onClose }: HeaderProps) => {
  const { messenger, speech } = useSurroundings()
  const { say } = speech
  const [isAsking, setAsking] = useState(false)
  const canEnd = conversation !== undefined && conversation.openDialog !== undefined
  const end = () => {
    setAsking(false)
    if (conversation) messenger.end(conversation).catch(() => setAsking(true))
  }
  return (
    <>
      <header>
        {!isHome && (
          <button
            type="button"
            class="tool"
            aria-label={say('back')}
            title={say('back')}
            onClick={onBack}
          >
            <Icon name="back" />
          </button>
        )}
        <Who conversation={conversation} />
        {canEnd && (
          <button
            type="button"
            class="tool"
            aria-label={say('endConversation')}
            title={say('endConversation')}
            aria-expanded={isAsking}
            onClick={() => setAsking(!isAsking)}
          >
            <Icon name="more" />
          </button>
        )}
        <button
          type="button"
          class="tool"
          aria-label={say('closeWindow')}
          title={say('closeWindow')}
          onClick={onClose}
        >
          <Icon name="down" />
        </button>
      </header>
      {isAsking && canEnd && (
        <div class="question" role="region" aria-label={say('endQuestion')}>
          <span>{say('endQuestion')}</span>
          <button type="button" class="main" onClick={end}>
            {say('endYes')}
          </button>
          <button type="button" class="quiet" onClick={() => setAsking(false)}>
            {say('endNo')}
          </button>
        </div>
      )}
    </>
  )
}
