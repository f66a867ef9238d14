import { Command } from 'commander'
import { type AccountOptions, accountOf, addAccountOptions } from '../common-options.ts'
import { callOrFail } from '../http-client.ts'
import { columns, print } from '../output.ts'
import { withServer } from '../reach-server.ts'

interface Step {
  readonly at: number
  readonly step: 'queued' | 'decided' | 'ring' | 'done'
  readonly cause?: string
  readonly skillId?: string
  readonly reason?: string
  readonly why?: string
  readonly outcome?: string
  readonly userId?: string
  readonly state?: string
  readonly considered?: readonly { userId: string; verdict: string; why: string }[]
}

interface Explained {
  readonly conversationId: string
  readonly state: string
  readonly skillId: string
  readonly userId?: string
  readonly steps: readonly Step[]
  readonly agents: Readonly<Record<string, { loginName: string; fullName: string }>>
}

interface WhyOptions extends AccountOptions {
  readonly all?: boolean
}

/** Agents that a decision lists unless all are asked for. */
const LISTED = 10

type Named = (userId: string | undefined) => string

const what: Readonly<Record<Step['step'], (step: Step, name: Named) => string>> = {
  queued: ({ cause, skillId, reason }) =>
    `queued at skill ${skillId} (${[cause, reason].filter(Boolean).join(', ')})`,
  decided: ({ outcome, userId, why }, name) =>
    outcome === 'ring' ? `chose ${name(userId)}: ${why}` : `nobody rung: ${why}`,
  ring: ({ userId, state = '', reason }, name) =>
    state === 'waiting'
      ? `rings at ${name(userId)}`
      : `${name(userId)}: ${[state.replace('_', '-'), reason].filter(Boolean).join(', ')}`,
  done: () => 'no longer queued',
}

/** The chosen one and those who came near first: they are what is asked about. */
const nearness = ['chosen', 'not_first', 'at_capacity', 'rejected', 'availability']

const considered = (step: Step, name: Named, isAll: boolean) => {
  const all = (step.considered ?? []).toSorted(
    (one, other) => rankOf(one.verdict) - rankOf(other.verdict),
  )
  const shown = isAll ? all : all.slice(0, LISTED)
  const rows = shown.map(({ userId, why }) => ({ when: '', what: `  ${name(userId)}: ${why}` }))
  const more = all.length - shown.length
  return more > 0 ? [...rows, { when: '', what: `  and ${more} more (--all)` }] : rows
}

const rankOf = (verdict: string): number => {
  const rank = nearness.indexOf(verdict)
  return rank < 0 ? nearness.length : rank
}

const table = ({ steps, agents }: Explained, isAll: boolean): string => {
  const name: Named = (userId = '') => agents[userId]?.loginName ?? userId
  const rows = steps.flatMap((step) => [
    { when: new Date(step.at).toISOString(), what: what[step.step](step, name) },
    ...considered(step, name, isAll),
  ])
  return columns(rows, ['when', 'what'])
}

const heading = ({ conversationId, state, skillId, userId, agents }: Explained): string => {
  const holder = userId === undefined ? 'nobody' : (agents[userId]?.loginName ?? userId)
  return `Conversation ${conversationId}: ${state}, skill ${skillId}, assigned to ${holder}`
}

/** `ringdown why`: what routing decided for a conversation, and for which reasons. [RT24] */
export const whyVerb = () =>
  addAccountOptions(new Command('why').argument('<conversationId>'))
    .description(
      'Explains how a conversation was routed: who was considered, why not, who was chosen.',
    )
    .option('--all', `List all agents of each decision, not the ${LISTED} that came nearest.`)
    .action((conversationId: string, options: WhyOptions) =>
      withServer(options, async (target) => {
        const account = encodeURIComponent(accountOf(options))
        const path = `/api/account/${account}/ringdown/v1/conversations/${encodeURIComponent(conversationId)}/routing`
        const answer = (await callOrFail(target, 'GET', path)) as Explained
        if (options.json) print(answer, options)
        else process.stdout.write(`${heading(answer)}\n\n${table(answer, options.all ?? false)}\n`)
      }),
    )
