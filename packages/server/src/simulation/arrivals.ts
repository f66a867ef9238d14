/** Who comes when, and how much work it is: fixed before the first decision, by the seed alone. */
import { NO_SKILL } from '@ringdown/protocol'
import { Agenda } from './agenda.ts'
import { type Dice, dice } from './dice.ts'
import type { Plan, Stream } from './plan.ts'

/** One conversation that will come; seconds from the start. */
export interface Arrival {
  readonly at: number
  readonly skillId: string
  readonly handleSeconds: number
  /** How long its consumer waits; absent: as long as it takes. */
  readonly patienceSeconds?: number
}

const arrivalOf = (stream: Stream, at: number, chance: Dice): Arrival => {
  const { skillId = NO_SKILL, handleSeconds, handling = 'exponential', patienceSeconds } = stream
  return {
    at,
    skillId,
    handleSeconds: handling === 'fixed' ? handleSeconds : chance.exponential(handleSeconds),
    ...(patienceSeconds !== undefined && {
      patienceSeconds: chance.exponential(patienceSeconds),
    }),
  }
}

const SECONDS_PER_HOUR = 3600

/** One stream's arrivals, in order of time. Each stream has chances of its own. */
function* ofStream(stream: Stream, endAt: number, chance: Dice): Generator<Arrival> {
  const mean = SECONDS_PER_HOUR / stream.perHour
  const end = Math.min(endAt, stream.to ?? Number.POSITIVE_INFINITY)
  for (let at = (stream.from ?? 0) + chance.exponential(mean); at < end; ) {
    yield arrivalOf(stream, at, chance)
    at += chance.exponential(mean)
  }
}

/** All arrivals of a plan, in order of time. */
export function* arrivalsOf(plan: Plan): Generator<Arrival> {
  const { seed = 1, hours, conversations = Number.POSITIVE_INFINITY } = plan
  const end = hours === undefined ? Number.POSITIVE_INFINITY : hours * SECONDS_PER_HOUR
  const recorded = (plan.recorded ?? [])
    .map(({ skillId = NO_SKILL, ...rest }) => ({ skillId, ...rest }))
    .toSorted((one, other) => one.at - other.at)
  const streams = (plan.arrivals ?? []).map((stream, index) =>
    ofStream(stream, end, dice(seed * 1_000_003 + index)),
  )
  const next = new Agenda<{ arrival: Arrival; from: Iterator<Arrival> }>()
  const draw = (from: Iterator<Arrival>): void => {
    const { value, done } = from.next()
    if (!done) next.add(value.at, { arrival: value, from })
  }
  for (const source of [recorded.values(), ...streams]) draw(source)
  for (let count = 0; count < conversations; count += 1) {
    const one = next.take()
    if (!one) return
    yield one.arrival
    draw(one.from)
  }
}
