import { Command } from 'commander'
import { type AccountOptions, accountOf, addAccountOptions, collect } from '../common-options.ts'
import { callOrFail } from '../http-client.ts'
import { print } from '../output.ts'
import { withServer } from '../reach-server.ts'

interface CreateOptions extends AccountOptions {
  readonly name?: string
  readonly user?: readonly string[]
}

const names = ['appKey', 'name', 'accessToken', 'userIds', 'createdAt']

const request = (method: string, suffix: string, options: AccountOptions, body?: unknown) =>
  withServer(options, async (target) => {
    const path = `/api/account/${encodeURIComponent(accountOf(options))}/ringdown/v1/app-keys`
    const answer = await callOrFail(target, method, path + suffix, body)
    if (answer !== undefined) print(answer, options, names)
  })

/** `ringdown app`: the keys with which bots log in. */
export const appVerb = () =>
  new Command('app')
    .description('Creates, lists and revokes application keys, with which bots log in.')
    .addCommand(
      addAccountOptions(new Command('create'))
        .option('--name <text>', 'What the key is for.')
        .option('--user <id>', 'User id of a bot that may use it; may be repeated.', collect)
        .description('Creates a key and prints its four values; the secrets are shown this once.')
        .action(({ name, user, ...options }: CreateOptions) =>
          request('POST', '', options, {
            ...(name !== undefined && { name }),
            ...(user && { userIds: user }),
          }),
        ),
    )
    .addCommand(
      addAccountOptions(new Command('list').description('Lists the keys of an account.')).action(
        (options: AccountOptions) => request('GET', '', options),
      ),
    )
    .addCommand(
      addAccountOptions(new Command('revoke').argument('<appKey>', 'The application key.'))
        .description('Ends a key, and the sessions that it opened.')
        .action((key: string, options: AccountOptions) =>
          request('DELETE', `/${encodeURIComponent(key)}`, options),
        ),
    )
