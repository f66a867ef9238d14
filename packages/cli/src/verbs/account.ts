import { Command } from 'commander'
import { type AdminOptions, addAdminOptions, assignments, collect } from '../common-options.ts'
import { callOrFail } from '../http-client.ts'
import { print } from '../output.ts'
import { withServer } from '../reach-server.ts'

const PATH = '/ringdown/v1/accounts'
const one = (id: string) => `${PATH}/${encodeURIComponent(id)}`

interface ChangeOptions extends AdminOptions {
  readonly name?: string
  readonly set?: readonly string[]
}

const bodyOf = ({ name, set }: ChangeOptions) => ({
  ...(name === undefined ? {} : { name }),
  ...(set === undefined ? {} : { settings: assignments(set) }),
})

const addChangeOptions = (command: Command) =>
  addAdminOptions(command)
    .option('--name <text>', 'Name of the brand.')
    .option('--set <name=value>', 'A setting, such as ttr.urgent=300; may be repeated.', collect)

const request = (method: string, path: string, options: AdminOptions, body?: unknown) =>
  withServer(options, async (target) => {
    const answer = await callOrFail(target, method, path, body)
    if (answer !== undefined) print(answer, options, ['id', 'name'])
  })

/** `ringdown account`: the brands that this server serves. */
export const accountVerb = () =>
  new Command('account')
    .description('Creates, lists, shows, changes and deletes accounts.')
    .addCommand(
      addChangeOptions(new Command('create').argument('<id>', 'Letters, digits and _, at most 20.'))
        .description('Creates an account.')
        .action((id: string, options: ChangeOptions) =>
          request('POST', PATH, options, { id, ...bodyOf(options) }),
        ),
    )
    .addCommand(
      addAdminOptions(new Command('list').description('Lists all accounts.')).action(
        (options: AdminOptions) => request('GET', PATH, options),
      ),
    )
    .addCommand(
      addAdminOptions(new Command('show').argument('<id>'))
        .description('Shows an account with its settings.')
        .action((id: string, options: AdminOptions) => request('GET', one(id), options)),
    )
    .addCommand(
      addChangeOptions(new Command('change').argument('<id>'))
        .description('Changes the name or settings of an account.')
        .action((id: string, options: ChangeOptions) =>
          request('PATCH', one(id), options, bodyOf(options)),
        ),
    )
    .addCommand(
      addAdminOptions(new Command('delete').argument('<id>'))
        .description('Deletes an account and everything that belongs to it.')
        .action((id: string, options: AdminOptions) => request('DELETE', one(id), options)),
    )
