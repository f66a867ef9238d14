/** Verbs over a collection of the account's configuration, and what each kind of thing adds. [ADM23] */
import { Command } from 'commander'
import { type AccountOptions, accountOf, addAccountOptions } from './common-options.ts'
import { CommandError } from './exit-codes.ts'
import { callOrFail, type Target } from './http-client.ts'
import { print } from './output.ts'
import { withServer } from './reach-server.ts'

type Item = Readonly<Record<string, unknown>>

export interface Collection<Options extends AccountOptions> {
  readonly verb: string
  /** One of them, and several, in a sentence. */
  readonly noun: readonly [one: string, several: string]
  /** Under `…/configuration`. */
  readonly path: string
  /** Columns of a list. */
  readonly columns: readonly string[]
  readonly addOptions: (command: Command) => Command
  readonly addCreateOptions?: (command: Command) => Command
  /** The members that the options name; `before` is what is changed. */
  readonly bodyOf: (options: Options, before?: Item) => Item
  /** What a new one is made from, unless that is a name. */
  readonly argument?: {
    readonly placeholder: string
    readonly bodyOf: (text: string, options: Options) => Item
  }
  /** What a new one has unless the options say otherwise. */
  readonly defaults: Item
}

const readOnly = ['deleted', 'dateUpdated', 'numOfAssignedUsers']

const changeable = (item: Item): Item =>
  Object.fromEntries(Object.entries(item).filter(([name]) => !readOnly.includes(name)))

const given = (body: Item): Item =>
  Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined))

export const collectionVerb = <Options extends AccountOptions>(
  of: Collection<Options>,
): Command => {
  const [noun, several] = of.noun
  const all = (options: AccountOptions) =>
    `/api/account/${encodeURIComponent(accountOf(options))}/configuration${of.path}`
  const one = (options: AccountOptions, id: string) => {
    if (!/^-?\d+$/.test(id)) throw new CommandError('usage', `${id} is no id: a number is needed.`)
    return `${all(options)}/${id}`
  }
  const show = (options: AccountOptions, ask: (target: Target) => Promise<unknown>) =>
    withServer(options, async (target) => print(await ask(target), options, of.columns))
  const change = (id: string, options: Options) =>
    show(options, async (target) => {
      const address = one(options, id)
      const before = (await callOrFail(target, 'GET', address)) as Item
      return callOrFail(target, 'PUT', address, {
        ...changeable(before),
        ...given(of.bodyOf(options, before)),
      })
    })
  const addCreateOptions = of.addCreateOptions ?? ((command) => command)
  const { placeholder, bodyOf: bodyFrom } = of.argument ?? {
    placeholder: '<name>',
    bodyOf: (name) => ({ name }),
  }
  const addRenaming = (command: Command) =>
    of.argument ? command : command.option('--name <text>', 'New name.')
  const withId = (name: string) => new Command(name).argument('<id>')
  return new Command(of.verb)
    .description(`Creates, lists, shows, changes and deletes ${several}.`)
    .addCommand(
      addCreateOptions(
        of.addOptions(addAccountOptions(new Command('create').argument(placeholder))),
      )
        .description(`Creates a ${noun}.`)
        .action((text: string, options: Options) => {
          const body = { ...of.defaults, ...given(of.bodyOf(options)), ...bodyFrom(text, options) }
          return show(options, (target) => callOrFail(target, 'POST', all(options), body))
        }),
    )
    .addCommand(
      addAccountOptions(new Command('list'))
        .description(`Lists the ${several} of an account.`)
        .action((options: AccountOptions) =>
          show(options, (target) => callOrFail(target, 'GET', all(options))),
        ),
    )
    .addCommand(
      addAccountOptions(withId('show'))
        .description(`Shows a ${noun}.`)
        .action((id: string, options: AccountOptions) =>
          show(options, (target) => callOrFail(target, 'GET', one(options, id))),
        ),
    )
    .addCommand(
      addRenaming(of.addOptions(addAccountOptions(withId('change'))))
        .description(`Changes a ${noun}; what is not named stays.`)
        .action(change),
    )
    .addCommand(
      addAccountOptions(withId('delete'))
        .description(`Deletes a ${noun} that nobody uses.`)
        .action((id: string, options: AccountOptions) =>
          withServer(options, async (target) => {
            await callOrFail(target, 'DELETE', one(options, id))
          }),
        ),
    )
}
