/** Who the consumer is, why the conversation is here, and what came before. [WSP22] [WSP26] */
import type { Conversation } from '../model/conversation.ts'
import { useMinute } from '../model/minute.ts'
import { useText } from '../text/language.ts'
import { Attributes, Device, Facts } from './context-facts.tsx'
import { Pairs, Section } from './context-section.tsx'
import { useConsumer, useDesk } from './desk-context.tsx'
import { Icon } from './icons.tsx'
import { Avatar, IconButton } from './parts.tsx'
import { Previous } from './previous-conversations.tsx'
import { languageText, timeIn } from './times.ts'
import { WhyHere } from './why.tsx'

const useTimeThere = ({ device }: Conversation): string | undefined => {
  const { now } = useDesk()
  useMinute(now)
  const zone = device['timeZone']
  if (typeof zone !== 'string' || zone === '') return undefined
  const time = timeIn(zone, now.get())
  // The place alone: of what continent it is one knows.
  const place = zone.slice(zone.lastIndexOf('/') + 1).replaceAll('_', ' ')
  return time && `${time} · ${place}`
}

/** How sure one can be of who this is. */
const Identity = ({ conversation }: { conversation: Conversation }) => {
  const say = useText()
  const { consumer } = useConsumer(conversation.consumerId)
  const isProven = consumer?.isProven === true
  const issuer = consumer?.issuer
  const mark = issuer ? say('context.verified', { issuer }) : say('context.verifiedPlain')
  return (
    <p
      title={say(isProven ? 'context.verifiedHint' : 'context.unverifiedHint')}
      className={`flex items-start gap-1 text-xs ${isProven ? 'text-good' : 'text-dim'}`}
    >
      <Icon name={isProven ? 'shield' : 'alert'} size={14} />
      <span className="min-w-0 break-words">{isProven ? mark : say('context.unverified')}</span>
    </p>
  )
}

const Who = ({ conversation }: { conversation: Conversation }) => {
  const say = useText()
  const { name } = useConsumer(conversation.consumerId)
  const time = useTimeThere(conversation)
  const { language } = conversation
  const pairs = [
    ...(language ? [[say('context.language'), languageText(language)] as const] : []),
    ...(time ? [[say('context.localTime'), time] as const] : []),
  ]
  return (
    <div className="space-y-3 px-4 pb-4">
      <div className="flex items-center gap-3">
        <Avatar id={conversation.consumerId} name={name} />
        <div className="min-w-0">
          <p className="truncate font-semibold">{name}</p>
          <Identity conversation={conversation} />
        </div>
      </div>
      {pairs.length > 0 && <Pairs pairs={pairs} />}
    </div>
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
      <header className="sticky top-0 z-10 flex h-14 items-center gap-2 bg-panel ps-4 pe-2">
        <h2 className="flex-1 font-semibold">{say('context.title')}</h2>
        <IconButton icon="close" label={say('context.close')} onClick={onClose} />
      </header>
      <Who conversation={conversation} />
      <Section name="why" title={say('why.title')}>
        <WhyHere conversation={conversation} />
      </Section>
      <Section name="conversation" title={say('context.conversation')}>
        <Facts conversation={conversation} />
      </Section>
      <Section name="attributes" title={say('context.attributes')}>
        <Attributes conversation={conversation} />
      </Section>
      <Device conversation={conversation} />
      <Section name="previous" title={say('context.previous')}>
        <Previous conversation={conversation} />
      </Section>
    </aside>
  )
}
