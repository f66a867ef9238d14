/** The history: what is found on one side, the conversation that is read on the other. [WSP34] [WSP35] */
import { useCallback, useEffect, useRef, useState } from 'react'
import { type PastThread, readPast } from '../model/history.ts'
import { go, route } from '../model/route.ts'
import { useValue } from '../model/value.ts'
import { useText } from '../text/language.ts'
import { useDesk } from './desk-context.tsx'
import { HistoryList } from './history-list.tsx'
import { PastConversation } from './history-thread.tsx'
import { Button, Empty, Skeleton } from './parts.tsx'

type Reading = PastThread | 'failed' | 'unknown' | undefined

/** A message that is looked for may stand behind what one answer has room for. */
const MOST_PARTS = 10

const joined = (before: PastThread, next: PastThread): PastThread => ({
  ...next,
  said: [...before.said, ...next.said],
})

const usePast = (conversationId: string) => {
  const { rest } = useDesk()
  const [reading, setReading] = useState<Reading>()
  const stop = useRef(new AbortController())
  const target = useValue(route).filters?.['message']
  const wanted = useRef(target)
  wanted.current = target
  const read = useCallback(
    async (from?: PastThread) => {
      stop.current.abort()
      stop.current = new AbortController()
      const { signal } = stop.current
      const isThere = ({ said }: PastThread) =>
        wanted.current === undefined || said.some(({ eventId }) => eventId === wanted.current)
      try {
        let all = from
        for (let part = 0; part < MOST_PARTS; part += 1) {
          const after = all?.said.at(-1)?.eventId
          const next = await readPast(rest, conversationId, { after, signal })
          if (!next) return setReading(all ?? 'unknown')
          all = all ? joined(all, next) : next
          if (!all.isPartial || next.said.length === 0 || isThere(all)) break
        }
        setReading(all)
      } catch {
        if (!signal.aborted) setReading('failed')
      }
    },
    [rest, conversationId],
  )
  useEffect(() => {
    void read()
    return () => stop.current.abort()
  }, [read])
  return { reading, read }
}

const OpenPast = ({ conversationId }: { conversationId: string }) => {
  const say = useText()
  const { reading, read } = usePast(conversationId)
  if (reading === undefined) return <Skeleton rows={5} />
  const back = (
    <Button className="mid:hidden" onClick={() => go({ view: 'history' })}>
      {say('thread.back')}
    </Button>
  )
  if (reading === 'unknown')
    return (
      <Empty icon="lock" title={say('history.gone.title')} text={say('history.gone.text')}>
        {back}
      </Empty>
    )
  if (reading === 'failed')
    return (
      <Empty icon="alert" title={say('history.failed.title')} text={say('history.failed.text')}>
        {back}
        <Button onClick={() => void read()}>{say('history.retry')}</Button>
      </Empty>
    )
  return <PastConversation thread={reading} more={() => void read(reading)} />
}

export const HistoryView = () => {
  const say = useText()
  const { conversationId } = useValue(route)
  const isOpen = conversationId !== undefined
  return (
    <>
      <div
        className={`w-85 shrink-0 border-e border-line max-mid:w-full max-mid:border-e-0 ${isOpen ? 'max-mid:hidden' : ''}`}
      >
        <HistoryList />
      </div>
      <section
        aria-label={say('history.thread')}
        data-region="thread"
        className={`flex min-w-0 flex-1 flex-col ${isOpen ? '' : 'bg-page max-mid:hidden'}`}
      >
        {isOpen ? (
          <OpenPast key={conversationId} conversationId={conversationId} />
        ) : (
          <Empty icon="history" title={say('history.pick.title')} text={say('history.pick.text')} />
        )}
      </section>
    </>
  )
}
