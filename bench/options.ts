/** The command line of the bench. */
import { parseArgs } from 'node:util'

export interface BenchOptions {
  readonly scenario: string | undefined
  readonly quick: boolean
  /** Absent: as the scenario has it. */
  readonly pin?: boolean
  readonly tls: boolean
  readonly metadata: boolean
  /** May empty the page cache of the whole machine. */
  readonly cold: boolean
  readonly agentVersion: '2.1' | '3'
  readonly only?: 'product' | 'minimal'
  readonly arrivals: 'poisson' | 'even'
  readonly runs?: number
  readonly seconds?: number
  readonly pairs?: number
  readonly connections?: number
  readonly events?: number
  readonly profileDir?: string
  readonly out?: string
}

export const usage = `npm run bench -- <scenario> [options]

Scenarios
  p1   closed loop, 100 pairs: messages per second, product and minimal server in turn
  p3   open loop, 500 messages per second on 1,000 connections: publish answered
  p4   open loop, 4,000 messages per second on 1,000 connections
  p5   10,000 idle authenticated connections with both subscriptions: memory of each
  p6   catch-up of the last 100 events, with 10 million and with 10,000 events stored
  p8   conversations opened and routed to 500 agents, with 100,000 open in the store
  p9   one change seen by 500 managers who watch the account
  all  every one of them, and p1 once more over TLS

Options
  --quick               shorter and smaller: for a look, not for a figure
  --runs N              runs per server (p1: 5, p3, p4 and p9: 3)
  --seconds N           measured seconds of a run (p1: 6, p3 and p4: 15)
  --pairs N             pairs of p1
  --connections N       connections of p5
  --events N            events stored for p6
  --tls                 over TLS instead of plain TCP
  --metadata            conversation subscriptions on every socket as well
  --cold                p6: empty the machine's page cache first (needs root, disturbs the rest)
  --agent-version V     protocol version of agents' sockets: 3 (default) or 2.1
  --arrivals KIND       poisson (default) or even
  --only TARGET         product or minimal
  --profile DIR         write a CPU profile of the product's process
  --pin, --no-pin       give server and generator a core each, or let the system place them
                        (pinned: p5 and p6; in the others the server may use what is left)
  --out FILE            append the JSON lines to a file as well
`

const number = (name: string, text: string | undefined): number | undefined => {
  if (text === undefined) return undefined
  const value = Number(text.replaceAll('_', ''))
  if (!Number.isFinite(value) || value <= 0)
    throw new Error(`--${name}: ${text} is not a positive number`)
  return value
}

const oneOf = <Choice extends string>(
  name: string,
  text: string | undefined,
  choices: readonly Choice[],
): Choice | undefined => {
  if (text === undefined) return undefined
  const choice = choices.find((candidate) => candidate === text)
  if (!choice) throw new Error(`--${name}: ${text} is none of ${choices.join(', ')}`)
  return choice
}

/** Leaves out what was not given, so that each scenario's own default applies. */
const given = <Fields extends object>(fields: Fields) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Fields]?: Exclude<Fields[Name], undefined>
  }

export const parseOptions = (argv: readonly string[]): BenchOptions => {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean', default: false } as const
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    allowNegative: true,
    options: {
      quick: flag,
      tls: flag,
      metadata: flag,
      cold: flag,
      pin: { type: 'boolean' },
      help: flag,
      runs: text,
      seconds: text,
      pairs: text,
      connections: text,
      events: text,
      'agent-version': text,
      arrivals: text,
      only: text,
      profile: text,
      out: text,
    },
  })
  return {
    scenario: values.help ? undefined : positionals[0],
    quick: values.quick,
    tls: values.tls,
    metadata: values.metadata,
    cold: values.cold,
    agentVersion: oneOf('agent-version', values['agent-version'], ['2.1', '3']) ?? '3',
    arrivals: oneOf('arrivals', values.arrivals, ['poisson', 'even']) ?? 'poisson',
    ...given({
      pin: values.pin,
      only: oneOf('only', values.only, ['product', 'minimal']),
      runs: number('runs', values.runs),
      seconds: number('seconds', values.seconds),
      pairs: number('pairs', values.pairs),
      connections: number('connections', values.connections),
      events: number('events', values.events),
      profileDir: values.profile,
      out: values.out,
    }),
  }
}
