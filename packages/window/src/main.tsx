/** Starts the window in its frame. */
import './style.css'
import { render } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { Bridge } from './bridge.ts'
import { applyTheme } from './look.ts'
import type { Conversation } from './model/conversation.ts'
import { anonymous, vouched } from './model/identity.ts'
import { Keeping } from './model/keeping.ts'
import { Messenger } from './model/messenger.ts'
import { readOptions } from './options.ts'
import { loadSpeech } from './text/catalogue.ts'
import { App, type Spoken } from './ui/app.tsx'
import type { Surroundings } from './ui/context.ts'
import { textIn } from './ui/structured-style.ts'

const query = new URLSearchParams(location.search)
const account = query.get('account') ?? ''
const bridge = new Bridge(query.get('host') ?? '')
const keeping = new Keeping(account)
const place = { origin: location.origin, account }

/** Tells the page how to look and what to count. */
const tellHost = ({ messenger }: Surroundings): (() => void) => {
  let told = -1
  return messenger.listen(() => {
    if (messenger.unread === told) return
    told = messenger.unread
    bridge.say({ type: 'unread', count: told })
  })
}

const Root = ({
  surroundings,
  onNews,
}: {
  surroundings: Surroundings
  onNews(listener: (conversation: Conversation) => void): void
}) => {
  const { messenger, speech } = surroundings
  const [, setTurn] = useState(0)
  const [spoken, setSpoken] = useState<Spoken>({ text: '', count: 0 })
  useEffect(() => messenger.listen(() => setTurn((turn) => turn + 1)), [messenger])
  useEffect(
    () =>
      onNews((conversation) => {
        const last = conversation.messages().findLast(({ isOwn }) => !isOwn)
        if (!last) return
        const name = messenger.agents.find(last.originatorId)?.name ?? speech.say('agent')
        const text = textIn(last.event['message']) || speech.say('card')
        setSpoken(({ count }) => ({ text: `${name}: ${text}`, count: count + 1 }))
        bridge.say({ type: 'event', name: 'message', detail: { conversationId: conversation.id } })
      }),
    [],
  )
  return <App surroundings={surroundings} bridge={bridge} keeping={keeping} spoken={spoken} />
}

const start = async (): Promise<void> => {
  const { options: given, hasToken } = await bridge.begun
  const options = readOptions(given, navigator.language)
  const speech = await loadSpeech(options.language)
  const { say } = speech
  document.documentElement.lang = speech.language
  document.documentElement.dir = speech.dir
  document.title = options.title || say('title')
  const looks = applyTheme(options.theme)
  const labels = { open: say('openWindow'), close: say('closeWindow'), title: document.title }
  bridge.say({ type: 'looks', labels, ...looks })
  const identity = hasToken
    ? vouched(place, keeping, {
        ask: () => bridge.askToken(),
        beginAnew: () => location.reload(),
      })
    : anonymous(place, keeping)
  let news: (conversation: Conversation) => void = () => {}
  const messenger = new Messenger({
    place,
    identity,
    keeping,
    language: options.language,
    ...(options.skillId !== undefined && { skillId: options.skillId }),
    onNews: (conversation) => news(conversation),
  })
  const surroundings: Surroundings = { messenger, options, speech }
  tellHost(surroundings)
  addEventListener('online', () => messenger.retryNow())
  // Whoever never wrote needs no connection until the first word.
  const isWaiting = keeping.tab('opening') !== undefined || keeping.tab('profile') !== undefined
  if (identity.isKnown || isWaiting) messenger.start()
  render(
    <Root
      surroundings={surroundings}
      onNews={(listener) => {
        news = listener
      }}
    />,
    document.getElementById('window') as HTMLElement,
  )
}

void start()
