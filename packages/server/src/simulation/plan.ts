/**
 * What is simulated: skills, agents and arrivals. Read from JSON and checked at the edge; times are
 * in seconds from the start of the simulated stretch unless their names say otherwise. [SIM1]
 */
import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import { ConfigurationError } from '../configuration-error.ts'

const id = Type.String({ minLength: 1, maxLength: 64 })
const positive = Type.Number({ exclusiveMinimum: 0 })
const closed = { additionalProperties: false }

const SkillPlan = Type.Object(
  {
    id,
    name: Type.Optional(Type.String({ maxLength: 256 })),
    /** An arrival should be assigned within this time. */
    ttrSeconds: Type.Optional(positive),
    groups: Type.Optional(
      Type.Array(
        Type.Object(
          {
            groupId: id,
            priority: Type.Integer({ minimum: 0 }),
            splitPercentage: Type.Optional(Type.Number({ minimum: 0, maximum: 100 })),
          },
          closed,
        ),
      ),
    ),
    fallbackSkillId: Type.Optional(id),
    fallbackWhenAllAway: Type.Optional(Type.Boolean()),
  },
  closed,
)

const AgentPlan = Type.Object(
  {
    name: id,
    skillIds: Type.Optional(Type.Array(id)),
    /** Conversations carried at once. */
    capacity: Type.Optional(Type.Integer({ minimum: 1 })),
    groupId: Type.Optional(id),
    /** When the agent is online; absent: always. */
    shifts: Type.Optional(
      Type.Array(Type.Object({ from: Type.Number({ minimum: 0 }), to: positive }, closed)),
    ),
    /** This many agents of the kind, numbered. */
    count: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
  },
  closed,
)

const Stream = Type.Object(
  {
    skillId: Type.Optional(id),
    /** Independent arrivals at this rate. */
    perHour: positive,
    from: Type.Optional(Type.Number({ minimum: 0 })),
    to: Type.Optional(positive),
    /** Mean time that a conversation takes its agent. */
    handleSeconds: positive,
    handling: Type.Optional(Type.Union([Type.Literal('exponential'), Type.Literal('fixed')])),
    /** Mean time after which a waiting consumer leaves; absent: never. */
    patienceSeconds: Type.Optional(positive),
  },
  closed,
)

/** One conversation as it was, for replaying a day with other agents or skills. */
const Recorded = Type.Object(
  { at: Type.Number({ minimum: 0 }), skillId: Type.Optional(id), handleSeconds: positive },
  closed,
)

const Plan = Type.Object(
  {
    seed: Type.Optional(Type.Integer({ minimum: 0 })),
    /** Arrivals end here; what has begun is finished. Needed with `arrivals` unless `conversations` is given. */
    hours: Type.Optional(positive),
    /** Stop after this many arrivals. */
    conversations: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000_000 })),
    skills: Type.Optional(Type.Array(SkillPlan)),
    agents: Type.Array(AgentPlan, { minItems: 1 }),
    arrivals: Type.Optional(Type.Array(Stream)),
    recorded: Type.Optional(Type.Array(Recorded)),
    /** Mean time until an agent accepts a ring; 0 or absent: at once. */
    answerSeconds: Type.Optional(Type.Number({ minimum: 0 })),
    ringExpirationSeconds: Type.Optional(positive),
    /** Time to respond at skills that name none. */
    ttrSeconds: Type.Optional(positive),
  },
  closed,
)

export type Plan = Static<typeof Plan>
export type SkillPlan = Static<typeof SkillPlan>
export type AgentPlan = Static<typeof AgentPlan>
export type Stream = Static<typeof Stream>

const refuse = (problem: string): never => {
  throw new ConfigurationError(`The plan cannot be simulated: ${problem}`)
}

/** Ids that are named and not planned would otherwise just wait. */
const checkNames = (plan: Plan): void => {
  const known = new Set((plan.skills ?? []).map((skill) => skill.id))
  const named = [
    ...plan.agents.flatMap(({ skillIds = [] }) => skillIds),
    ...(plan.arrivals ?? []).flatMap(({ skillId }) => skillId ?? []),
    ...(plan.recorded ?? []).flatMap(({ skillId }) => skillId ?? []),
    ...(plan.skills ?? []).flatMap(({ fallbackSkillId }) => fallbackSkillId ?? []),
  ]
  const unknown = named.find((skillId) => !known.has(skillId))
  if (unknown !== undefined) refuse(`there is no skill ${unknown} in skills`)
}

/** Checks a parsed plan; an error names the place that is wrong. */
export const readPlan = (given: unknown): Plan => {
  if (!Value.Check(Plan, given)) {
    const [error] = Value.Errors(Plan, given)
    return refuse(`${error?.instancePath || 'it'} ${error?.message ?? 'is not a plan'}`)
  }
  const { arrivals = [], recorded = [], hours, conversations } = given
  if (arrivals.length === 0 && recorded.length === 0) refuse('arrivals or recorded is needed')
  if (arrivals.length > 0 && hours === undefined && conversations === undefined)
    refuse('hours or conversations is needed, so that arrivals end')
  checkNames(given)
  return given
}
