/** Why a conversation is where it is: in a few words, and step by step when asked. [WSP24] */
import { useState } from 'react'
import type { Conversation } from '../model/conversation.ts'
import { useValue } from '../model/value.ts'
import { type Decided, passedOver, type Step, standingOf, useWhy, type Why } from '../model/why.ts'
import { useText } from '../text/language.ts'
import { useDesk } from './desk-context.tsx'
import { Button } from './parts.tsx'
import { momentText, spanText } from './times.ts'
import { agentWords, countWords, nameIn, reasonWords, stepWords, type Words } from './why-words.ts'

/** Nobody calls that waiting. */
const SHORT_MS = 2_000

const useWords = (why: Why): Words => {
  const say = useText()
  const skills = useValue(useDesk().directory.skills)
  const skill = (id: string) => skills.get(id)?.name ?? (id === '-1' ? say('skill.none') : id)
  return { say, skill, agent: nameIn(why) }
}

const atOf = (desk: ReturnType<typeof useDesk>, at: number): string =>
  momentText(at, desk.now.get())

/** With whom it is, or since when it waits. */
const whereWords = (words: Words, why: Why, me: string, time: (at: number) => string): string => {
  const { say, skill, agent } = words
  const { queued, ringing, taken } = standingOf(why)
  const { userId } = why
  if (userId !== undefined) {
    const isMine = why.agents[userId]?.agentId === me
    if (taken) {
      const fill = { name: agent(userId), time: time(taken.at) }
      return say(isMine ? 'why.withYou' : 'why.with', fill)
    }
    return say(isMine ? 'why.givenYou' : 'why.given', { name: agent(userId) })
  }
  if (why.state === 'closed') return say('why.over')
  if (ringing) {
    const fill = { name: agent(ringing.userId), time: time(ringing.at) }
    return say('why.ringing', fill)
  }
  return queued
    ? say('why.queued', { skill: skill(queued.skillId), time: time(queued.at) })
    : say('why.none')
}

const Summary = ({ why }: { why: Why }) => {
  const desk = useDesk()
  const words = useWords(why)
  const { queued, decided, taken } = standingOf(why)
  const isMeant = why.userId === undefined ? why.state === 'open' : taken !== undefined
  const passed = decided && isMeant ? passedOver(decided) : []
  return (
    <div className="space-y-1 text-sm">
      <p className="font-medium">{whereWords(words, why, desk.me, (at) => atOf(desk, at))}</p>
      {decided && isMeant && <p>{reasonWords(words, decided)}</p>}
      {taken && queued && taken.at - queued.at >= SHORT_MS && (
        <p className="text-dim">
          {words.say('why.waited', {
            span: spanText(taken.at - queued.at),
            skill: words.skill(queued.skillId),
          })}
        </p>
      )}
      {passed.length > 0 && (
        <p className="text-dim">
          {words.say('why.passed')}: {passed.map((one) => countWords(words, one)).join(', ')}
        </p>
      )}
    </div>
  )
}

const Agents = ({ step, words }: { step: Decided; words: Words }) => {
  const others = Object.entries(step.others).map((one) => countWords(words, one))
  return (
    <ul className="mt-1 space-y-1 text-xs text-dim">
      {step.considered.map((one) => (
        <li key={one.userId} className="flex gap-2">
          <span
            className={`max-w-28 shrink-0 truncate ${one.verdict === 'chosen' ? 'font-semibold text-ink' : ''}`}
          >
            {words.agent(one.userId)}
          </span>
          <span className="min-w-0 flex-1">{agentWords(words, one, step.at)}</span>
        </li>
      ))}
      {others.length > 0 && <li>{words.say('why.andOthers', { list: others.join(', ') })}</li>}
    </ul>
  )
}

const marks: Readonly<Record<Step['step'], string>> = {
  queued: 'bg-warn',
  decided: 'bg-dim',
  ring: 'bg-accent-strong',
  done: 'bg-good',
}

const Trace = ({ why }: { why: Why }) => {
  const desk = useDesk()
  const words = useWords(why)
  return (
    <>
      {!why.isWhole && <p className="mb-2 text-xs text-dim">{words.say('why.shortened')}</p>}
      <ol className="space-y-3">
        {why.steps.map((step, index) => (
          <li key={index} className="flex gap-3 text-sm">
            <span data-dot className={`mt-1.5 size-2 shrink-0 rounded-full ${marks[step.step]}`} />
            <div className="min-w-0 flex-1">
              <p className="text-xs text-dim tabular-nums">
                <time dateTime={new Date(step.at).toISOString()}>{atOf(desk, step.at)}</time>
              </p>
              <p>{stepWords(words, step)}</p>
              {step.step === 'decided' && <Agents step={step} words={words} />}
            </div>
          </li>
        ))}
      </ol>
    </>
  )
}

export const WhyHere = ({ conversation }: { conversation: Conversation }) => {
  const say = useText()
  const why = useWhy(useDesk().rest, conversation)
  const [isWhole, setWhole] = useState(false)
  // As high as most answers: what stands below it is not pushed down.
  if (why === undefined) return <p className="h-20" />
  if (why === 'failed') return <p className="text-sm text-dim">{say('why.failed')}</p>
  return (
    <>
      <Summary why={why} />
      {why.steps.length > 0 && (
        <Button
          kind="quiet"
          size={28}
          className="-ms-2 mt-2"
          aria-expanded={isWhole}
          onClick={() => setWhole(!isWhole)}
        >
          {say(isWhole ? 'why.less' : 'why.all')}
        </Button>
      )}
      {isWhole && (
        <div className="mt-2">
          <Trace why={why} />
        </div>
      )}
    </>
  )
}
