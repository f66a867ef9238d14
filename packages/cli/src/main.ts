/** The `ringdown` executable: one file per verb, and what every verb shares. */
import { readFileSync } from 'node:fs'
import { ConfigurationError } from '@ringdown/server/configuration'
import { Command, CommanderError } from 'commander'
import { CommandError, exitCodes, isLocked } from './exit-codes.ts'
import { obstacleIn } from './obstacles.ts'
import { accountVerb } from './verbs/account.ts'
import { agentVerb } from './verbs/agent.ts'
import { appVerb } from './verbs/app.ts'
import { auditVerb } from './verbs/audit.ts'
import { autoMessageVerb } from './verbs/auto-message.ts'
import { cannedVerb } from './verbs/canned.ts'
import { configVerb } from './verbs/config.ts'
import { doctorVerb } from './verbs/doctor.ts'
import { groupVerb } from './verbs/group.ts'
import { migrateVerb } from './verbs/migrate.ts'
import { profileVerb } from './verbs/profile.ts'
import { serveVerb } from './verbs/serve.ts'
import { shellVerb } from './verbs/shell.ts'
import { simulateVerb } from './verbs/simulate.ts'
import { skillVerb } from './verbs/skill.ts'
import { tokenVerb } from './verbs/token.ts'
import { whyVerb } from './verbs/why.ts'

const packageFile = new URL('../package.json', import.meta.url)
const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string }

const throwOnExit = (command: Command): void => {
  command.exitOverride()
  for (const child of command.commands) throwOnExit(child)
}

/** The whole command line, for running it and for documenting it. */
export const buildProgram = (): Command => {
  const program = new Command('ringdown')
    .description('A self-hosted messaging contact centre.')
    .version(version)
    .showSuggestionAfterError()
    .addCommand(serveVerb())
    .addCommand(shellVerb())
    .addCommand(accountVerb())
    .addCommand(agentVerb())
    .addCommand(appVerb())
    .addCommand(skillVerb())
    .addCommand(groupVerb())
    .addCommand(profileVerb())
    .addCommand(cannedVerb())
    .addCommand(autoMessageVerb())
    .addCommand(tokenVerb())
    .addCommand(simulateVerb())
    .addCommand(whyVerb())
    .addCommand(auditVerb())
    .addCommand(migrateVerb())
    .addCommand(doctorVerb())
    .addCommand(configVerb())
  throwOnExit(program)
  return program
}

const failWith = (code: number, message: string) => {
  process.stderr.write(`ringdown: ${message}\n`)
  process.exitCode = code
}

/** A fault of the program comes with its stack, for whoever is told of it. */
const fault = (error: unknown): void => {
  failWith(exitCodes.failed, error instanceof Error ? (error.stack ?? error.message) : `${error}`)
}

const explain = (error: unknown): void => {
  if (error instanceof CommanderError) {
    // Help and version come as errors with exit code 0; commander has printed what there is to say.
    process.exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
  } else if (error instanceof CommandError) failWith(exitCodes[error.exit], error.message)
  else if (error instanceof ConfigurationError) failWith(exitCodes.configuration, error.message)
  else if (isLocked(error))
    failWith(exitCodes.busy, `${(error as Error).message}. Stop it, or give another --data.`)
  else {
    const obstacle = obstacleIn(error)
    if (obstacle) failWith(exitCodes[obstacle.exit], obstacle.message)
    else fault(error)
  }
}

export const main = async (argv: readonly string[]): Promise<void> => {
  try {
    await buildProgram().parseAsync([...argv])
  } catch (error) {
    explain(error)
  }
}
