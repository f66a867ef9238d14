import { type AccountOptions, whole } from '../common-options.ts'
import { collectionVerb } from '../configuration.ts'

interface GroupOptions extends AccountOptions {
  readonly name?: string
  readonly parent?: number
  readonly description?: string
  readonly enable?: boolean
  readonly disable?: boolean
}

/** `ringdown group`: the tree of groups that agents are in. */
export const groupVerb = () =>
  collectionVerb<GroupOptions>({
    verb: 'group',
    noun: ['group', 'agent groups'],
    path: '/le-users/agentGroups',
    columns: ['id', 'name', 'parentGroupId', 'isEnabled'],
    addOptions: (command) =>
      command
        .option('--parent <id>', 'The group above it (default: -1, the root).', whole)
        .option('--description <text>')
        .option('--enable', 'The group is in use.')
        .option('--disable', 'The group is out of use.'),
    bodyOf: ({ name, parent, description, enable, disable }) => ({
      name,
      parentGroupId: parent,
      description,
      isEnabled: disable ? false : enable,
    }),
    defaults: { isEnabled: true },
  })
