/** What is offered to the agent: no dialog in the way, but nothing that can be missed. [WSP4] */
import type { Ring } from '@ringdown/client'
import { useState } from 'react'
import { Button as AriaButton, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'
import { go } from '../model/route.ts'
import { useValue } from '../model/value.ts'
import { useText } from '../text/language.ts'
import { reasonOf, toast, useConsumer, useDesk, useOffice, useSkillName } from './desk-context.tsx'
import { Icon } from './icons.tsx'
import { Avatar, Button } from './parts.tsx'

const RADIUS = 20
const AROUND = 2 * Math.PI * RADIUS

/** How much of the time is left, around the picture of who rings. */
const Countdown = ({ ring, name }: { ring: Ring; name: string }) => {
  const say = useText()
  const now = useValue(useDesk().now)
  const leftMs = Math.max(0, ring.ringExpirationTs - now)
  const share = ring.ringExpiration > 0 ? Math.min(1, leftMs / ring.ringExpiration) : 0
  const seconds = Math.ceil(leftMs / 1000)
  return (
    <span className="relative inline-flex size-11 shrink-0 items-center justify-center">
      <svg aria-hidden="true" viewBox="0 0 44 44" className="absolute inset-0 -rotate-90">
        <circle cx="22" cy="22" r={RADIUS} fill="none" strokeWidth="2.5" className="stroke-line" />
        <circle
          cx="22"
          cy="22"
          r={RADIUS}
          fill="none"
          strokeWidth="2.5"
          strokeDasharray={AROUND}
          strokeDashoffset={AROUND * (1 - share)}
          className="stroke-accent"
        />
      </svg>
      <Avatar id={ring.consumerId} name={name} />
      <span className="sr-only">{say('ring.left', { seconds })}</span>
    </span>
  )
}

export const answerRing = async (
  office: ReturnType<typeof useOffice>,
  { ringId, convId }: Ring,
  ringState: 'ACCEPTED' | 'REJECTED',
  reason = '',
): Promise<void> => {
  try {
    const said = reason === '' ? {} : { ringdown: { reason } }
    await office.desk.client.request('updateRingState', { ringId, ringState, ...said })
    if (ringState === 'ACCEPTED') go({ view: 'mine', conversationId: convId })
  } catch (error) {
    toast(office, reasonOf(error), { isBad: true })
  }
}

interface DeclineProps {
  readonly name: string
  readonly disabled: boolean
  readonly decline: (reason?: string) => void
}

/** One press declines; where the account has reasons, another names one. [WSP56] */
const Decline = ({ name, disabled, decline }: DeclineProps) => {
  const say = useText()
  const reasons = useValue(useOffice().reasons.declining)
  const hasReasons = reasons.length > 0
  return (
    <span className="flex flex-1">
      <Button
        className={`flex-1 ${hasReasons ? 'rounded-e-none' : ''}`}
        disabled={disabled}
        aria-label={`${say('ring.decline')}: ${name}`}
        onClick={() => decline()}
      >
        {say('ring.decline')}
      </Button>
      {hasReasons && (
        <MenuTrigger>
          <AriaButton
            aria-label={`${say('ring.reasons')}: ${name}`}
            isDisabled={disabled}
            className="inline-flex size-8 shrink-0 items-center justify-center rounded-e-lg border border-s-0 border-line bg-raised text-dim hover:bg-hover hover:text-ink"
          >
            <Icon name="chevron" size={16} />
          </AriaButton>
          <Popover placement="bottom start" className="w-56 rounded-xl bg-raised p-1 shadow-pop">
            <Menu
              aria-label={say('ring.reasons')}
              className="scrolls max-h-80 outline-none"
              onAction={(key) => decline(reasons[Number(key)])}
            >
              {reasons.map((reason, index) => (
                <MenuItem
                  key={reason}
                  id={index}
                  textValue={reason}
                  className="cursor-pointer truncate rounded-lg px-2 py-1.5 outline-none data-[focused]:bg-hover"
                >
                  {reason}
                </MenuItem>
              ))}
            </Menu>
          </Popover>
        </MenuTrigger>
      )}
    </span>
  )
}

const RingRow = ({ ring }: { ring: Ring }) => {
  const office = useOffice()
  const say = useText()
  const [isAnswering, setAnswering] = useState(false)
  const { name } = useConsumer(ring.consumerId)
  const skill = useSkillName(ring.skillId)
  const now = useValue(office.desk.now)
  const leftMs = Math.min(ring.ringExpiration, Math.max(0, ring.ringExpirationTs - now))
  const seconds = Math.ceil(leftMs / 1000)
  const answer = async (state: 'ACCEPTED' | 'REJECTED', reason?: string) => {
    setAnswering(true)
    await answerRing(office, ring, state, reason)
    setAnswering(false)
  }
  return (
    <li className="space-y-3 rounded-xl border border-accent bg-accent-soft p-3">
      <span className="flex items-center gap-3">
        <Countdown ring={ring} name={name} />
        <span className="min-w-0 flex-1">
          <span dir="auto" className="block truncate font-semibold rtl:text-right">
            {name}
          </span>
          <span className="block truncate text-xs text-dim">{skill}</span>
        </span>
        <span
          aria-hidden="true"
          dir="ltr"
          className="text-sm font-medium text-accent-ink tabular-nums"
        >
          {seconds} s
        </span>
      </span>
      <span className="flex gap-2">
        <Decline
          name={name}
          disabled={isAnswering}
          decline={(reason) => void answer('REJECTED', reason)}
        />
        <Button
          kind="primary"
          className="rings flex-1"
          disabled={isAnswering}
          aria-label={`${say('ring.accept')}: ${name}`}
          onClick={() => void answer('ACCEPTED')}
        >
          {say('ring.accept')}
        </Button>
      </span>
    </li>
  )
}

const Announced = ({ ring }: { ring: Ring | undefined }) => {
  const say = useText()
  const { name } = useConsumer(ring?.consumerId ?? '')
  return (
    <p role="alert" className="sr-only">
      {ring && say('ring.announce', { name })}
    </p>
  )
}

export const Rings = () => {
  const say = useText()
  const rings = useValue(useDesk().rings)
  return (
    <section aria-label={say('ring.group')} className="shrink-0">
      <Announced ring={rings[0]} />
      {rings.length > 0 && (
        <ul className="max-h-72 space-y-2 overflow-auto px-3 pb-3">
          {rings.map((ring) => (
            <RingRow key={ring.ringId} ring={ring} />
          ))}
        </ul>
      )}
    </section>
  )
}
