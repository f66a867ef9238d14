/**
 * Reads what a loaded server says without parsing JSON: it knows the messages it sent, so a number
 * at a known name is all it needs. What it does not recognise it leaves alone.
 */
import { MESSAGE_LENGTH, PADDING } from './frames.ts'

export interface Heard {
  answer(operation: number, code: number, sequence: number): void
  /** `isIntact`: the text is what was sent. `previous` is -2 where it was not told. */
  event(operation: number, sequence: number, previous: number, isIntact: boolean): void
}

const DIGITS = MESSAGE_LENGTH - PADDING.length

/** The decimal number at this place; -1 where there is none. */
const numberAt = (text: string, from: number): number => {
  if (text.charCodeAt(from) === 45) return -numberAt(text, from + 1)
  let value = -1
  for (let at = from; ; at++) {
    const digit = text.charCodeAt(at) - 48
    if (!(digit >= 0 && digit <= 9)) return value
    value = (value < 0 ? 0 : value * 10) + digit
  }
}

const numberAfter = (text: string, name: string, from: number): number => {
  const at = text.indexOf(name, from)
  return at < 0 ? -2 : numberAt(text, at + name.length)
}

const KIND_AT = '{"kind":"'.length
const TYPE_AT = '{"kind":"notification","type":"'.length

const isEvents = (text: string): boolean =>
  text.startsWith('ms.MessagingEventNotification', TYPE_AT) ||
  text.startsWith('.ams.ms.OnlineEventDistribution', TYPE_AT)

const readEvents = (text: string, heard: Heard): void => {
  for (let at = 0; ; ) {
    const message = text.indexOf('"message":"', at)
    if (message < 0) return
    const start = message + '"message":"'.length
    const operation = numberAt(text, start)
    const isIntact = text.startsWith(`${PADDING}"`, start + DIGITS)
    const sequence = numberAfter(text, '"sequence":', at)
    heard.event(operation, sequence, numberAfter(text, '"previousSequence":', start), isIntact)
    at = start + MESSAGE_LENGTH
  }
}

/** Tells what a frame of the server says about publishes. */
export const readText = (text: string, heard: Heard): void => {
  if (text.startsWith('resp', KIND_AT)) {
    const operation = numberAfter(text, '"reqId":"', KIND_AT)
    heard.answer(
      operation,
      numberAfter(text, '"code":', KIND_AT),
      numberAfter(text, '"sequence":', KIND_AT),
    )
  } else if (isEvents(text)) readEvents(text, heard)
}
