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

const run = (...args: readonly string[]) => ringdown([...args, '--data', folder])

/** The JSON that a verb prints. */
const json = async (...args: readonly string[]) => {
  const { code, stdout, stderr } = await run(...args, '--json')
  expect([code, stderr]).toEqual([0, ''])
  return JSON.parse(stdout)
}

it('[AG36] [AG37] [AG54] app makes, lists and revokes application keys, and audit tells of it', async () => {
  const bot = await json('agent', 'create', 'robot', '--bot')
  const user = String(bot.userId ?? bot.id)
  const key = await json('app', 'create', '--name', 'Robots', '--user', user)
  expect(key).toMatchObject({ name: 'Robots', userIds: [user], secret: expect.any(String) })
  const listed = await run('app', 'list')
  expect(listed.stdout).toContain(key.appKey)
  expect(listed.stdout).not.toContain(key.secret)
  expect(await run('app', 'revoke', key.appKey)).toMatchObject({ code: 0, stdout: '' })
  const again = await run('app', 'revoke', key.appKey)
  expect(again.code).not.toBe(0)
  expect(again.stderr).toContain('Key not found')
  const { entries, next } = await json('audit', '--limit', '2')
  expect(entries.map(({ action }: { action: string }) => action)).toEqual([
    'revokeAppKey',
    'createAppKey',
  ])
  const rest = await run('audit', '--all', '--after', next)
  expect(rest.stdout).toMatch(/createAgent +\d+/)
  expect(rest.stdout).not.toContain('AppKey')
})
