/** The four zones: rail, list, thread, details. One at a time where there is no room for more. [WSP2] */
import { useEffect } from 'react'
import { prefer, preferences } from '../model/preferences.ts'
import { route } from '../model/route.ts'
import { useValue } from '../model/value.ts'
import { useText } from '../text/language.ts'
import { AgentsView } from './agents-view.tsx'
import { ConnectionBanner } from './banner.tsx'
import { ContextPanel } from './context-panel.tsx'
import { ConversationList } from './conversation-list.tsx'
import { useDesk } from './desk-context.tsx'
import { HistoryView } from './history-view.tsx'
import { useKeys } from './keys.ts'
import { NewVersion } from './new-version.tsx'
import { useNotices } from './notices.ts'
import { Overlays } from './overlays.tsx'
import { useConversation } from './paced.ts'
import { Rail } from './rail.tsx'
import { SupervisorBar } from './supervisor-bar.tsx'
import { ThreadPane } from './thread-pane.tsx'
import { Toasts } from './toasts.tsx'

const WIDE = '(min-width: 1100px)'

const Conversations = () => {
  const { view, conversationId } = useValue(route)
  const { showsContext } = useValue(preferences)
  const conversation = useConversation(conversationId)
  const isOpen = conversation !== undefined
  return (
    <>
      <div
        className={`w-85 shrink-0 border-e border-line max-mid:w-full max-mid:border-e-0 ${isOpen ? 'max-mid:hidden' : ''}`}
      >
        <ConversationList key={view} view={view === 'all' ? 'all' : 'mine'} />
      </div>
      <div className={`min-w-0 flex-1 ${isOpen ? '' : 'max-mid:hidden'}`}>
        <ThreadPane conversation={conversation} />
      </div>
      {conversation && showsContext && (
        <ContextPanel
          key={conversation.id}
          conversation={conversation}
          onClose={() => prefer({ showsContext: false })}
        />
      )}
    </>
  )
}

const Shown = () => {
  const desk = useDesk()
  const { view } = useValue(route)
  if (view === 'history') return <HistoryView />
  return view === 'agents' && desk.maySeeAgents ? <AgentsView /> : <Conversations />
}

export const Workspace = () => {
  const desk = useDesk()
  const say = useText()
  const { view, conversationId } = useValue(route)
  useNotices()
  useKeys()
  useEffect(() => {
    // As a drawer the details lie over the thread: they come when they are asked for.
    const wide = matchMedia(WIDE)
    const fold = () => {
      if (!wide.matches) prefer({ showsContext: false })
    }
    fold()
    wide.addEventListener('change', fold)
    return () => wide.removeEventListener('change', fold)
  }, [])
  useEffect(() => {
    if (view === 'all' && desk.mayView) desk.followAll()
  }, [view, desk])
  return (
    <div className="flex h-full flex-col">
      <ConnectionBanner />
      {desk.mayView && <SupervisorBar />}
      <div className="flex min-h-0 flex-1 bg-panel max-mid:flex-col-reverse">
        <Rail />
        <main className="relative flex min-h-0 min-w-0 flex-1">
          {/* On a phone the list with its heading is not there while a conversation is. */}
          {conversationId !== undefined && view !== 'agents' && (
            <h1 className="sr-only mid:hidden">{say('app.name')}</h1>
          )}
          <Shown />
        </main>
      </div>
      <Toasts />
      <NewVersion />
      <Overlays />
    </div>
  )
}
