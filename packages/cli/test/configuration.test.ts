/** The verbs that configure an account, on the real executable. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { removeFolder, ringdown, type Served, served, temporaryFolder } from './command-line.ts'

let folder: string
let server: Served
beforeAll(async () => {
  folder = await temporaryFolder()
  server = await served(folder, '--dev')
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await removeFolder(folder)
})

/** The JSON that a verb prints. */
const json = async (...args: readonly string[]) => {
  const { code, stdout, stderr } = await ringdown([...args, '--json', '--data', folder])
  expect([code, stderr]).toEqual([0, ''])
  return stdout === '' ? undefined : JSON.parse(stdout)
}

const run = (...args: readonly string[]) => ringdown([...args, '--data', folder])

it('[ADM23] group creates, lists, shows, changes and deletes', async () => {
  const north = await json('group', 'create', 'North', '--description', 'Cold')
  expect(north).toMatchObject({ name: 'North', parentGroupId: -1, isEnabled: true })
  const town = await json('group', 'create', 'Town', '--parent', String(north.id), '--disable')
  expect(town).toMatchObject({ parentGroupId: north.id, isEnabled: false })
  const changed = await json('group', 'change', String(north.id), '--name', 'Far north')
  expect(changed).toMatchObject({ name: 'Far north', description: 'Cold', isEnabled: true })
  expect(await json('group', 'show', String(north.id))).toEqual(changed)
  const list = await run('group', 'list')
  expect(list.stdout).toMatch(/^id +name +parentGroupId +isEnabled\n-1 +Main Group +true\n/)
  const refused = await run('group', 'delete', String(north.id))
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('subgroups')])
  await json('group', 'delete', String(town.id))
  expect((await run('group', 'delete', String(north.id))).code).toBe(0)
  expect((await run('group', 'show', 'North')).code).toBe(2)
  expect((await run('group', 'show', '99')).code).toBe(1)
})

it('[ADM23] profile creates, lists, shows, changes and deletes', async () => {
  const made = await json(
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
  expect(await json('profile', 'change', id, '--permission', '7')).toMatchObject({
    name: 'Careful',
    permissions: [7],
    permissionPackages: made.permissionPackages,
  })
  const names = (await json('profile', 'list')).map(({ name }: { name: string }) => name)
  expect(names).toEqual(['Administrator', 'Agent', 'Agent Manager', 'Careful'])
  expect((await run('profile', 'delete', '2')).code).toBe(1)
  expect((await run('profile', 'delete', id)).code).toBe(0)
  expect((await run('profile', 'create', 'X', '--package', 'all')).code).toBe(2)
})

it('[ADM24] agents get groups and profiles, skills get rules', async () => {
  const group = await json('group', 'create', 'South')
  const profile = await json('profile', 'create', 'Keen')
  const place = ['--group', String(group.id), '--profile', String(profile.id)]
  const bot = await json('agent', 'create', 'robot', '--bot', '--api-user', ...place)
  expect(bot).toMatchObject({
    groupId: String(group.id),
    profileIds: [String(profile.id)],
    isApiUser: true,
  })
  expect(bot).not.toHaveProperty('password')
  const managed = await json('agent', 'change', 'robot', '--manages', String(group.id))
  expect(managed).toMatchObject({ managedGroupIds: [String(group.id)], groupId: String(group.id) })
  const nowhere = await run('agent', 'change', 'robot', '--group', '99')
  expect([nowhere.code, nowhere.stderr]).toEqual([1, expect.stringContaining('99')])
  const first = await json('skill', 'create', 'First', '--rule', 'autoCloseSeconds=600')
  expect(first.rules).toMatchObject({ autoCloseSeconds: 600, canTransfer: true })
  const changed = await json('skill', 'change', first.id, '--rule', 'canTransfer=false')
  expect(changed.rules).toMatchObject({ autoCloseSeconds: 600, canTransfer: false })
  const wrong = await run('skill', 'change', first.id, '--rule', 'fallbackSkillId="99"')
  expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining('fallbackSkillId')])
})

it('[ADM23] canned keeps predefined texts in several languages', async () => {
  const made = await json('canned', 'create', 'Good day.', '--title', 'Greeting', '--hotkey', 'g1')
  expect(made).toMatchObject({
    enabled: true,
    hotkey: { prefix: 'g', suffix: '1' },
    data: [{ title: 'Greeting', msg: 'Good day.', lang: 'en-US', isDefault: true }],
  })
  const id = String(made.id)
  const german = ['--text', 'Guten Tag.', '--language', 'de-DE']
  const both = await json('canned', 'change', id, ...german)
  expect(both.data).toMatchObject([
    { msg: 'Good day.', isDefault: true },
    { msg: 'Guten Tag.', lang: 'de-DE', isDefault: false },
  ])
  expect(both.hotkey).toEqual(made.hotkey)
  expect(await json('canned', 'list')).toEqual([both])
  await json('canned', 'delete', id)
  expect(await json('canned', 'list')).toEqual([])
})

it('[ADM23] auto-message says what the server says by itself', async () => {
  const made = await json('auto-message', 'create', 'You are not alone.', '--event', 'CHAT_STARTED')
  expect(made).toMatchObject({
    messageEventId: 'CHAT_STARTED',
    enabled: true,
    data: [{ msg: 'You are not alone.', lang: 'en-US' }],
  })
  const id = String(made.id)
  expect(await json('auto-message', 'change', id, '--disable')).toMatchObject({
    enabled: false,
    data: made.data,
  })
  const unknown = await run('auto-message', 'create', 'Hm.', '--event', 'NEVER')
  expect(unknown.code).toBe(2)
  expect(unknown.stderr).toContain('TTR_ACKNOWLEDGEMENT')
})
