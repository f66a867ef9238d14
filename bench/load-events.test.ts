import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defaultConfig } from '../packages/server/src/config.ts'
import { defaultSettings } from '../packages/server/src/domain/account.ts'
import { systemIds } from '../packages/server/src/ids.ts'
import { DATABASE_FILE, openStore } from '../packages/server/src/store/open-store.ts'
import { loadEvents } from './load-events.ts'
import { ACCOUNT, prepare } from './prepare.ts'

let dataDir: string
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'ringdown-bench-'))
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

const open = () => openStore({ ...defaultConfig, dataDir }, { ids: systemIds })

const openConversation = async (conversationId: string): Promise<void> => {
  await using store = await open()
  await store.write('openConversation', {
    accountId: ACCOUNT,
    conversationId,
    consumerId: 'consumer-1',
    skillId: '-1',
    ttrSeconds: defaultSettings.ttr,
    taskId: 'task-1',
    maxOpen: 0,
    at: 1,
  })
}

describe('a prepared data folder', () => {
  it('has agents whose bearers open sessions', async () => {
    const logins = await prepare(dataDir, { count: 3, capacity: 2 })
    await using store = await open()
    const agents = await store.read('agents', ACCOUNT)

    expect(logins.map(({ agentId }) => agentId)).toEqual(agents.map(({ id }) => id))
    expect(new Set(logins.map(({ bearer }) => bearer)).size).toBe(3)
  })

  it('takes a long history that the store then reads and continues', async () => {
    await prepare(dataDir, { count: 0, capacity: 0 })
    await openConversation('conversation-1')
    const database = join(dataDir, DATABASE_FILE)

    expect(
      loadEvents({ database, events: 1000, perDialog: 50, dialogIds: ['conversation-1'] }),
    ).toBe(1000)

    await using store = await open()
    const dialogId = 'conversation-1'
    const page = { accountId: ACCOUNT, dialogId, from: 40, audience: 'all', limit: 100 } as const
    const events = await store.read('events', page)
    expect(events.map(({ sequence }) => sequence)).toEqual([40, 41, 42, 43, 44, 45, 46, 47, 48, 49])
    const next = await store.write('append', {
      accountId: ACCOUNT,
      conversationId: dialogId,
      dialogId,
      publisher: { id: 'consumer-1', role: 'consumer' },
      kind: 'content',
      audience: 'all',
      eventId: 'next',
      payload: '{}',
      at: 2,
    })
    expect(next.sequence).toBe(50)
    expect(next.previousPublic).toBe(49)
  })
})
