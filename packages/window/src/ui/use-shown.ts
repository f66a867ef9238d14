/** Notices which messages are in front of somebody, and says so. [WIN13] */
import type { RefObject } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { Conversation } from '../model/conversation.ts'
import { useSurroundings } from './context.ts'

interface Shown {
  readonly box: RefObject<HTMLDivElement | null>
  readonly conversation: Conversation | undefined
  readonly isOpen: boolean
  readonly count: number
  readonly isLive: boolean
}

export const useShown = ({ box, conversation, isOpen, count, isLive }: Shown): void => {
  const { messenger } = useSurroundings()
  const seen = useRef(new Map<string, Set<number>>())
  useEffect(() => {
    if (!isOpen || !conversation || !isLive || !box.current) return
    const say = () => {
      if (document.visibilityState !== 'visible') return
      for (const [dialogId, sequences] of seen.current)
        messenger.read(conversation, dialogId, sequences)
    }
    const watch = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          const { sequence, dialog } = (target as HTMLElement).dataset
          if (!isIntersecting || sequence === undefined || dialog === undefined) continue
          const known = seen.current.get(dialog) ?? new Set()
          seen.current.set(dialog, known.add(Number(sequence)))
        }
        say()
      },
      { root: box.current },
    )
    for (const one of box.current.querySelectorAll('[data-sequence]')) watch.observe(one)
    document.addEventListener('visibilitychange', say)
    return () => {
      watch.disconnect()
      document.removeEventListener('visibilitychange', say)
    }
  }, [conversation, isOpen, count, isLive, messenger.link?.kind])
}
