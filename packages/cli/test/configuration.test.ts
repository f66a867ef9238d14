/** The verbs that configure an account, on the real executable. */
import { expect, it } from 'vitest'
import { SharedServer } from './command-line.ts'

const shared = new SharedServer('--dev')

it('[ADM23] group creates, lists, shows, changes and deletes', async () => {
  const north = await shared.json('group', 'create', 'North', '--description', 'Cold')
  expect(north).toMatchObject({ name: 'North', parentGroupId: -1, isEnabled: true })
  const town = await shared.json(
    'group',
    'create',
    'Town',
    '--parent',
    String(north.id),
    '--disable',
  )
  expect(town).toMatchObject({ parentGroupId: north.id, isEnabled: false })
  const changed = await shared.json('group', 'change', String(north.id), '--name', 'Far north')
  expect(changed).toMatchObject({ name: 'Far north', description: 'Cold', isEnabled: true })
  expect(await shared.json('group', 'show', String(north.id))).toEqual(changed)
  const list = await shared.run('group', 'list')
  expect(list.stdout).toMatch(/^id +name +parentGroupId +isEnabled\n-1 +Main Group +true\n/)
  const refused = await shared.run('group', 'delete', String(north.id))
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('subgroups')])
  await shared.json('group', 'delete', String(town.id))
  expect((await shared.run('group', 'delete', String(north.id))).code).toBe(0)
  expect((await shared.run('group', 'show', 'North')).code).toBe(2)
  expect((await shared.run('group', 'show', '99')).code).toBe(1)
})

it('[ADM23] profile creates, lists, shows, changes and deletes', async () => {
  const made = await shared.json(
    'profile',
    'create',
    'Careful',
    '--role',
    'manager',
    '--package',
    '20001=off',
  )
  expect(made).toMatchObject({
    name: 'Careful',
    roleTypeId: 3,
    permissionPackages: [{ id: 20001, isEnabled: false }],
  })
  const id = String(made.id)
  expect(await shared.json('profile', 'change', id, '--permission', '7')).toMatchObject({
    name: 'Careful',
    permissions: [7],
    permissionPackages: made.permissionPackages,
  })
  const names = (await shared.json('profile', 'list')).map(({ name }: { name: string }) => name)
  expect(names).toEqual(['Administrator', 'Agent', 'Agent Manager', 'Careful'])
  expect((await shared.run('profile', 'delete', '2')).code).toBe(1)
  expect((await shared.run('profile', 'delete', id)).code).toBe(0)
  expect((await shared.run('profile', 'create', 'X', '--package', 'all')).code).toBe(2)
})

it('[ADM24] agents get groups and profiles, skills get rules', async () => {
  const group = await shared.json('group', 'create', 'South')
  const profile = await shared.json('profile', 'create', 'Keen')
  const place = ['--group', String(group.id), '--profile', String(profile.id)]
  const bot = await shared.json('agent', 'create', 'robot', '--bot', '--api-user', ...place)
  expect(bot).toMatchObject({
    groupId: String(group.id),
    profileIds: [String(profile.id)],
    isApiUser: true,
  })
  expect(bot).not.toHaveProperty('password')
  const managed = await shared.json('agent', 'change', 'robot', '--manages', String(group.id))
  expect(managed).toMatchObject({ managedGroupIds: [String(group.id)], groupId: String(group.id) })
  const nowhere = await shared.run('agent', 'change', 'robot', '--group', '99')
  expect([nowhere.code, nowhere.stderr]).toEqual([1, expect.stringContaining('99')])
  const first = await shared.json('skill', 'create', 'First', '--rule', 'autoCloseSeconds=600')
  expect(first.rules).toMatchObject({ autoCloseSeconds: 600, canTransfer: true })
  const changed = await shared.json('skill', 'change', first.id, '--rule', 'canTransfer=false')
  expect(changed.rules).toMatchObject({ autoCloseSeconds: 600, canTransfer: false })
  const wrong = await shared.run('skill', 'change', first.id, '--rule', 'fallbackSkillId="99"')
  expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining('fallbackSkillId')])
})

it('[ADM23] canned keeps predefined texts in several languages', async () => {
  const made = await shared.json(
    'canned',
    'create',
    'Good day.',
    '--title',
    'Greeting',
    '--hotkey',
    'g1',
  )
  expect(made).toMatchObject({
    enabled: true,
    hotkey: { prefix: 'g', suffix: '1' },
    data: [{ title: 'Greeting', msg: 'Good day.', lang: 'en-US', isDefault: true }],
  })
  const id = String(made.id)
  const german = ['--text', 'Guten Tag.', '--language', 'de-DE']
  const both = await shared.json('canned', 'change', id, ...german)
  expect(both.data).toMatchObject([
    { msg: 'Good day.', isDefault: true },
    { msg: 'Guten Tag.', lang: 'de-DE', isDefault: false },
  ])
  expect(both.hotkey).toEqual(made.hotkey)
  expect(await shared.json('canned', 'list')).toEqual([both])
  await shared.json('canned', 'delete', id)
  expect(await shared.json('canned', 'list')).toEqual([])
})

it('[ADM23] auto-message says what the server says by itself', async () => {
  const made = await shared.json(
    'auto-message',
    'create',
    'You are not alone.',
    '--event',
    'CHAT_STARTED',
  )
  expect(made).toMatchObject({
    messageEventId: 'CHAT_STARTED',
    enabled: true,
    data: [{ msg: 'You are not alone.', lang: 'en-US' }],
  })
  const id = String(made.id)
  expect(await shared.json('auto-message', 'change', id, '--disable')).toMatchObject({
    enabled: false,
    data: made.data,
  })
  const unknown = await shared.run('auto-message', 'create', 'Hm.', '--event', 'NEVER')
  expect(unknown.code).toBe(2)
  expect(unknown.stderr).toContain('TTR_ACKNOWLEDGEMENT')
})
