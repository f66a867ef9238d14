/** What an agent is shown whose reply came too late, so that it may think again. [CNT22] */
import { DetailedRefusal, Refusal } from '@ringdown/protocol'
import type { DialogEvent, NewEvent } from '../domain/event.ts'
import type { Appended } from '../store/store.ts'
import type { Call } from './handler.ts'

/** More than a composer shows; a client that missed more reads the dialog again. */
const MAX_MISSED = 200
const MAX_PAYLOAD_LENGTH = 128 * 1024

/** The newest that fit, at least one. */
const newestThatFit = (events: readonly DialogEvent[]): readonly DialogEvent[] => {
  let length = 0
  let first = events.length
  while (first > 0) {
    length += events[first - 1]!.payload.length
    if (length > MAX_PAYLOAD_LENGTH && first < events.length) break
    first -= 1
  }
  return events.slice(first)
}

const whatWasMissed = async (
  { session, services }: Call<'publishEvent'>,
  { accountId, dialogId, lastSeen = -1 }: NewEvent,
): Promise<DetailedRefusal> => {
  const since = await services.store.read('events', {
    accountId,
    dialogId,
    from: Math.max(0, lastSeen + 1),
    audience: 'agents',
    limit: MAX_MISSED,
    newest: true,
  })
  const missed = newestThatFit(since.filter(({ kind }) => kind === 'content'))
  return new DetailedRefusal('stale_reply', {
    missedEvents: JSON.parse(session.dialect.queryBody(missed)),
    lastSequence: since.at(-1)?.sequence ?? lastSeen,
  })
}

/** Where the reply landed; a stale one is refused with what its author has not seen. */
export const orWhatWasMissed = async (
  call: Call<'publishEvent'>,
  event: NewEvent,
  written: Promise<Appended>,
): Promise<Appended> => {
  try {
    return await written
  } catch (thrown) {
    const isStale = thrown instanceof Refusal && thrown.code === 'stale_reply'
    throw isStale ? await whatWasMissed(call, event) : thrown
  }
}
