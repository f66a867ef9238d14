import { buildProgram } from '../../packages/cli/src/main.ts'

type Command = ReturnType<typeof buildProgram>

const options = (command: Command) =>
  command.options
    .filter((option) => !option.hidden)
    .map((option) => `| \`${option.flags.replaceAll('|', '\\|')}\` | ${option.description} |`)

const section = (command: Command, prefix: string): string[] => {
  const name = `${prefix} ${command.name()}`
  const words = command.registeredArguments.map((argument) => `<${argument.name()}>`)
  const rows = options(command)
  return [
    `## ${[name, ...words].join(' ')}`,
    '',
    command.description(),
    '',
    ...(rows.length > 0 ? ['| Option | Meaning |', '|---|---|', ...rows, ''] : []),
    ...command.commands.flatMap((child) => section(child as Command, name)),
  ]
}

/** The reference of every verb. */
export const commandLinePage = () =>
  [
    '# Command line',
    '',
    'Made from the declarations in `packages/cli/src` by `npm run docs`; do not edit. Every verb also',
    'has `--help`. Inside the repository it is `npx ringdown …`.',
    '',
    '## Exit codes',
    '',
    '| Code | Meaning |',
    '|---|---|',
    '| 0 | Done. |',
    '| 1 | The request was refused or failed, or a check of `doctor` failed. |',
    '| 2 | The command line is wrong. |',
    '| 69 | No server answers, or the port is taken. |',
    '| 70 | The store can promise nothing any more, for instance after a failed fsync: start again. |',
    '| 75 | Another process holds the data folder. |',
    '| 78 | The configuration or the data is not usable, or no fitting Node was found. |',
    '| 128 + n | Ended by signal n. |',
    '',
    ...buildProgram().commands.flatMap((command) => section(command as Command, 'ringdown')),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n')
