import { type Command, InvalidArgumentError, Option } from 'commander'
import { type AccountOptions, whole } from '../common-options.ts'
import { collectionVerb } from '../configuration.ts'

interface Package {
  readonly id: number
  readonly isEnabled: boolean
}

interface ProfileOptions extends AccountOptions {
  readonly name?: string
  readonly role?: keyof typeof roleTypes
  readonly description?: string
  readonly permission?: readonly number[]
  readonly package?: readonly Package[]
}

const roleTypes = { administrator: 1, agent: 2, manager: 3 } as const

const permission = (item: string, items: readonly number[] = []) => [...items, whole(item)]

const permissionPackage = (item: string, items: readonly Package[] = []) => {
  const [, id = '', state] = /^(\d+)=(on|off)$/.exec(item) ?? []
  if (state === undefined) throw new InvalidArgumentError('ID=on or ID=off is needed.')
  return [...items, { id: Number(id), isEnabled: state === 'on' }]
}

const addOptions = (command: Command) =>
  command
    .option('--description <text>')
    .option('--permission <number>', 'A permission; may be repeated.', permission)
    .option(
      '--package <id=on|off>',
      'Grants or takes a permission package, such as 20001=off; may be repeated.',
      permissionPackage,
    )

/** `ringdown profile`: what users of a role may do beside or instead of its defaults. */
export const profileVerb = () =>
  collectionVerb<ProfileOptions>({
    verb: 'profile',
    noun: ['profile', 'permission profiles'],
    path: '/le-users/profiles',
    columns: ['id', 'name', 'roleTypeId', 'numOfAssignedUsers'],
    addOptions,
    addCreateOptions: (command) =>
      command.addOption(
        new Option('--role <role>', 'The role that it is for.')
          .choices(Object.keys(roleTypes))
          .default('agent'),
      ),
    bodyOf: ({ name, role, description, permission, package: packages }) => ({
      name,
      description,
      roleTypeId: role && roleTypes[role],
      permissions: permission,
      permissionPackages: packages,
    }),
    defaults: { permissions: [], permissionPackages: [], isAssignedToLPA: false },
  })
