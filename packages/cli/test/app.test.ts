import { expect, it } from 'vitest'
import { SharedServer } from './command-line.ts'

const shared = new SharedServer('--dev')

it('[AG36] [AG37] [AG54] app makes, lists and revokes application keys, and audit tells of it', async () => {
  const bot = await shared.json('agent', 'create', 'robot', '--bot')
  const user = String(bot.userId ?? bot.id)
  const key = await shared.json('app', 'create', '--name', 'Robots', '--user', user)
  expect(key).toMatchObject({ name: 'Robots', userIds: [user], secret: expect.any(String) })
  const listed = await shared.run('app', 'list')
  expect(listed.stdout).toContain(key.appKey)
  expect(listed.stdout).not.toContain(key.secret)
  expect(await shared.run('app', 'revoke', key.appKey)).toMatchObject({ code: 0, stdout: '' })
  const again = await shared.run('app', 'revoke', key.appKey)
  expect(again.code).not.toBe(0)
  expect(again.stderr).toContain('Key not found')
  const { entries, next } = await shared.json('audit', '--limit', '2')
  expect(entries.map(({ action }: { action: string }) => action)).toEqual([
    'revokeAppKey',
    'createAppKey',
  ])
  const rest = await shared.run('audit', '--all', '--after', next)
  expect(rest.stdout).toMatch(/createAgent +\d+/)
  expect(rest.stdout).not.toContain('AppKey')
})
