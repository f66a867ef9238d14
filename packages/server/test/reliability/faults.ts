/** Promises broken on purpose, one at a time, so that the tests of the promises can be tested. */
import type { Bus } from '../../src/bus/bus.ts'
import { type DialogNews, subjects } from '../../src/bus/subjects.ts'
import type { DialogEvent, NewEvent } from '../../src/domain/event.ts'
import { DialogChannel } from '../../src/feeds/dialog-channel.ts'
import type { Appended, CommandName, QueryName, Store } from '../../src/store/store.ts'

interface Parts {
  readonly store: Store
  readonly bus: Bus
}

type Append = (event: NewEvent) => Promise<Appended>

const withAppend = ({ store, bus }: Parts, append: Append): Parts => ({
  bus,
  store: {
    ...store,
    write: ((name: CommandName, data: never) =>
      name === 'append' ? append(data) : store.write(name, data)) as Store['write'],
  },
})

/** So many appends always wait in memory, as if a disk were never in a hurry. */
const HELD = 12

const holding = () => {
  const held: (() => void)[] = []
  return (work: () => void): void => {
    held.push(work)
    if (held.length > HELD) held.shift()!()
  }
}

/** Guesses where an event will land; right as long as nothing is refused or repeated. */
const guessing = () => {
  const next = new Map<string, number>()
  return {
    learn(event: NewEvent, { sequence }: Appended): Appended | undefined {
      next.set(event.dialogId, Math.max(next.get(event.dialogId) ?? 0, sequence + 1))
      return undefined
    },
    guess(event: NewEvent): Appended | undefined {
      const sequence = next.get(event.dialogId)
      if (sequence === undefined) return undefined
      next.set(event.dialogId, sequence + 1)
      const { at, audience } = event
      return { sequence, previousPublic: sequence - 1, at, audience, isDuplicate: false }
    },
  }
}

/** The answer leaves before the write. */
const answerEarly = (parts: Parts): Parts => {
  const hold = holding()
  const { guess, learn } = guessing()
  return withAppend(parts, async (event) => {
    const guessed = guess(event)
    if (guessed) {
      hold(() => void parts.store.write('append', event))
      return guessed
    }
    const appended = await parts.store.write('append', event)
    learn(event, appended)
    return appended
  })
}

/** Readers are shown what is not written yet. */
const deliverEarly = (parts: Parts): Parts => {
  const hold = holding()
  const { guess, learn } = guessing()
  const tell = ({ clientEventId, receipt, isAutomatic, ...event }: NewEvent, place: Appended) => {
    const shown: DialogEvent = { ...event, ...place }
    const news: DialogNews = { kind: 'event', event: shown }
    parts.bus.publish(subjects.dialog(event.accountId, event.dialogId), news)
  }
  return withAppend(parts, (event) => {
    const guessed = guess(event)
    if (!guessed)
      return parts.store.write('append', event).then((appended) => {
        learn(event, appended)
        return appended
      })
    tell(event, guessed)
    return new Promise((resolve, reject) =>
      hold(() => parts.store.write('append', event).then(resolve, reject)),
    )
  })
}

/** A retry counts as a new event. */
const forgetEventIds = (parts: Parts): Parts =>
  withAppend(parts, ({ clientEventId: _, ...event }) => parts.store.write('append', event))

/** Some answers name another place than the log has. */
const answerWrongly = (parts: Parts): Parts =>
  withAppend(parts, async (event) => {
    const appended = await parts.store.write('append', event)
    const isWrong = appended.sequence % 10 === 9
    return isWrong ? { ...appended, sequence: appended.sequence + 1 } : appended
  })

/** What was sent first may be written second. */
const reorder = (parts: Parts): Parts => {
  let turn = 0
  return withAppend(parts, async (event) => {
    turn += 1
    if (turn % 3 === 0) await new Promise<void>((resolve) => setImmediate(resolve))
    return parts.store.write('append', event)
  })
}

/** What is written while a reader fetches the backlog falls between the two. */
const loseHandOff = (parts: Parts): Parts => {
  const { events } = DialogChannel.prototype
  const tails = new Map<string, number>()
  const withTails = withAppend(parts, async (event) => {
    const appended = await parts.store.write('append', event)
    tails.set(event.dialogId, appended.sequence)
    return appended
  })
  const lost = new Map<string, number>()
  DialogChannel.prototype.events = async function (from, limit) {
    const { dialogId } = this.key
    const skipTo = lost.get(`${dialogId} ${from}`)
    if (skipTo !== undefined) return events.call(this, skipTo, limit)
    const before = tails.get(dialogId) ?? 0
    // Time for writes to happen in between, as with a backlog on a slow disk.
    await parts.store.read('accounts', null)
    const page = await events.call(this, from, limit)
    const kept = page.filter(({ sequence }) => sequence <= before)
    if (kept.length === 0) return page
    if (kept.length < page.length) lost.set(`${dialogId} ${before + 1}`, page.at(-1)!.sequence + 1)
    return kept
  }
  return withTails
}

/** Reading leaves out some of what is kept. */
const forgetEvents = ({ store, bus }: Parts): Parts => ({
  bus,
  store: {
    ...store,
    read: (async (name: QueryName, data: never) => {
      const result = await store.read(name, data)
      if (name !== 'events') return result
      return (result as readonly DialogEvent[]).filter(({ sequence }) => sequence % 10 !== 9)
    }) as Store['read'],
  },
})

/** Reads are answered by a copy that is behind. */
const readStale = ({ store, bus }: Parts): Parts => ({
  bus,
  store: {
    ...store,
    read: (async (name: QueryName, data: never) => {
      const result = await store.read(name, data)
      return name === 'events' ? (result as readonly DialogEvent[]).slice(0, -3) : result
    }) as Store['read'],
  },
})

const faults = {
  'answer-early': answerEarly,
  'deliver-early': deliverEarly,
  'forget-event-ids': forgetEventIds,
  'answer-wrongly': answerWrongly,
  reorder,
  'lose-hand-off': loseHandOff,
  'forget-events': forgetEvents,
  'read-stale': readStale,
}

export type Fault = keyof typeof faults

export const breakOnPurpose = (fault: Fault, parts: Parts): Parts => faults[fault](parts)
