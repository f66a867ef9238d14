/** Events in whole frames: version 3 lists changes, version 2 sends one event per frame. */
import { notificationNames, type Role, type Version } from '@ringdown/protocol'
import type { DialogEvent } from '../domain/event.ts'
import type { Dialect } from './dialect.ts'
import { list, notification } from './envelopes.ts'
import { eventForm, visibleTo } from './event-body.ts'
import { quote } from './json-text.ts'

type EventFrames = Pick<Dialect, 'event' | 'replay' | 'queryBody' | 'chatState'>

/** Groups texts, in order, by bytes; a text larger than the limit stands alone. */
const pages = (texts: readonly string[], maxBytes: number): readonly (readonly string[])[] => {
  const all: string[][] = []
  let bytes = Number.POSITIVE_INFINITY
  for (const text of texts) {
    const size = Buffer.byteLength(text) + 1
    if (bytes + size > maxBytes) {
      all.push([])
      bytes = 0
    }
    all.at(-1)?.push(text)
    bytes += size
  }
  return all
}

/** The event frames of one role and version. */
export const eventFrames = (role: Role, version: Version): EventFrames => {
  const form = eventForm({ reader: role, version })
  const texts = (events: readonly DialogEvent[]): readonly string[] =>
    visibleTo(role, events).map(form.event)
  const queryBody = (events: readonly DialogEvent[]): string => list(texts(events))

  const name = notificationNames[role][version].event
  const single = (body: string): string => notification(name, body)
  const listed = (dialogId: string, changes: readonly string[]): string =>
    notification(name, `{"dialogId":${quote(dialogId)},"changes":${list(changes)}}`)

  if (version === 2) {
    return {
      queryBody,
      event: (event) => single(form.event(event)),
      replay: (_dialogId, events) => texts(events).map(single),
      chatState: (state) => single(form.chatState(state)),
    }
  }
  return {
    queryBody,
    event: (event) => listed(event.dialogId, [form.event(event)]),
    /** A subscriber waits for its first page, so nothing to replay is said too. [EV25] */
    replay(dialogId, events, maxBytes) {
      const changes = texts(events)
      if (changes.length === 0) return [listed(dialogId, [])]
      return pages(changes, maxBytes).map((page) => listed(dialogId, page))
    },
    chatState: (state) => listed(state.dialogId, [form.chatState(state)]),
  }
}
