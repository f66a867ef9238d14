import { describe, expect, it } from 'vitest'
import type { OpenStores } from './contract-types.ts'
import { codeOf, newWorld, START, unique, type World } from './given.ts'

const HOUR = 3_600_000

const store = async (world: World, path: string, size = 10) => {
  const { accountId } = world
  const key = unique('key')
  await world.store.write('beginUpload', { accountId, path, key, dueAt: START + HOUR })
  const content = { key, size, type: 'PNG', storedAt: START + 1 }
  return world.store.write('finishUpload', { accountId, path, content })
}

/** The leftovers of this test among those of the others. */
const leftovers = async (world: World, keys: readonly string[], dueAt: number) => {
  const all = await world.store.read('leftoverFiles', { dueAt, limit: 10_000 })
  return keys.filter((key) => all.includes(key))
}

const use = (world: World, path: string, place: { conversationId: string; dialogId?: string }) =>
  world.store.write('useFile', {
    accountId: world.accountId,
    path,
    dialogId: place.conversationId,
    audience: 'all',
    ...place,
  })

const uploading = (open: OpenStores) => {
  it('[ST6] a file is read back as it was given out and stored', async () => {
    const world = await newWorld(await open())
    const issued = await world.file({ uploader: { kind: 'agent', id: 'ana' }, maxBytes: 2 ** 40 })
    const { accountId, path } = issued
    expect(issued).toMatchObject({ state: 'issued', maxBytes: 2 ** 40, uploader: { id: 'ana' } })
    expect(await world.store.read('file', { accountId, path })).toEqual(issued)
    const stored = await store(world, path)
    expect(stored).toMatchObject({ state: 'stored', content: { size: 10, type: 'PNG' } })
    expect(await world.store.read('file', { accountId, path })).toEqual(stored)
  })

  it('[FIL7] of several uploads one wins; the bytes of the others are left over', async () => {
    const world = await newWorld(await open())
    const { accountId, path } = await world.file()
    const keys = Array.from({ length: 4 }, () => unique('key'))
    for (const key of keys)
      await world.store.write('beginUpload', { accountId, path, key, dueAt: START + HOUR })
    expect(await leftovers(world, keys, START)).toEqual([])
    expect(await leftovers(world, keys, START + HOUR)).toEqual(keys)
    const outcomes = await Promise.all(
      keys.map((key) => {
        const content = { key, size: 10, type: 'PNG', storedAt: START }
        return codeOf(world.store.write('finishUpload', { accountId, path, content }))
      }),
    )
    expect(outcomes.toSorted()).toEqual(['answered', ...Array(3).fill('file_address_used')])
    const winner = keys[outcomes.indexOf('answered')]
    expect((await world.store.read('file', { accountId, path }))?.content?.key).toBe(winner)
    expect(await leftovers(world, keys, START + HOUR)).toEqual(keys.filter((key) => key !== winner))
    const begin = { accountId, path, key: unique('key'), dueAt: START }
    expect(await codeOf(world.store.write('beginUpload', begin))).toBe('file_address_used')
  })

  it('[FIL7] bytes that were swept meanwhile are not taken for the file', async () => {
    const world = await newWorld(await open())
    const { accountId, path } = await world.file()
    const key = unique('key')
    await world.store.write('beginUpload', { accountId, path, key, dueAt: START })
    await world.store.write('forgetLeftovers', { keys: [key] })
    const content = { key, size: 10, type: 'PNG', storedAt: START }
    const finish = world.store.write('finishUpload', { accountId, path, content })
    expect(await codeOf(finish)).toBe('file_address_used')
    expect((await world.store.read('file', { accountId, path }))?.state).toBe('issued')
  })

  it('[FIL16] a blocked file takes no bytes', async () => {
    const world = await newWorld(await open())
    const { accountId, path } = await world.file()
    await world.store.write('blockFile', { accountId, path })
    expect((await world.store.read('file', { accountId, path }))?.state).toBe('blocked')
    expect(await codeOf(store(world, path))).toBe('file_address_used')
  })
}

const quotas = (open: OpenStores) => {
  it('[FIL14] a person gets so many addresses in an hour, also when asking at once', async () => {
    const world = await newWorld(await open())
    const uploader = { kind: 'consumer', id: unique('u') } as const
    const quota = { perHour: 3, storageBytes: 0 }
    const outcomes = await Promise.all(
      Array.from({ length: 6 }, () => codeOf(world.file({ uploader }, quota))),
    )
    expect(outcomes.filter((one) => one === 'answered')).toHaveLength(3)
    expect(outcomes.filter((one) => one === 'too_many_requests')).toHaveLength(3)
    expect(await codeOf(world.file({}, quota))).toBe('answered')
    const later = { uploader, createdAt: START + HOUR }
    expect(await codeOf(world.file(later, quota))).toBe('answered')
  })

  it('[FIL14] an account has so much space; what is removed makes room', async () => {
    const world = await newWorld(await open())
    const quota = { perHour: 0, storageBytes: 1000 }
    const { path } = await world.file({}, quota)
    await store(world, path, 600)
    expect(await codeOf(world.file({ maxBytes: 401 }, quota))).toBe('file_storage_full')
    expect(await codeOf(world.file({ maxBytes: 400 }, quota))).toBe('answered')
    await world.store.write('removeFile', { accountId: world.accountId, path, at: START })
    expect(await codeOf(world.file({ maxBytes: 1000 }, quota))).toBe('answered')
  })
}

const using = (open: OpenStores) => {
  it('[FIL10] uses are found by participant and by consumer', async () => {
    const world = await newWorld(await open())
    const { accountId, path } = await world.file()
    const [agent, other] = [await world.agent(), await world.agent()]
    const [one, two] = [await world.open(), await world.open()]
    await world.assign(one.taskId, agent)
    for (const { conversation } of [one, two, one])
      await use(world, path, { conversationId: conversation.id })
    const uses = (of: object) => world.store.read('fileUses', { accountId, path, limit: 10, ...of })
    const place = { dialogId: one.conversation.id, conversationId: one.conversation.id }
    expect(await uses({})).toHaveLength(2)
    expect(await uses({ participantId: agent.id })).toEqual([{ ...place, audience: 'all' }])
    expect(await uses({ participantId: other.id })).toEqual([])
    const { consumerId } = one.conversation
    expect(await uses({ consumerId })).toEqual([{ ...place, audience: 'all' }])
  })
}

const removing = (open: OpenStores) => {
  it('[FIL13] a removed file is unknown, and its bytes are left over at once', async () => {
    const world = await newWorld(await open())
    const { accountId, path } = await world.file()
    const { content } = await store(world, path)
    await use(world, path, { conversationId: 'c' })
    const remove = () => world.store.write('removeFile', { accountId, path, at: START })
    expect(await remove()).toEqual({ removed: true })
    expect(await remove()).toEqual({ removed: false })
    expect(await world.store.read('file', { accountId, path })).toBeUndefined()
    expect(await world.store.read('fileUses', { accountId, path, limit: 10 })).toEqual([])
    expect(await leftovers(world, [content!.key], START)).toEqual([content!.key])
    expect(await codeOf(use(world, path, { conversationId: 'c' }))).toBe('file_not_found')
  })

  it('[FIL13] what no event has named since a moment goes; what one named stays', async () => {
    const world = await newWorld(await open())
    const { accountId } = world
    const long = { createdAt: START - 1000 * HOUR }
    const [named, forgotten, bare, young] = [
      await world.file(long),
      await world.file(long),
      await world.file(long),
      await world.file(),
    ]
    await store(world, named.path)
    const { content } = await store(world, forgotten.path)
    await use(world, named.path, { conversationId: 'c' })
    const sweep = { before: START - 999 * HOUR, at: START, limit: 1000 }
    expect(await world.store.write('removeUnusedFiles', sweep)).toBeGreaterThanOrEqual(2)
    expect(await world.store.write('removeUnusedFiles', sweep)).toBe(0)
    const isThere = async ({ path }: { path: string }) =>
      (await world.store.read('file', { accountId, path })) !== undefined
    expect(await Promise.all([named, forgotten, bare, young].map(isThere))).toEqual([
      true,
      false,
      false,
      true,
    ])
    expect(await leftovers(world, [content!.key], START)).toEqual([content!.key])
  })

  it('[FIL13] the bytes of an account that goes are left over', async () => {
    const world = await newWorld(await open())
    const { accountId, path } = await world.file()
    const { content } = await store(world, path)
    await world.file()
    await world.store.write('deleteAccount', { id: accountId })
    expect(await world.store.read('file', { accountId, path })).toBeUndefined()
    expect(await leftovers(world, [content!.key], START)).toEqual([content!.key])
    await world.store.write('forgetLeftovers', { keys: [content!.key] })
    expect(await leftovers(world, [content!.key], START)).toEqual([])
  })
}

export const fileContract = (open: OpenStores): void => {
  describe('files', () => {
    uploading(open)
    quotas(open)
    using(open)
    removing(open)
  })
}
