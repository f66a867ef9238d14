/** `ringdown doctor`: looks at everything a server needs, and says what to do about what is wrong. */
import { Command } from 'commander'
import { addServerOptions } from '../common-options.ts'
import { type Check, examine } from '../doctor/examine.ts'
import { exitCodes } from '../exit-codes.ts'
import type { ServerOptions } from '../reach-server.ts'

interface DoctorOptions extends ServerOptions {
  readonly json?: boolean
}

const line = ({ name, verdict, finding, next }: Check) =>
  `${verdict.padEnd(4)}  ${name.padEnd(14)} ${finding}${next === undefined ? '' : `\n      → ${next}`}`

/** Exit code 1 when something failed; a warning does not count. [OPS60] */
const doctor = async (options: DoctorOptions) => {
  const checks = await examine(options)
  process.stdout.write(
    options.json ? `${JSON.stringify(checks, null, 2)}\n` : `${checks.map(line).join('\n')}\n`,
  )
  const isIll = checks.some((check) => check.verdict === 'fail')
  process.exitCode = isIll ? exitCodes.failed : exitCodes.ok
}

export const doctorVerb = () =>
  addServerOptions(new Command('doctor'))
    .description('Examines this machine, the data folder, the store, certificates and the server.')
    .option('--json', 'Print JSON.')
    .action(doctor)
