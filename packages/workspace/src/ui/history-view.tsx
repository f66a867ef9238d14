/** The history: what is found on one side, the conversation that is read on the other. [WSP34] [WSP35] */
import { useEffect, useState } from 'react'
import { PastReading } from '../model/past-reading.ts'
import { go, route } from '../model/route.ts'
import { useValue } from '../model/value.ts'
import { useText } from '../text/language.ts'
import { useDesk } from './desk-context.tsx'
import { HistoryList } from './history-list.tsx'
import { PastConversation } from './history-thread.tsx'
import { Button, Empty, Skeleton } from './parts.tsx'

const usePast = (conversationId: string) => {
  const { rest } = useDesk()
  const [past] = useState(() => new PastReading(rest, conversationId))
  const target = useValue(route).filters?.['message']
  useEffect(() => void past.lookFor(target), [past, target])
  useEffect(() => () => past[Symbol.dispose](), [past])
  return { reading: useValue(past.state), readOn: () => void past.readOn() }
}

/** Below what is read: the rest of it did not come. */
const NoMore = ({ readOn }: { readOn: () => void }) => {
  const say = useText()
  return (
    <div className="flex shrink-0 items-center justify-center gap-4 border-t border-line bg-page px-4 py-2 text-sm">
      <p role="alert" className="text-bad">
        {say('history.failed.title')}
      </p>
      <Button size={28} onClick={readOn}>
        {say('history.retry')}
      </Button>
    </div>
  )
}

const OpenPast = ({ conversationId }: { conversationId: string }) => {
  const say = useText()
  const { reading, readOn } = usePast(conversationId)
  if (reading.kind === 'begun') return <Skeleton rows={5} />
  const back = (
    <Button className="mid:hidden" onClick={() => go({ view: 'history' })}>
      {say('thread.back')}
    </Button>
  )
  if (reading.kind === 'unknown')
    return (
      <Empty icon="lock" title={say('history.gone.title')} text={say('history.gone.text')}>
        {back}
      </Empty>
    )
  if (reading.kind === 'failed')
    return (
      <Empty icon="alert" title={say('history.failed.title')} text={say('history.failed.text')}>
        {back}
        <Button onClick={readOn}>{say('history.retry')}</Button>
      </Empty>
    )
  return (
    <>
      <PastConversation thread={reading.thread} more={readOn} />
      {reading.hasFailed && <NoMore readOn={readOn} />}
    </>
  )
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
