/** Plays a plan, or the account as it is, and prints what came of it. [SIM6] */
import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import {
  chart,
  duration,
  type Plan,
  type Report,
  readPlan,
  report,
  simulate,
} from '@ringdown/server/simulation'
import { type AccountOptions, accountOf } from './common-options.ts'
import { CommandError } from './exit-codes.ts'
import { callOrFail } from './http-client.ts'
import { columns } from './output.ts'
import { progressBar } from './progress-bar.ts'
import { withServer } from './reach-server.ts'

export interface SimulateOptions extends AccountOptions {
  readonly perHour?: number
  readonly handle?: number
  readonly hours?: number
  readonly seed?: number
  readonly svg?: string
  readonly explain?: string
  readonly printPlan?: boolean
}

const STDIN = 0

const planFrom = (file: string): Plan => {
  try {
    return readPlan(JSON.parse(readFileSync(file === '-' ? STDIN : file, 'utf8')))
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new CommandError('usage', `${file} is no JSON: ${error.message}`, { cause: error })
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') throw new CommandError('usage', `There is no file ${file}.`)
    throw error
  }
}

interface KnownAgent {
  readonly loginName: string
  readonly isEnabled: boolean
  readonly skillIds: readonly string[]
  readonly groupId?: string
  readonly capacity?: number
}

interface KnownSkill {
  readonly id: string
  readonly name: string
  readonly ttr: { readonly normal?: number }
  readonly rules: Pick<
    NonNullable<Plan['skills']>[number],
    'groups' | 'fallbackSkillId' | 'fallbackWhenAllAway'
  >
}

const agentPlan = (defaultCapacity: number) => (agent: KnownAgent) => ({
  name: agent.loginName,
  skillIds: [...agent.skillIds],
  capacity: Math.max(1, agent.capacity ?? defaultCapacity),
  ...(agent.groupId !== undefined && { groupId: agent.groupId }),
})

const skillPlan = ({ id, name, ttr, rules }: KnownSkill) => ({
  id,
  name,
  ...(ttr.normal !== undefined && { ttrSeconds: ttr.normal }),
  ...(rules.groups && rules.groups.length > 0 && { groups: rules.groups }),
  ...(rules.fallbackSkillId !== undefined && { fallbackSkillId: rules.fallbackSkillId }),
  ...(rules.fallbackWhenAllAway !== undefined && {
    fallbackWhenAllAway: rules.fallbackWhenAllAway,
  }),
})

/** The account as it is, with the same rate at every skill that an agent has. */
const planOfAccount = (options: SimulateOptions): Promise<Plan> => {
  const { perHour, handle, hours = 8 } = options
  if (perHour === undefined || handle === undefined)
    throw new CommandError(
      'usage',
      'Give a plan, or --per-hour and --handle to take agents and skills of the account.',
    )
  return withServer(options, async (target) => {
    const path = `/api/account/${encodeURIComponent(accountOf(options))}/ringdown/v1`
    const read = (what: string) => callOrFail(target, 'GET', `${path}/${what}`)
    const [agents, skills, settings] = (await Promise.all([
      read('agents'),
      read('skills'),
      read('settings'),
    ])) as [KnownAgent[], KnownSkill[], { defaultCapacity: number; ttr: { normal: number } }]
    const able = agents.filter(({ isEnabled }) => isEnabled)
    const used = skills.filter(({ id }) => able.some(({ skillIds }) => skillIds.includes(id)))
    const stream = { perHour: perHour / Math.max(1, used.length), handleSeconds: handle }
    return readPlan({
      hours,
      ttrSeconds: settings.ttr.normal,
      skills: skills.map(skillPlan),
      agents: able.map(agentPlan(settings.defaultCapacity)),
      arrivals: used.length > 0 ? used.map(({ id }) => ({ ...stream, skillId: id })) : [stream],
    })
  })
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`

const skillRow = (
  name: string,
  { waiting, ...skill }: Omit<Report['skills'][number], 'skillId'>,
) => ({
  skill: name,
  arrived: skill.arrived,
  assigned: skill.assigned,
  left: skill.left,
  'mean wait': duration(waiting.mean),
  p50: duration(waiting.p50),
  p90: duration(waiting.p90),
  p99: duration(waiting.p99),
  longest: duration(waiting.max),
  breaches: percent(skill.breaches),
})

const WAITS = ['mean wait', 'p50', 'p90', 'p99', 'longest']

const printReport = (said: Report): void => {
  const rows = [
    ...said.skills.map(({ skillId, ...skill }) =>
      skillRow(skillId === '-1' ? 'none' : skillId, skill),
    ),
    skillRow('all', said.all),
  ]
  const agents = said.agents.map((agent) => ({ ...agent, occupancy: percent(agent.occupancy) }))
  const parts = [
    columns(rows, ['skill', 'arrived', 'assigned', 'left', ...WAITS, 'breaches']),
    columns(agents, ['name', 'conversations', 'occupancy']),
    `occupancy ${percent(said.occupancy)}, fairness ${said.fairness.toFixed(3)} (Jain’s index: 1 is equal)`,
  ]
  if (said.stillWaiting > 0)
    parts.push(`${said.stillWaiting} still wait: nobody who could take them is ever there.`)
  process.stdout.write(`${parts.join('\n\n')}\n`)
}

const SECONDS_PER_HOUR = 3600

const expectedArrivals = (plan: Plan): number => {
  const { hours = Number.POSITIVE_INFINITY, conversations = Number.POSITIVE_INFINITY } = plan
  const rates = (plan.arrivals ?? []).map(
    ({ perHour, from = 0, to = Number.POSITIVE_INFINITY }) => {
      const stretch = Math.min(hours, to / SECONDS_PER_HOUR) - from / SECONDS_PER_HOUR
      return perHour * Math.max(0, stretch)
    },
  )
  const sum = rates.reduce((total, one) => total + one, plan.recorded?.length ?? 0)
  return Math.min(conversations, sum)
}

/** Writes one decision per line, as JSON. */
const decisionLog = (file: string | undefined) => {
  if (file === undefined) return { close: () => {} }
  const handle = openSync(file, 'w')
  return {
    onDecision: (input: unknown, decision: unknown) => {
      writeSync(handle, `${JSON.stringify({ input, decision })}\n`)
    },
    close: () => closeSync(handle),
  }
}

const play = (plan: Plan, { explain, svg, json }: SimulateOptions): void => {
  using bar = progressBar()
  const expected = expectedArrivals(plan)
  const { close, ...log } = decisionLog(explain)
  const outcome = simulate(plan, {
    ...log,
    onProgress: (arrived) => bar.show(arrived / expected, `${arrived} conversations`),
  })
  close()
  bar[Symbol.dispose]()
  if (svg !== undefined) writeFileSync(svg, chart(outcome))
  const said = report(outcome)
  if (json) process.stdout.write(`${JSON.stringify(said, null, 2)}\n`)
  else printReport(said)
}

export const runSimulation = async (
  file: string | undefined,
  options: SimulateOptions,
): Promise<void> => {
  const found = file === undefined ? await planOfAccount(options) : planFrom(file)
  const plan = {
    ...found,
    ...(options.seed !== undefined && { seed: options.seed }),
    ...(file !== undefined && options.hours !== undefined && { hours: options.hours }),
  }
  if (options.printPlan) process.stdout.write(`${JSON.stringify(plan, null, 2)}\n`)
  else play(plan, options)
}
