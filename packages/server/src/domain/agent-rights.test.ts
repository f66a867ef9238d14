import { expect, it } from 'vitest'
import type { Agent } from './account.ts'
import { noPlace } from './account.ts'
import type { Directory } from './agent-rights.ts'
import { emptyDirectory, isSameRights, needsDirectory, rightsOf } from './agent-rights.ts'

const agent = (id: string, more: Partial<Agent> = {}): Agent => ({
  ...noPlace,
  accountId: '1',
  userId: id,
  id,
  loginName: id,
  fullName: id,
  nickname: id,
  email: '',
  isEnabled: true,
  isBot: false,
  roles: ['agent'],
  skillIds: [],
  createdAt: 0,
  ...more,
})

// north ── harbour ── pier        south        loop-a ⇄ loop-b
const directory: Directory = {
  agents: [
    agent('nora', { groupId: 'north', skillIds: ['1'] }),
    agent('hans', { groupId: 'harbour', skillIds: ['2'] }),
    agent('piet', { groupId: 'pier', skillIds: [] }),
    agent('sara', { groupId: 'south', skillIds: ['3'] }),
    agent('rita', { skillIds: ['4'] }),
    agent('lars', { groupId: 'loop-b', skillIds: ['5'] }),
  ],
  groups: [
    { id: '-1' },
    { id: 'north', parentGroupId: '-1' },
    { id: 'harbour', parentGroupId: 'north' },
    { id: 'pier', parentGroupId: 'harbour' },
    { id: 'south', parentGroupId: '-1' },
    { id: 'empty', parentGroupId: '-1' },
    { id: 'loop-a', parentGroupId: 'loop-b' },
    { id: 'loop-b', parentGroupId: 'loop-a' },
  ],
  profiles: [{ id: 'views', roleTypeId: 2, permissions: [20002], permissionPackages: [] }],
}

const scopeOf = (more: Partial<Agent>) =>
  rightsOf(agent('max', { profileIds: ['views'], ...more }), directory).scope
const manages = (...managedGroupIds: string[]) =>
  scopeOf({ roles: ['manager'], managedGroupIds, groupId: 'south' })

it.each([
  ['a manager of no group', { roles: ['manager'] }],
  ['a manager of the main group', { roles: ['manager'], managedGroupIds: ['-1'] }],
  ['one of it and another', { roles: ['manager'], managedGroupIds: ['south', '-1'] }],
  ['an administrator', { roles: ['administrator'], managedGroupIds: ['south'] }],
  ['an agent without a group', { roles: ['agent'] }],
  ['an agent of the main group', { roles: ['agent'], groupId: '-1' }],
] satisfies [string, Partial<Agent>][])('[PRM6] %s covers the account', (_, more) => {
  expect(scopeOf(more)).toEqual({ kind: 'account' })
})

it.each([
  ['a group with those below it', manages('north'), ['nora', 'hans', 'piet'], ['-1', '1', '2']],
  ['a group in the middle', manages('harbour'), ['hans', 'piet'], ['-1', '2']],
  ['several groups', manages('pier', 'south'), ['piet', 'sara'], ['-1', '3']],
  ['a group without members', manages('empty'), [], []],
  ['a group that does not exist', manages('gone'), [], []],
  ['groups in a circle', manages('loop-a'), ['lars'], ['-1', '5']],
  [
    "an agent's own group, for one who may view",
    scopeOf({ groupId: 'harbour' }),
    ['hans', 'piet'],
    ['-1', '2'],
  ],
] as const)('[PRM6] covers %s', (_, scope, agentIds, skillIds) => {
  expect(scope).toEqual({
    kind: 'groups',
    agentIds: new Set(agentIds),
    skillIds: new Set(skillIds),
  })
})

it('[PRM6] who supervises nothing covers nothing', () => {
  const { scope } = rightsOf(agent('ana', { groupId: 'north' }), directory)
  expect(scope).toEqual({ kind: 'groups', agentIds: new Set(), skillIds: new Set() })
})

it('[PRM5] needs the directory for profiles and groups only', () => {
  expect(needsDirectory(agent('ana'))).toBe(false)
  expect(needsDirectory(agent('max', { roles: ['manager'] }))).toBe(false)
  expect(needsDirectory(agent('max', { roles: ['manager'], managedGroupIds: ['south'] }))).toBe(
    true,
  )
  expect(needsDirectory(agent('ana', { groupId: 'south' }))).toBe(false)
  expect(needsDirectory(agent('ana', { profileIds: ['9'] }))).toBe(true)
})

it('[PRM2] takes the profiles that the agent has, and no others', () => {
  const profiles = (['7', '8'] as const).map((id) => ({
    id,
    roleTypeId: 2 as const,
    permissions: id === '7' ? [20001] : [20002],
    permissionPackages: [],
  }))
  const { capabilities } = rightsOf(agent('ana', { profileIds: ['7', '404'] }), {
    ...emptyDirectory,
    profiles,
  })
  expect(capabilities.has('join_conversations')).toBe(true)
  expect(capabilities.has('view_conversations')).toBe(false)
})

it('[PRM11] tells rights apart', () => {
  const of = (...managedGroupIds: string[]) =>
    rightsOf(agent('max', { roles: ['manager'], managedGroupIds }), directory)
  expect(isSameRights(of('north'), of('north'))).toBe(true)
  expect(isSameRights(of(), of('-1'))).toBe(true)
  expect(isSameRights(of('north'), of())).toBe(false)
  expect(isSameRights(of('north'), of('harbour'))).toBe(false)
  expect(isSameRights(of('empty'), of('pier'))).toBe(false)
  expect(isSameRights(of(), rightsOf(agent('ana'), directory))).toBe(false)
})
