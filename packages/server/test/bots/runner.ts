/**
 * The program of a child process: one bot on the real SDK. It tells what happens as one JSON object
 * per line, and does what it is told in the same form.
 *
 *   node runner.ts <bot> <conf as JSON>
 */
import { createInterface } from 'node:readline'
import type { Body, SdkAgent, SdkConf } from './agent-sdk.ts'
import { connectSdk } from './agent-sdk.ts'
import { closerBot } from './closer-bot.ts'
import { echoBot } from './echo-bot.ts'
import { fileBot } from './file-bot.ts'
import { greeterBot } from './greeter-bot.ts'
import { observerBot } from './observer-bot.ts'
import { socialBot } from './social-bot.ts'
import { surveyBot } from './survey-bot.ts'
import { transferBot } from './transfer-bot.ts'

export type Report = (event: string, data?: object) => void
type Bot = (agent: SdkAgent, report: Report) => void

/** `puppet` does nothing by itself. */
const bots = {
  echo: echoBot,
  greeter: greeterBot,
  closer: closerBot,
  file: fileBot,
  observer: observerBot,
  social: socialBot,
  survey: surveyBot,
  transfer: transferBot,
  puppet: () => {},
} satisfies Readonly<Record<string, Bot>>

export type BotName = keyof typeof bots

/** What the SDK tells its user, apart from answers. */
const TOLD = [
  'cqm.ExConversationChangeNotification',
  'ms.MessagingEventNotification',
  'routing.RoutingTaskNotification',
  'routing.AgentStateNotification',
  'deprecated',
]

const report: Report = (event, data = {}) => {
  process.stdout.write(`${JSON.stringify({ event, ...data })}\n`)
}

const watch = (agent: SdkAgent): void => {
  const { conf } = agent
  agent.on('connected', () =>
    report('connected', {
      agentId: agent.agentId,
      userId: agent.userId,
      accountId: conf.accountId,
    }),
  )
  agent.on('closed', (code: number) => report('closed', { code }))
  agent.on('error', (error: Body) =>
    report('error', { code: error?.code, message: String(error?.message ?? error) }),
  )
  agent.on('warn', (warning: Body) => report('warn', { warning }))
  agent.on('message:sent', ({ type }: Body) => report('sent', { type }))
  for (const type of TOLD) agent.on(type, (body: Body) => report('told', { type, body }))
}

interface Command {
  readonly id: number
  readonly call: string
  readonly args: readonly unknown[]
}

const obey = (agent: SdkAgent, { id, call, args }: Command): void => {
  if (call === 'abort') agent.transport?.ws.terminate()
  else if (call === 'reconnect') agent.reconnect(args[0] === true)
  else if (call === 'dispose') {
    agent.dispose()
    process.stdin.destroy()
  } else {
    const request = (agent as unknown as Record<string, (...given: unknown[]) => void>)[call]
    request?.call(agent, ...args, (error: Body, body: Body) =>
      report('answer', { id, error: error ?? null, body: body ?? null }),
    )
  }
}

const main = (): void => {
  const [name = 'puppet', conf = '{}'] = process.argv.slice(2)
  const agent = connectSdk(JSON.parse(conf) as SdkConf)
  watch(agent)
  bots[name as BotName](agent, report)
  const lines = createInterface({ input: process.stdin })
  lines.on('line', (line) => obey(agent, JSON.parse(line) as Command))
  // The parent is gone, or wants no more.
  lines.on('close', () => process.exit(0))
}

if (import.meta.main) main()
