/** Who the consumer is, and what came before. [WSP22] */
import { type ReactNode, useEffect, useState } from 'react'
import type { Conversation } from '../model/conversation.ts'
import { useValue } from '../model/value.ts'
import { localeNow, useText } from '../text/language.ts'
import { useColleague, useConsumer, useDesk, useSkillName } from './desk-context.tsx'
import { Icon } from './icons.tsx'
import { Avatar, IconButton } from './parts.tsx'

const Section = ({ title, children }: { title: string; children: ReactNode }) => (
  <section className="border-t border-line px-4 py-4">
    <h3 className="mb-2 text-xs font-semibold text-dim">{title}</h3>
    {children}
  </section>
)

const Pairs = ({ pairs }: { pairs: readonly (readonly [string, string])[] }) => (
  <dl className="space-y-1.5 text-sm">
    {pairs.map(([name, value]) => (
      <div key={`${name} ${value}`} className="flex gap-3">
        <dt className="w-24 shrink-0 truncate text-dim" title={name}>
          {name}
        </dt>
        <dd className="min-w-0 flex-1 break-words">{value}</dd>
      </div>
    ))}
  </dl>
)

interface RecordOnWire {
  readonly info: {
    readonly conversationId: string
    readonly startTimeL: number
    readonly status: string
    readonly latestSkillName?: string
  }
}

const PREVIOUS = 20

const usePrevious = (consumer: string): readonly RecordOnWire['info'][] | 'failed' | undefined => {
  const { rest } = useDesk()
  const [found, setFound] = useState<readonly RecordOnWire['info'][] | 'failed'>()
  useEffect(() => {
    let isCurrent = true
    const body = { consumer, contentToRetrieve: [] }
    rest
      .history<{ conversationHistoryRecords: readonly RecordOnWire[] }>(
        `conversations/consumer/search?offset=0&limit=${PREVIOUS}`,
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

const Previous = ({ conversation }: { conversation: Conversation }) => {
  const say = useText()
  const found = usePrevious(conversation.consumerId)
  if (found === undefined) return <p className="h-5" />
  if (found === 'failed') return <p className="text-sm text-dim">{say('context.previousFailed')}</p>
  const others = found.filter(({ conversationId }) => conversationId !== conversation.id)
  if (others.length === 0) return <p className="text-sm text-dim">{say('context.noPrevious')}</p>
  return (
    <ul className="space-y-2 text-sm">
      {others.map(({ conversationId, startTimeL, status, latestSkillName }) => (
        <li key={conversationId} className="flex items-baseline gap-2">
          <span className="tabular-nums">
            {new Date(startTimeL).toLocaleDateString(localeNow(), { dateStyle: 'medium' })}
          </span>
          <span className="min-w-0 flex-1 truncate text-dim">{latestSkillName}</span>
          <span className="text-xs text-dim">
            {say(status === 'OPEN' ? 'context.open' : 'context.closed')}
          </span>
        </li>
      ))}
    </ul>
  )
}

const shownOfDevice = [
  'deviceFamily',
  'os',
  'osVersion',
  'browser',
  'browserVersion',
  'ipAddress',
  'timeZone',
  'appId',
]

const Facts = ({ conversation }: { conversation: Conversation }) => {
  const say = useText()
  const skill = useSkillName(conversation.skillId)
  const agent = useColleague(conversation.assignedAgentId)
  const started = new Date(conversation.startedAt).toLocaleString(localeNow(), {
    dateStyle: 'medium',
    timeStyle: 'short',
  })
  const device = shownOfDevice.flatMap((name) => {
    const value = conversation.device[name]
    return typeof value === 'string' && value !== '' ? [[name, value] as const] : []
  })
  return (
    <>
      <Section title={say('context.conversation')}>
        <Pairs
          pairs={[
            [say('context.started'), started],
            [say('context.skill'), skill],
            [say('context.agent'), agent || say('context.nobody')],
            ...(conversation.language
              ? [[say('context.language'), conversation.language] as const]
              : []),
          ]}
        />
      </Section>
      {device.length > 0 && (
        <Section title={say('context.device')}>
          <Pairs pairs={device} />
        </Section>
      )}
    </>
  )
}

const Who = ({ conversation }: { conversation: Conversation }) => {
  const say = useText()
  const { name, consumer } = useConsumer(conversation.consumerId)
  const isProven = consumer?.isProven === true
  return (
    <div className="flex items-center gap-3 px-4 pb-4">
      <Avatar id={conversation.consumerId} name={name} />
      <div className="min-w-0">
        <p className="truncate font-semibold">{name}</p>
        <p className={`flex items-center gap-1 text-xs ${isProven ? 'text-good' : 'text-dim'}`}>
          <Icon name={isProven ? 'shield' : 'alert'} size={14} />
          {say(isProven ? 'context.proven' : 'context.unproven')}
        </p>
      </div>
    </div>
  )
}

const Attributes = ({ conversation }: { conversation: Conversation }) => {
  const say = useText()
  const consumer = useValue(useDesk().directory.consumer(conversation.consumerId))
  const filled = (consumer?.attributes ?? []).filter(({ values }) => values.length > 0)
  return (
    <Section title={say('context.attributes')}>
      {filled.length === 0 && <p className="text-sm text-dim">{say('context.noAttributes')}</p>}
      <div className="space-y-3">
        {filled.map(({ type, isProven, values }, index) => (
          <div key={index}>
            <p className="mb-1 flex items-center gap-1 text-xs font-medium">
              {type}
              <span className={isProven ? 'text-good' : 'text-dim'}>
                · {say(isProven ? 'context.proven' : 'context.unproven')}
              </span>
            </p>
            <Pairs pairs={values} />
          </div>
        ))}
      </div>
    </Section>
  )
}

export const ContextPanel = (props: { conversation: Conversation; onClose: () => void }) => {
  const say = useText()
  const { conversation, onClose } = props
  return (
    <aside
      aria-label={say('context.title')}
      data-region="context"
      className="scrolls w-80 shrink-0 border-s border-line bg-panel max-wide:absolute max-wide:inset-y-0 max-wide:end-0 max-wide:z-20 max-wide:shadow-pop max-mid:w-full"
    >
      <header className="flex h-14 items-center gap-2 ps-4 pe-2">
        <h2 className="flex-1 font-semibold">{say('context.title')}</h2>
        <IconButton icon="close" label={say('context.close')} onClick={onClose} />
      </header>
      <Who conversation={conversation} />
      <Facts conversation={conversation} />
      <Attributes conversation={conversation} />
      <Section title={say('context.previous')}>
        <Previous conversation={conversation} />
      </Section>
    </aside>
  )
}
