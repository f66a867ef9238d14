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

/** A picture, or what stands for one where there is none or it cannot be had. */
const Avatar = ({ name, picture }: { name: string; picture: string | undefined }) => {
  const [isBroken, setBroken] = useState(false)
  return (
    <span class="avatar" aria-hidden="true">
      {picture && !isBroken ? (
        <img src={picture} alt="" referrerpolicy="no-referrer" onError={() => setBroken(true)} />
      ) : (
        initials(name)
      )}
    </span>
  )
}

const Who = ({ conversation }: { conversation: Conversation | undefined }) => {
  const { messenger, options, speech } = useSurroundings()
  const person = messenger.agents.find(conversation?.assignedId ?? '')
  const name = person?.name ?? (options.title || speech.say('title'))
  return (
    <div class="who-is-it">
      {person && <Avatar key={person.picture} name={name} picture={person.picture} />}
      <h1 dir="auto">{name}</h1>
    </div>
  )
}

export const Header = ({ conversation, isHome, onBack, onClose }: HeaderProps) => {
  const { messenger, speech } = useSurroundings()
  const { say } = speech
  /** The conversation of which it is asked whether to end it: not another one that is gone to. [WIN10] */
  const [askedId, setAsked] = useState<string>()
  const canEnd = conversation !== undefined && conversation.openDialog !== undefined
  const isAsking = canEnd && askedId === conversation.id
  const end = () => {
    setAsked(undefined)
    if (conversation) messenger.end(conversation).catch(() => setAsked(conversation.id))
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
            onClick={() => setAsked(isAsking ? undefined : conversation.id)}
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
      {isAsking && (
        <div class="question" role="region" aria-label={say('endQuestion')}>
          <span>{say('endQuestion')}</span>
          <button type="button" class="main" onClick={end}>
            {say('endYes')}
          </button>
          <button type="button" class="quiet" onClick={() => setAsked(undefined)}>
            {say('endNo')}
          </button>
        </div>
      )}
    </>
  )
}
