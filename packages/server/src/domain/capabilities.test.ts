import { describe, expect, it } from 'vitest'
import type { AgentRole } from './account.ts'
import type { Capability, PermissionProfile } from './capabilities.ts'
import {
  capabilities,
  capabilitiesOf,
  capabilityNames,
  defaultCapabilities,
  privilegesOf,
} from './capabilities.ts'

// agent, manager, administrator
const expected: Readonly<Record<Capability, string>> = {
  handle_conversations: 'yes yes yes',
  join_conversations: 'no yes yes',
  view_conversations: 'no yes yes',
  view_agents: 'no yes yes',
  set_manual_sla: 'yes yes yes',
  transfer_to_available: 'yes yes yes',
  transfer_to_away: 'no yes yes',
  transfer_to_offline: 'no no no',
  send_files: 'yes yes yes',
  close_conversations: 'no yes yes',
  submit_agent_surveys: 'yes no no',
  view_agent_surveys: 'yes yes yes',
  administer: 'no no yes',
}
const roles: readonly AgentRole[] = ['agent', 'manager', 'administrator']

const profile = (
  roleTypeId: PermissionProfile['roleTypeId'],
  packages: Readonly<Record<number, boolean>> = {},
  more: Partial<PermissionProfile> = {},
): PermissionProfile => ({
  id: `${roleTypeId}`,
  roleTypeId,
  permissions: [],
  permissionPackages: Object.entries(packages).map(([id, isEnabled]) => ({
    id: Number(id),
    isEnabled,
  })),
  ...more,
})

const has = (
  capability: Capability,
  { of = ['agent'], by }: { of?: readonly AgentRole[]; by: readonly PermissionProfile[] },
) => capabilitiesOf(of, by).has(capability)

it.each(Object.entries(expected))('[PRM1] %s: %s', (name, row) => {
  const actual = roles.map((role) =>
    defaultCapabilities([role]).has(name as Capability) ? 'yes' : 'no',
  )
  expect(actual.join(' ')).toBe(row)
})

it('[PRM1] every capability stands in the table, and several roles have all of theirs', () => {
  expect(Object.keys(expected)).toEqual([...capabilityNames])
  expect(defaultCapabilities([])).toEqual(new Set())
  expect(defaultCapabilities(['agent', 'manager'])).toEqual(
    new Set([...defaultCapabilities(['agent']), ...defaultCapabilities(['manager'])]),
  )
})

it('[PRM3] each package is known by its number', () => {
  const numbers = Object.fromEntries(
    capabilityNames
      .map((name) => [name, [...capabilities[name].packages]] as const)
      .filter(([, packages]) => packages.length > 0),
  )
  expect(numbers).toEqual({
    handle_conversations: [20013, 20015],
    join_conversations: [20001, 30001],
    view_conversations: [20002, 20013, 30002, 30015],
    view_agents: [20003, 30010],
    set_manual_sla: [20017],
    submit_agent_surveys: [30058],
    view_agent_surveys: [20040, 30057],
  })
})

describe('[PRM2] profiles', () => {
  it('grant and take what their packages say, and leave the rest', () => {
    const by = [profile(2, { 20001: true, 20015: false })]
    expect(has('join_conversations', { by })).toBe(true)
    expect(has('handle_conversations', { by })).toBe(false)
    expect(has('set_manual_sla', { by })).toBe(true)
    expect(has('view_conversations', { by })).toBe(false)
  })

  it.each(
    capabilityNames.flatMap((one) => capabilities[one].packages.map((id) => [one, id] as const)),
  )('%s follows package %d in both ways', (capability, id) => {
    for (const isEnabled of [true, false])
      expect(has(capability, { by: [profile(2, { [id]: isEnabled })] })).toBe(isEnabled)
    expect(has(capability, { by: [profile(2, {}, { permissions: [id] })] })).toBe(true)
  })

  it('name capabilities that have no number as features', () => {
    const say = (isEnabled: boolean) => [
      profile(
        2,
        {},
        {
          permissionPackages: [
            { id: 1, isEnabled, featureKeys: ['transfer_to_away', 'send_files'] },
          ],
        },
      ),
    ]
    expect(has('transfer_to_away', { by: say(true) })).toBe(true)
    expect(has('send_files', { by: say(false) })).toBe(false)
  })

  it('speak for their role only, and only if the user has it', () => {
    const chief = profile(3, { 30002: true, 20017: false })
    expect(has('view_conversations', { by: [chief] })).toBe(false)
    const both = { of: ['agent', 'manager'] as const, by: [chief] }
    expect(has('set_manual_sla', both)).toBe(true)
    expect(has('set_manual_sla', { of: ['manager'], by: [chief] })).toBe(false)
    for (const roleTypeId of [4, 5] as const)
      expect(has('view_conversations', { by: [profile(roleTypeId, { 20002: true })] })).toBe(false)
  })

  it('of one role add up', () => {
    const by = [profile(2, { 20001: false }), profile(2, { 20001: true })]
    expect(has('join_conversations', { by })).toBe(true)
    const taken = [profile(2, { 20015: false }), profile(2, { 20015: false })]
    expect(has('handle_conversations', { by: taken })).toBe(false)
    expect(has('handle_conversations', { by: [...taken, profile(2)] })).toBe(true)
  })

  it('neither grant nor take administration', () => {
    const featureKeys = ['administer']
    const say = (roleTypeId: 1 | 2, isEnabled: boolean) =>
      profile(roleTypeId, {}, { permissionPackages: [{ id: 1, isEnabled, featureKeys }] })
    expect(has('administer', { by: [say(2, true)] })).toBe(false)
    expect(has('administer', { of: ['administrator'], by: [say(1, false)] })).toBe(true)
  })
})

it('[PRM4] privileges are the packages whose every capability is held', () => {
  expect(privilegesOf(defaultCapabilities(['agent']))).toEqual([
    100, 1730, 20015, 20017, 20040, 30057, 30058,
  ])
  const supervising = [
    20001, 20002, 20003, 20013, 20015, 20017, 20040, 30001, 30002, 30010, 30015, 30057,
  ]
  expect(privilegesOf(defaultCapabilities(['manager']))).toEqual([100, 1730, ...supervising])
  expect(privilegesOf(defaultCapabilities(['administrator']))).toEqual([
    100,
    101,
    1730,
    ...supervising,
  ])
  expect(privilegesOf(new Set())).toEqual([100, 1730])
})
