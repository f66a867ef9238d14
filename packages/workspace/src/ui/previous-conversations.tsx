/** What the consumer had with the brand before, to be read beside. [WSP22] */
import { useEffect, useState } from 'react'
import type { Conversation } from '../model/conversation.ts'
import { go, hashOf } from '../model/route.ts'
import { localeNow, useText } from '../text/language.ts'
import { useDesk } from './desk-context.tsx'

interface RecordOnWire {
  readonly info: {
    readonly conversationId: string
    readonly startTimeL: number
    readonly status: string
    readonly latestSkillName?: string
    readonly latestAgentNickname?: string
  }
}

type Earlier = RecordOnWire['info']

const MOST = 20

const usePrevious = (consumer: string): readonly Earlier[] | 'failed' | undefined => {
  const { rest } = useDesk()
  const [found, setFound] = useState<readonly Earlier[] | 'failed'>()
  useEffect(() => {
    let isCurrent = true
    const body = { consumer, contentToRetrieve: [] }
    rest
      .history<{ conversationHistoryRecords: readonly RecordOnWire[] }>(
        `conversations/consumer/search?offset=0&limit=${MOST}&sort=start:desc`,
        body,
      )
      .then(({ conversationHistoryRecords: records }) => records.map(({ info }) => info))
      .catch(() => 'failed' as const)
      .then((result) => isCurrent && setFound(result))
    return () => {
      isCurrent = false
    }
  }, [rest, consumer])
  return found
}

const Entry = ({ earlier }: { earlier: Earlier }) => {
  const say = useText()
  const { conversationId, startTimeL, status, latestSkillName, latestAgentNickname } = earlier
  const to = { view: 'history', conversationId } as const
  return (
    <li>
      <a
        href={hashOf(to)}
        onClick={(event) => {
          event.preventDefault()
          go(to)
        }}
        className="-mx-2 block rounded-lg px-2 py-1.5 hover:bg-hover"
      >
        <span className="flex items-baseline gap-2">
          <span className="flex-1 tabular-nums">
            {new Date(startTimeL).toLocaleDateString(localeNow(), { dateStyle: 'medium' })}
          </span>
          <span className="text-xs text-dim">
            {say(status === 'OPEN' ? 'context.open' : 'context.closed')}
          </span>
        </span>
        <span className="block truncate text-xs text-dim">
          {[latestSkillName, latestAgentNickname].filter(Boolean).join(' · ')}
        </span>
      </a>
    </li>
  )
}

export const Previous = ({ conversation }: { conversation: Conversation }) => {
  const say = useText()
  const found = usePrevious(conversation.consumerId)
  if (found === undefined) return <p className="h-5" />
  if (found === 'failed') return <p className="text-sm text-dim">{say('context.previousFailed')}</p>
  const others = found.filter(({ conversationId }) => conversationId !== conversation.id)
  if (others.length === 0) return <p className="text-sm text-dim">{say('context.noPrevious')}</p>
  return (
    <ul className="text-sm">
      {others.map((earlier) => (
        <Entry key={earlier.conversationId} earlier={earlier} />
      ))}
    </ul>
  )
}
