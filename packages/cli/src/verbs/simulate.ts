/** `ringdown simulate`: what other agents, skills or arrivals would mean for waiting times. [SIM6] */
import { Command } from 'commander'
import { addAccountOptions, whole } from '../common-options.ts'
import type { SimulateOptions } from '../simulation.ts'

const run = async (file: string | undefined, options: SimulateOptions): Promise<void> => {
  const { runSimulation } = await import('../simulation.ts')
  await runSimulation(file, options)
}

export const simulateVerb = () =>
  addAccountOptions(
    new Command('simulate').argument(
      '[plan]',
      'File with a plan, JSON; - reads it from standard input.',
    ),
  )
    .description('Simulates routing: waiting times, breaches, occupancy and fairness.')
    .option('--per-hour <number>', 'Without a plan: conversations that come in an hour.', Number)
    .option('--handle <seconds>', 'Without a plan: mean time that one takes its agent.', Number)
    .option('--hours <number>', 'Stretch in which conversations come (default: 8).', Number)
    .option('--seed <number>', 'Seed of the chances (default: 1).', whole)
    .option('--svg <file>', 'Draws waiting times, queue and occupancy into this file.')
    .option('--explain <file>', 'Writes every decision with its reasons, one JSON line each.')
    .option('--print-plan', 'Prints the plan instead of playing it, to be changed and played.')
    .action(run)
