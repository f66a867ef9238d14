/** The window: where in it somebody is, and what it says to those who do not see it. */
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Bridge } from '../bridge.ts'
import type { Keeping } from '../model/keeping.ts'
import { Banner } from './banner.tsx'
import { type Surroundings, SurroundingsProvider } from './context.ts'
import { Header } from './header.tsx'
import { Home } from './home.tsx'
import { PreChat } from './pre-chat.tsx'
import { Thread } from './thread.tsx'

type Place =
  | { readonly kind: 'home' }
  | { readonly kind: 'form' }
  | { readonly kind: 'new' }
  | { readonly kind: 'thread'; readonly id: string }

export interface Spoken {
  readonly text: string
  /** Counted up: the same words twice are spoken twice. */
  readonly count: number
}

/** Written past the renderer, which would touch it with every change of the page. */
const Voice = ({ text, count }: Spoken) => {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (count > 0 && box.current) box.current.textContent = text
  }, [count])
  return <div class="unseen" aria-live="polite" aria-atomic="true" id="spoken" ref={box} />
}

interface AppProps {
  readonly surroundings: Surroundings
  readonly bridge: Bridge
  readonly keeping: Keeping
  /** The newest thing that was said, for readers of screens. */
  readonly spoken: Spoken
}

const startingPlace = (keeping: Keeping): Place => {
  const id = keeping.tab('place')
  return id ? { kind: 'thread', id } : { kind: 'home' }
}

const useOpen = (bridge: Bridge): { isOpen: boolean; focus: number } => {
  const [isOpen, setOpen] = useState(bridge.isOpen)
  const [focus, setFocus] = useState(0)
  useEffect(
    () =>
      bridge.onTurn((open) => {
        setOpen(open)
        if (open) setFocus((count) => count + 1)
      }),
    [bridge],
  )
  return { isOpen, focus }
}

export const App = ({ surroundings, bridge, keeping, spoken }: AppProps) => {
  const { messenger, options } = surroundings
  const [place, setPlace] = useState<Place>(() => startingPlace(keeping))
  // Who is there may be known only later; whoever has gone somewhere by then stays.
  useEffect(() => {
    const goBack = () => setPlace((now) => (now.kind === 'home' ? startingPlace(keeping) : now))
    void keeping.settled.then(goBack)
  }, [keeping])
  const { isOpen, focus } = useOpen(bridge)
  const root = useRef<HTMLDivElement>(null)
  const conversation = place.kind === 'thread' ? messenger.find(place.id) : undefined
  const go = (next: Place) => {
    setPlace(next)
    keeping.setTab('place', next.kind === 'thread' ? next.id : undefined)
    if (next.kind === 'thread') messenger.follow(next.id)
  }
  // A place that is kept may be gone by the time the list has come.
  const isLost = place.kind === 'thread' && messenger.isLoaded && !conversation
  useEffect(() => {
    if (isLost) go({ kind: 'home' })
  }, [isLost])
  useEffect(() => {
    if (place.kind === 'thread') messenger.follow(place.id)
  }, [conversation])
  useEffect(() => {
    if (isOpen) root.current?.querySelector<HTMLElement>('textarea, [data-focus]')?.focus()
  }, [place.kind, isOpen, focus])
  useEffect(() => {
    const onKey = ({ key, defaultPrevented }: KeyboardEvent) => {
      if (key === 'Escape' && !defaultPrevented) bridge.close()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [bridge])
  const begin = () => go({ kind: options.preChat.length > 0 ? 'form' : 'new' })
  const key = place.kind === 'thread' ? place.id : 'new'
  const onDraft = (text: string) => keeping.setTab(`draft.${key}`, text === '' ? undefined : text)
  return (
    <SurroundingsProvider value={surroundings}>
      <div class="window" ref={root}>
        <Header
          conversation={conversation}
          isHome={place.kind === 'home'}
          onBack={() => go({ kind: 'home' })}
          onClose={() => bridge.close()}
        />
        <Banner />
        {place.kind === 'home' && (
          <Home onOpen={(id) => go({ kind: 'thread', id })} onNew={begin} />
        )}
        {place.kind === 'form' && (
          <main class="scroll">
            <PreChat
              onDone={(text) => {
                go({ kind: 'new' })
                if (text)
                  void messenger.say(undefined, text).then((id) => id && go({ kind: 'thread', id }))
              }}
            />
          </main>
        )}
        {(place.kind === 'new' || place.kind === 'thread') && (
          <Thread
            key={key}
            conversation={conversation}
            isOpen={isOpen}
            focus={focus}
            draft={keeping.tab(`draft.${key}`) ?? ''}
            onDraft={onDraft}
            onOpened={(id) => go({ kind: 'thread', id })}
            onNew={begin}
          />
        )}
        <Voice {...spoken} />
      </div>
    </SurroundingsProvider>
  )
}
