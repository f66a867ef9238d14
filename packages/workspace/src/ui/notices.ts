/** Tells the agent what happens while it looks elsewhere: on the page, by sound, by the browser. [WSP51] */
import { useEffect } from 'react'
import { chime, ringUntil, showInTab } from '../model/alarm.ts'
import { type Notice, newRings, newsIn, waysOf } from '../model/notices.ts'
import { type Channel, preferences } from '../model/preferences.ts'
import { go, route } from '../model/route.ts'
import { useValue } from '../model/value.ts'
import { type Say, useText } from '../text/language.ts'
import { consumerName, type Office, toast, useDesk, useOffice } from './desk-context.tsx'

const attention = () => ({
  hasFocus: document.visibilityState === 'visible' && document.hasFocus(),
  conversationId: route.get().conversationId,
  at: new Date(),
})

const MOST_LETTERS = 120

interface Words {
  readonly title: string
  readonly text: string
}

const wordsFor = ({ desk }: Office, say: Say, notice: Notice): Words => {
  const { kind, consumerId, text } = notice
  const name = consumerName(say, consumerId, desk.directory.consumer(consumerId).get())
  if (kind === 'message') return { title: name, text: text ?? say('notice.message') }
  return { title: say(`notice.${kind}`, { name }), text: say(`notice.${kind}.text`) }
}

const openIt = ({ kind, conversationId }: Notice): void => {
  if (kind === 'message') go({ view: 'mine', conversationId })
  else go({ view: 'mine' })
}

/** Nothing where the browser has no notifications or was told not to show them. */
export const showInBrowser = (notice: Notice, { title, text }: Words): void => {
  if (typeof Notification === 'undefined' || Notification.permission !== 'granted') return
  const shown = new Notification(title, {
    body: text.slice(0, MOST_LETTERS),
    tag: `${notice.kind} ${notice.conversationId}`,
  })
  shown.onclick = () => {
    window.focus()
    openIt(notice)
    shown.close()
  }
}

const showOnPage = (office: Office, say: Say, notice: Notice, words: Words): void => {
  // What rings stands on top of this list already.
  if (notice.kind === 'ring' && route.get().view === 'mine') return
  const text = notice.kind === 'message' ? `${words.title}: ${words.text}` : words.title
  const act = { name: say('notice.show'), run: () => openIt(notice) }
  toast(office, text.slice(0, MOST_LETTERS), notice.kind === 'gone' ? {} : { act })
}

const tell = (office: Office, say: Say, notice: Notice): void => {
  const words = wordsFor(office, say, notice)
  const ways: Readonly<Record<Channel, () => void>> = {
    page: () => showOnPage(office, say, notice, words),
    // What rings sounds until it is answered.
    sound: () => notice.kind !== 'ring' && chime(),
    browser: () => showInBrowser(notice, words),
  }
  for (const way of waysOf(notice, preferences.get(), attention())) ways[way]()
}

const follow = (office: Office, say: Say): (() => void) => {
  const { desk, delayed } = office
  let rings = desk.rings.get()
  let mine = desk.mine.get()
  const hearRings = () => {
    const after = desk.rings.get()
    for (const notice of newRings(rings, after)) tell(office, say, notice)
    rings = after
  }
  const hearMine = () => {
    const after = desk.mine.get()
    if (mine && after)
      for (const notice of newsIn(mine, after, delayed.leaving.get())) tell(office, say, notice)
    mine = after
  }
  const stops = [desk.rings.subscribe(hearRings), desk.mine.subscribe(hearMine)]
  return () => {
    for (const stop of stops) stop()
  }
}

const isRingLoud = (): boolean =>
  waysOf({ kind: 'ring', conversationId: '' }, preferences.get(), attention()).includes('sound')

export const useNotices = (): void => {
  const office = useOffice()
  const desk = useDesk()
  const say = useText()
  const ringing = useValue(desk.rings).length
  const mine = useValue(desk.mine)
  const unread = [...(mine?.values() ?? [])].filter((one) => one.unread > 0).length
  const title = say('app.name')
  useEffect(() => showInTab({ ringing, unread, title }), [ringing, unread, title])
  const isRinging = ringing > 0
  useEffect(() => (isRinging ? ringUntil(isRingLoud) : undefined), [isRinging])
  useEffect(() => follow(office, say), [office, say])
}
