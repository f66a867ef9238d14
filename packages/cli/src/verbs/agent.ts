import { Command } from 'commander'
import {
  type AccountOptions,
  accountOf,
  addAccountOptions,
  collect,
  whole,
} from '../common-options.ts'
import { callOrFail } from '../http-client.ts'
import { print } from '../output.ts'
import { withServer } from '../reach-server.ts'

interface ChangeOptions extends AccountOptions {
  readonly name?: string
  readonly nickname?: string
  readonly email?: string
  readonly role?: readonly string[]
  readonly skill?: readonly string[]
  readonly capacity?: number
  readonly password?: string
  readonly bot?: boolean
  readonly enable?: boolean
  readonly disable?: boolean
  readonly login?: string
  readonly group?: string
  readonly manages?: readonly string[]
  readonly profile?: readonly string[]
  readonly apiUser?: boolean
}

const bodyOf = (options: ChangeOptions) => {
  const isEnabled = options.disable ? false : options.enable
  const body = {
    fullName: options.name,
    nickname: options.nickname,
    email: options.email,
    roles: options.role,
    skillIds: options.skill,
    capacity: options.capacity,
    password: options.password,
    isBot: options.bot,
    isEnabled,
    loginName: options.login,
    groupId: options.group,
    managedGroupIds: options.manages,
    profileIds: options.profile,
    isApiUser: options.apiUser,
  }
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined))
}

const addChangeOptions = (command: Command) =>
  addAccountOptions(command)
    .option('--name <text>', 'Full name.')
    .option('--nickname <text>', 'Name that consumers see.')
    .option('--email <address>')
    .option('--role <role>', 'agent, manager or administrator; may be repeated.', collect)
    .option('--skill <id>', 'A skill; may be repeated.', collect)
    .option('--capacity <number>', 'Conversations carried at once.', whole)
    .option('--password <text>', 'Password; create makes one up and prints it when absent.')
    .option('--group <id>', 'The group that the agent belongs to.')
    .option('--manages <id>', 'A group that the agent manages; may be repeated.', collect)
    .option('--profile <id>', 'A permission profile; may be repeated.', collect)
    .option('--bot', 'The agent is a program.')

const names = ['userId', 'loginName', 'roles', 'isEnabled', 'isBot', 'skillIds', 'id']

const request = (method: string, suffix: string, options: AccountOptions, body?: unknown) =>
  withServer(options, async (target) => {
    const path = `/api/account/${encodeURIComponent(accountOf(options))}/ringdown/v1/agents`
    const answer = await callOrFail(target, method, path + suffix, body)
    if (answer !== undefined) print(answer, options, names)
  })

const one = (reference: string) => `/${encodeURIComponent(reference)}`

/** `ringdown agent`: the people and bots who answer for an account. */
export const agentVerb = () =>
  new Command('agent')
    .description('Creates, lists, shows, changes and deletes agents.')
    .addCommand(
      addChangeOptions(new Command('create').argument('<login>', 'Login name.'))
        .option('--api-user', 'The agent logs in with an application key and has no password.')
        .description('Creates an agent.')
        .action((loginName: string, options: ChangeOptions) =>
          request('POST', '', options, { ...bodyOf(options), loginName }),
        ),
    )
    .addCommand(
      addAccountOptions(new Command('list').description('Lists the agents of an account.')).action(
        (options: AccountOptions) => request('GET', '', options),
      ),
    )
    .addCommand(
      addAccountOptions(new Command('show').argument('<agent>', 'Login name or user id.'))
        .description('Shows an agent.')
        .action((reference: string, options: AccountOptions) =>
          request('GET', one(reference), options),
        ),
    )
    .addCommand(
      addChangeOptions(new Command('change').argument('<agent>', 'Login name or user id.'))
        .option('--login <text>', 'New login name.')
        .option('--enable', 'The agent may log in.')
        .option('--disable', 'The agent may not log in; its sessions end.')
        .description('Changes an agent; roles and skills are replaced as a whole.')
        .action((reference: string, options: ChangeOptions) =>
          request('PATCH', one(reference), options, bodyOf(options)),
        ),
    )
    .addCommand(
      addAccountOptions(new Command('delete').argument('<agent>', 'Login name or user id.'))
        .description('Deletes an agent; what the agent wrote stays.')
        .action((reference: string, options: AccountOptions) =>
          request('DELETE', one(reference), options),
        ),
    )
