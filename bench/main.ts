/** `npm run bench -- <scenario>`: starts real servers, loads them from another process, reports. */
import { type BenchOptions, parseOptions, usage } from './options.ts'
import { say } from './report.ts'
import { runCatchUpScenario } from './scenarios/catch-up.ts'
import { runClosed } from './scenarios/closed.ts'
import { runFanOutScenario } from './scenarios/fan-out.ts'
import { runIdleScenario } from './scenarios/idle.ts'
import { p3, p4, runOpen } from './scenarios/open.ts'
import { runRoutingScenario } from './scenarios/routing.ts'

type Scenario = (options: BenchOptions) => Promise<boolean>

const scenarios: Readonly<Record<string, Scenario>> = {
  p1: runClosed,
  p3: (options) => runOpen(p3, options),
  p4: (options) => runOpen(p4, options),
  p5: runIdleScenario,
  p6: runCatchUpScenario,
  p8: runRoutingScenario,
  p9: runFanOutScenario,
}

const runAll = async (options: BenchOptions): Promise<boolean> => {
  let isValid = true
  for (const [name, run] of Object.entries(scenarios)) {
    say(`\n== ${name}`)
    isValid = (await run(options)) && isValid
  }
  say('\n== p1 over TLS')
  return (await runClosed({ ...options, tls: true, runs: options.runs ?? 1 })) && isValid
}

const main = async (): Promise<number> => {
  const options = parseOptions(process.argv.slice(2))
  const run = options.scenario === 'all' ? runAll : scenarios[options.scenario ?? '']
  if (!run) {
    say(options.scenario ? `no scenario ${options.scenario}\n\n${usage}` : usage)
    return options.scenario ? 2 : 0
  }
  return (await run(options)) ? 0 : 1
}

// Not `process.exit` in a finally: targets are disposed on the way out of `main`.
process.exitCode = await main().catch((error: Error) => {
  process.stderr.write(`${error.stack ?? error.message}\n`)
  return 1
})
