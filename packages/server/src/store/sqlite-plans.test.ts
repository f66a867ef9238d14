/** Every statement of the embedded store finds its rows through an index, however many there are. */
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import { newWorld, START, unique } from './contract/given.ts'
import { sqliteStore } from './sqlite/sqlite-store.ts'

/** Remembers what it was asked to prepare. */
class RecordingDatabase extends DatabaseSync {
  readonly statements = new Set<string>()

  override prepare(sql: string): StatementSync {
    if (/^(select|update|delete|insert)/.test(sql)) this.statements.add(sql)
    return super.prepare(sql)
  }
}

/** Read whole because they are short, or from an index that holds only what is wanted. */
const mayScan = [
  /SCAN (\d+-ROW VALUES|accounts|signing_keys|facts|CONSTANT ROW|migrations\S*|sqlite_\S*|m|p|tl|json_each)/,
  /USING (COVERING )?INDEX (queued_tasks|waiting_rings_by_expiry|timers_by_due)/,
]

const plansOf = (database: RecordingDatabase): string[] =>
  [...database.statements].flatMap((sql) =>
    database
      .prepare(`explain query plan ${sql}`)
      .all()
      .map(({ detail }) => `${detail} <- ${sql}`),
  )

it('[ST10] no statement goes through a table', async () => {
  let recorded: RecordingDatabase | undefined
  await using store = await sqliteStore({
    file: ':memory:',
    hosting: 'inline',
    epoch: 'first',
    connect(path) {
      recorded = new RecordingDatabase(path)
      return recorded
    },
  })
  const world = await newWorld(store)
  recorded?.statements.clear()
  const { accountId } = world
  const agent = await world.agent()
  const opened = [await world.open(), await world.open(), await world.open()] as const
  const { conversation } = opened[0]
  await world.assign(opened[0].taskId, agent)
  await world.append(conversation, { clientEventId: 'a' })
  await world.append(conversation, { clientEventId: 'a' })
  const publisher = { id: agent.id, role: 'assigned_agent' } as const
  await world.append(conversation, { publisher, audience: 'agents' })
  const receipt = { status: 'READ', sequences: [1] }
  await world.append(conversation, { publisher, kind: 'receipt', receipt })
  await world.offer(opened[1].taskId, agent)
  const of = { accountId, agentId: agent.id }
  await store.write('endRings', { input: 'cancel', at: START, of })
  await world.offer(opened[1].taskId, agent)
  await store.write('endRings', { input: 'expire', at: START, of: { dueAt: START * 2 } })
  await world.change(opened[2].conversation.id, agent, { kind: 'close_conversation' })
  await store.write('endSessions', { accountId, agentId: agent.id, at: START })
  await store.read('sessionByBearer', { bearerHash: 'b' })
  await store.read('sessionByCookie', { cookieHash: 'c' })
  await store.read('agent', { accountId, loginName: agent.loginName })
  await store.read('agent', { accountId, id: agent.id })
  await store.read('agentLoads', accountId)
  await store.read('agentStates', accountId)
  await store.read('agentState', of)
  await store.read('queuedTasks', { accountId, limit: 10 })
  await store.read('accountsWithQueue', null)
  await store.read('waitingRings', of)
  await store.read('waitingRings', { accountId })
  await store.read('nextRingExpiry', null)
  await store.read('nextTimerDue', null)
  await store.write('updateAccount', {
    id: accountId,
    settings: { autoCloseSeconds: 60, botAnswerSeconds: 60, takeBackAfterMs: 60_000 },
  })
  const [claimed] = await store.write('claimTimers', { dueAt: START * 2, until: 0, limit: 9 })
  await store.write('settleTimer', { ...claimed!, next: START })
  await store.write('settleTimer', claimed!)
  const closing = { conversationId: conversation.id, taskId: unique('t'), at: START }
  await store.write('closeInactive', { accountId, ...closing })
  await store.read('conversationOfDialog', { accountId, dialogId: conversation.id })
  const page = { accountId, dialogId: conversation.id, from: 0, limit: 10 }
  await store.read('events', { ...page, audience: 'all', newest: true })
  await store.read('events', { ...page, audience: 'agents', before: 5 })
  const after = { updatedAt: START, id: unique('c') }
  await store.read('conversations', { accountId, limit: 10, after })
  await store.read('conversations', { accountId, limit: 10, stages: ['open'], after })
  await store.read('conversations', { accountId, limit: 10, agentIds: [agent.id] })
  await store.read('conversations', { accountId, limit: 10, consumerId: 'u', states: ['open'] })
  const sort = { by: 'start', direction: 'desc' } as const
  const past = { accountId, sort, offset: 0, limit: 10, score: { to: 50 } }
  await store.read('history', { ...past, started: { from: START } })
  const { path } = await world.file({}, { perHour: 5, storageBytes: 10_000 })
  const place = { conversationId: conversation.id, dialogId: conversation.id }
  await store.write('useFile', { accountId, path, ...place, audience: 'all' })
  await store.read('file', { accountId, path })
  for (const narrow of [{}, { participantId: agent.id }, { consumerId: 'u' }, { dialogId: 'd' }])
    await store.read('fileUses', { accountId, path, limit: 10, ...narrow })
  await store.write('beginUpload', { accountId, path, key: 'k', dueAt: START })
  const content = { key: 'k', size: 1, type: 'PNG', storedAt: START }
  await store.write('finishUpload', { accountId, path, content })
  await store.write('removeFile', { accountId, path, at: START })
  await world.file({ createdAt: 1 })
  await store.write('removeUnusedFiles', { before: 2, at: START, limit: 10 })
  await store.read('leftoverFiles', { dueAt: START, limit: 10 })
  await store.write('forgetLeftovers', { keys: ['k'] })
  const plans = plansOf(recorded as RecordingDatabase)
  const scans = plans.filter(
    (plan) => plan.startsWith('SCAN') && !mayScan.some((allowed) => allowed.test(plan)),
  )
  expect(scans).toEqual([])
  // Of an account there are more participants than of what is looked at.
  const wholeAccounts = plans.filter((plan) => / participants_by_id \(account_id=\?\) /.test(plan))
  expect(wholeAccounts).toEqual([])
  const used = (name: string) => plans.filter((plan) => plan.includes(` INDEX ${name} `))
  for (const index of [
    'queued_tasks',
    'waiting_rings_by_agent',
    'waiting_rings_by_expiry',
    'open_conversations',
    'open_conversations_by_assignee',
    'unused_files',
    'files_by_uploader',
    'file_leftovers_by_time',
  ])
    expect(used(index), index).not.toEqual([])
})
