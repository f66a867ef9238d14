/** Watching what changes often, without drawing everything for each change. */
import { useCallback, useMemo, useSyncExternalStore } from 'react'
import type { Conversation } from '../model/conversation.ts'
import type { Conversations } from '../model/desk.ts'
import { useValue, Value, type Watched } from '../model/value.ts'
import { useDesk } from './desk-context.tsx'

/** A list of so many takes some milliseconds to put in order. */
const LARGE = 500
const EVERY_MS = 200

/** The newest value: of a large list the first change at once, those that follow gathered. */
const paced = (list: Value<Conversations | undefined>): Watched<Conversations | undefined> => {
  const shown = new Value(list.get())
  let timer: ReturnType<typeof setTimeout> | undefined
  const show = () => {
    timer = undefined
    if (shown.get() === list.get()) return
    shown.set(list.get())
    if ((list.get()?.size ?? 0) > LARGE) timer = setTimeout(show, EVERY_MS)
  }
  const subscribe = (listener: () => void) => {
    const stops = [shown.subscribe(listener), list.subscribe(() => timer ?? show())]
    show()
    return () => {
      for (const stop of stops) stop()
      clearTimeout(timer)
      timer = undefined
    }
  }
  return { get: shown.get, subscribe }
}

export const usePaced = (list: Value<Conversations | undefined>): Conversations | undefined =>
  useValue(useMemo(() => paced(list), [list]))

/** One conversation: what becomes of ten thousand others is nothing to who looks at it. */
export const useConversation = (id: string | undefined): Conversation | undefined => {
  const desk = useDesk()
  const subscribe = useCallback(
    (listener: () => void) => {
      const stops = [desk.mine.subscribe(listener), desk.all.subscribe(listener)]
      return () => {
        for (const stop of stops) stop()
      }
    },
    [desk],
  )
  return useSyncExternalStore(subscribe, () => (id === undefined ? undefined : desk.find(id)))
}
