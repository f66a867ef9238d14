/** What is known of a conversation, of the consumer and of the device. [WSP22] */
import type { Conversation } from '../model/conversation.ts'
import { useValue } from '../model/value.ts'
import type { TextKey } from '../text/en.ts'
import { enManagers } from '../text/en-managers.ts'
import { localeNow, type Say, useText } from '../text/language.ts'
import { Pairs, Section } from './context-section.tsx'
import { useColleague, useDesk, useSkillName } from './desk-context.tsx'
import { Icon } from './icons.tsx'

export const Facts = ({ conversation }: { conversation: Conversation }) => {
  const say = useText()
  const skill = useSkillName(conversation.skillId)
  const agent = useColleague(conversation.assignedAgentId)
  const started = new Date(conversation.startedAt).toLocaleString(localeNow(), {
    dateStyle: 'medium',
    timeStyle: 'short',
  })
  return (
    <Pairs
      pairs={[
        [say('context.started'), started],
        [say('context.skill'), skill],
        [say('context.agent'), agent || say('context.nobody')],
      ]}
    />
  )
}

/** Names that clients send in capitals, as people write them. */
const written: ReadonlyMap<unknown, string> = new Map([
  ['WINDOWS', 'Windows'],
  ['OSX', 'macOS'],
  ['MACOS', 'macOS'],
  ['IOS', 'iOS'],
  ['ANDROID', 'Android'],
  ['LINUX', 'Linux'],
  ['CHROME', 'Chrome'],
  ['SAFARI', 'Safari'],
  ['FIREFOX', 'Firefox'],
  ['EDGE', 'Edge'],
  ['OPERA', 'Opera'],
  ['DESKTOP', 'Desktop'],
  ['MOBILE', 'Mobile'],
  ['MOBILE_PHONE', 'Mobile'],
  ['TABLET', 'Tablet'],
])

const deviceLines = (
  device: Conversation['device'],
  say: Say,
): readonly (readonly [string, string])[] => {
  const join = (...names: readonly string[]) =>
    names
      .map((name) => device[name])
      .filter((value) => typeof value === 'string' && value !== '')
      .map((value) => written.get(value) ?? String(value))
      .join(' ')
  return (
    [
      [say('context.kind'), join('deviceManufacture', 'deviceModel') || join('deviceFamily')],
      [say('context.system'), [join('osName') || join('os'), join('osVersion')].join(' ').trim()],
      [say('context.browser'), join('browser', 'browserVersion')],
      [say('context.app'), join('appId', 'appVersion')],
      [say('context.address'), join('ipAddress')],
    ] as const
  ).filter(([, value]) => value !== '')
}

export const Device = ({ conversation }: { conversation: Conversation }) => {
  const say = useText()
  const lines = deviceLines(conversation.device, say)
  if (lines.length === 0) return null
  return (
    <Section name="device" title={say('context.device')}>
      <Pairs pairs={lines} />
    </Section>
  )
}

const isKnown = (key: string): key is TextKey => Object.hasOwn(enManagers, key)

const named = (say: Say, kind: 'sde' | 'attribute', name: string): string => {
  const key = `${kind}.${name.toLowerCase()}`
  return isKnown(key) ? say(key) : name
}

export const Attributes = ({ conversation }: { conversation: Conversation }) => {
  const say = useText()
  const consumer = useValue(useDesk().directory.consumer(conversation.consumerId))
  const filled = (consumer?.attributes ?? []).filter(({ values }) => values.length > 0)
  if (filled.length === 0) return <p className="text-sm text-dim">{say('context.noAttributes')}</p>
  return (
    <div className="space-y-4">
      {filled.map(({ type, isProven, values }, index) => (
        <div key={index} className="space-y-1">
          <p className="flex items-center gap-2 text-xs font-medium">
            {named(say, 'sde', type)}
            <span
              className={`inline-flex items-center gap-1 font-normal ${isProven ? 'text-good' : 'text-dim'}`}
            >
              <Icon name={isProven ? 'shield' : 'alert'} size={14} />
              {say(isProven ? 'context.proven' : 'context.unproven')}
            </span>
          </p>
          <Pairs pairs={values.map(([name, value]) => [named(say, 'attribute', name), value])} />
        </div>
      ))}
    </div>
  )
}
