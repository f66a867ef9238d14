/** When somebody is there to answer, in the time and language of whoever reads it. [WIN35] */
import { type Opening, openingAt } from '../model/hours.ts'
import type { Speech } from '../text/catalogue.ts'
import { useSurroundings } from './context.ts'
import { backAt, clockTime, isSameDay } from './times.ts'
import { useNow } from './use-now.ts'

export const LOOK_AGAIN_MS = 30_000

/** What the hours say; undefined where the brand gave none. */
export const useOpening = (): Opening | undefined => {
  const { hours } = useSurroundings().options
  const nowMs = useNow(LOOK_AGAIN_MS)
  return hours && openingAt(hours, nowMs)
}

/** That nobody is there, and from when on somebody is. */
export const awayWords = (speech: Speech, backAtMs: number | undefined): string =>
  backAtMs === undefined ? speech.say('away') : backAt(speech, backAtMs)

/** Undefined where there is nothing of use to say: an end on another day is far away. */
const wordsFor = (speech: Speech, opening: Opening): string | undefined => {
  if (!opening.isOpen) return awayWords(speech, opening.backAtMs)
  const { untilMs } = opening
  if (untilMs === undefined || !isSameDay(untilMs, Date.now())) return undefined
  return speech.say('openUntil', { time: clockTime(speech, untilMs) })
}

/** One line for the first page. */
export const HoursLine = () => {
  const { speech } = useSurroundings()
  const opening = useOpening()
  const words = opening && wordsFor(speech, opening)
  if (!words) return null
  return <p class={`hours ${opening.isOpen ? 'here' : 'away'}`}>{words}</p>
}
