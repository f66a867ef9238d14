/** The open conversation: who it is, what was said, and where to answer. */
import { useEffect, useMemo } from 'react'
import type { Conversation } from '../model/conversation.ts'
import { go, route } from '../model/route.ts'
import { useValue } from '../model/value.ts'
import { useText } from '../text/language.ts'
import { Announcer } from './announcer.tsx'
import { Composer } from './composer.tsx'
import { UrgencyChip } from './conversation-row.tsx'
import { useConsumer, useDesk, useSkillName } from './desk-context.tsx'
import { Icon } from './icons.tsx'
import { MessageList } from './message-list.tsx'
import { Avatar, Empty, IconButton } from './parts.tsx'
import { ThreadActions } from './thread-actions.tsx'

const Header = ({ conversation }: { conversation: Conversation }) => {
  const say = useText()
  const { view } = useValue(route)
  const { name, consumer } = useConsumer(conversation.consumerId)
  const skill = useSkillName(conversation.skillId)
  return (
    <header className="flex h-14 shrink-0 items-center gap-3 border-b border-line px-4 max-mid:px-2">
      <IconButton
        icon="back"
        label={say('thread.back')}
        className="mid:hidden"
        onClick={() => go({ view })}
      />
      <span className="max-mid:hidden">
        <Avatar id={conversation.consumerId} name={name} />
      </span>
      <div className="min-w-0 flex-1">
        <h2 className="flex items-center gap-1.5 font-semibold">
          <span className="truncate">{name}</span>
          {consumer?.isProven && (
            <span title={say('context.proven')} className="text-good">
              <Icon name="shield" size={16} />
              <span className="sr-only">{say('context.proven')}</span>
            </span>
          )}
        </h2>
        <p className="flex items-center gap-2 text-xs text-dim">
          <span className="truncate">{skill}</span>
        </p>
      </div>
      {conversation.ownRole && (
        <span className="max-mid:hidden">
          <UrgencyChip conversation={conversation} />
        </span>
      )}
      <ThreadActions conversation={conversation} />
    </header>
  )
}

/** Whether anybody looks at this page. */
const useShown = (conversation: Conversation) => {
  const desk = useDesk()
  const { dialogId } = conversation
  // biome-ignore lint/correctness/useExhaustiveDependencies: a thread is one of its dialog, whatever becomes of the conversation
  const thread = useMemo(() => desk.thread(conversation), [desk, dialogId])
  useEffect(() => {
    const tell = () => thread.show(document.visibilityState === 'visible')
    tell()
    document.addEventListener('visibilitychange', tell)
    return () => {
      document.removeEventListener('visibilitychange', tell)
      thread.show(false)
    }
  }, [thread])
  // A role that was taken up since lets what is shown be acknowledged.
  const { ownRole } = conversation
  useEffect(() => {
    if (ownRole) thread.show(document.visibilityState === 'visible')
  }, [ownRole, thread])
  return thread
}

const Notice = ({ text }: { text: string }) => (
  <p className="border-t border-line bg-page px-4 py-4 text-center text-sm text-dim">{text}</p>
)

const OpenThread = ({ conversation }: { conversation: Conversation }) => {
  const say = useText()
  const thread = useShown(conversation)
  const { ownRole } = conversation
  const maySpeak = ownRole === 'ASSIGNED_AGENT' || ownRole === 'MANAGER'
  const isWatched = useValue(route).view === 'all' || ownRole === 'READER'
  return (
    <section
      aria-label={say('thread.messages')}
      data-region="thread"
      className="flex h-full flex-col"
    >
      <Header conversation={conversation} />
      <MessageList thread={thread} conversation={conversation} />
      {maySpeak ? (
        <Composer thread={thread} conversation={conversation} />
      ) : (
        <Notice text={say(isWatched ? 'thread.watching' : 'thread.gone')} />
      )}
      <Announcer thread={thread} conversation={conversation} />
    </section>
  )
}

export const ThreadPane = ({ conversation }: { conversation: Conversation | undefined }) => {
  const say = useText()
  if (!conversation)
    return (
      <section aria-label={say('thread.messages')} data-region="thread" className="h-full bg-page">
        <Empty
          icon="chat"
          title={say('thread.none.title')}
          text={say('thread.none.text', { key: 'Ctrl K' })}
        />
      </section>
    )
  return <OpenThread key={conversation.dialogId} conversation={conversation} />
}
