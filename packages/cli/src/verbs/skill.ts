import { Command } from 'commander'
import {
  type AccountOptions,
  accountOf,
  addAccountOptions,
  assignments,
  collect,
} from '../common-options.ts'
import { callOrFail } from '../http-client.ts'
import { print } from '../output.ts'
import { withServer } from '../reach-server.ts'

interface ChangeOptions extends AccountOptions {
  readonly name?: string
  readonly id?: string
  readonly ttr?: readonly string[]
  readonly rule?: readonly string[]
}

const bodyOf = ({ name, id, ttr, rule }: ChangeOptions) => ({
  ...(name === undefined ? {} : { name }),
  ...(id === undefined ? {} : { id }),
  ...(ttr === undefined ? {} : { ttr: assignments(ttr) }),
  ...(rule === undefined ? {} : { rules: assignments(rule) }),
})

const request = (method: string, suffix: string, options: AccountOptions, body?: unknown) =>
  withServer(options, async (target) => {
    const path = `/api/account/${encodeURIComponent(accountOf(options))}/ringdown/v1/skills`
    const answer = await callOrFail(target, method, path + suffix, body)
    if (answer !== undefined) print(answer, options, ['id', 'name', 'ttr'])
  })

const one = (id: string) => `/${encodeURIComponent(id)}`

const addTtr = (command: Command) =>
  addAccountOptions(command)
    .option(
      '--ttr <kind=seconds>',
      'Time to respond, such as urgent=300; may be repeated.',
      collect,
    )
    .option(
      '--rule <name=value>',
      'A rule, such as autoCloseSeconds=600 or canTransfer=false; may be repeated.',
      collect,
    )

/** `ringdown skill`: what conversations need and agents have. */
export const skillVerb = () =>
  new Command('skill')
    .description('Creates, lists, shows, changes and deletes skills.')
    .addCommand(
      addTtr(new Command('create').argument('<name>'))
        .option('--id <number>', 'Its id (default: the next free number).')
        .description('Creates a skill.')
        .action((name: string, options: ChangeOptions) =>
          request('POST', '', options, { ...bodyOf(options), name }),
        ),
    )
    .addCommand(
      addAccountOptions(new Command('list').description('Lists the skills of an account.')).action(
        (options: AccountOptions) => request('GET', '', options),
      ),
    )
    .addCommand(
      addAccountOptions(new Command('show').argument('<id>'))
        .description('Shows a skill.')
        .action((id: string, options: AccountOptions) => request('GET', one(id), options)),
    )
    .addCommand(
      addTtr(new Command('change').argument('<id>'))
        .option('--name <text>', 'New name.')
        .description('Changes a skill.')
        .action((id: string, options: ChangeOptions) =>
          request('PATCH', one(id), options, bodyOf({ ...options })),
        ),
    )
    .addCommand(
      addAccountOptions(new Command('delete').argument('<id>'))
        .description('Deletes a skill.')
        .action((id: string, options: AccountOptions) => request('DELETE', one(id), options)),
    )
