/**
 * A brand with 10,000 open conversations of 50 agents, as its server finds it on disk when it starts.
 * A few hundred go through the store as they would in life; the others are copies of their rows, made
 * past it while nobody has it open: opening each would take longer than all that is measured on them.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { defaultSettings } from '../../server/src/domain/account.ts'
import { systemIds } from '../../server/src/ids.ts'
import { sqliteStore } from '../../server/src/store/sqlite/sqlite-store.ts'
import type { Store } from '../../server/src/store/store.ts'

export const HOUSE_ACCOUNT = '7990001'
export const AGENTS = 50
export const OPEN = 10_000

/** Conversations of each agent that go through the store: half of them wait for an answer. */
const EACH = 4
/** Questions and answers of those of the last agent; of the others there is one each. */
const LONG = 30
const COPIES = OPEN / (AGENTS * EACH) - 1
const MINUTE_MS = 60_000
const accountId = HOUSE_ACCOUNT

interface Colleague {
  readonly id: string
  readonly userId: string
}

const hire = (store: Store, number: number, at: number): Promise<Colleague> =>
  store.write('createAgent', {
    accountId,
    loginName: `colleague-${number}`,
    fullName: `Colleague ${number}`,
    nickname: `Colleague ${number}`,
    email: '',
    isEnabled: true,
    isBot: false,
    roles: ['agent'],
    skillIds: [],
    capacity: OPEN,
    createdAt: at,
  })

const said = (name: string, role: 'consumer' | 'assigned_agent', by: string, message: string) => ({
  accountId,
  conversationId: name,
  dialogId: name,
  publisher: { id: by, role },
  kind: 'content' as const,
  audience: 'all' as const,
  eventId: systemIds.uuid(),
  payload: JSON.stringify({ type: 'ContentEvent', contentType: 'text/plain', message }),
})

const converse = async (store: Store, agent: Colleague, number: number, at: number) => {
  const [name, consumerId] = [`house-${number}`, `guest-${number}`]
  await store.write('saveConsumer', {
    accountId,
    id: consumerId,
    kind: 'signup',
    claims: {},
    createdAt: at,
  })
  const profile = { firstName: 'Guest', lastName: `No ${number}` }
  await store.write('updateProfile', { accountId, consumerId, profile })
  await store.write('openConversation', {
    accountId,
    conversationId: name,
    taskId: systemIds.uuid(),
    consumerId,
    skillId: '-1',
    ttrSeconds: defaultSettings.ttr,
    maxOpen: 0,
    openedBy: agent,
    at,
  })
  const isAnswered = number % 2 === 0
  const turns = number >= (AGENTS - 1) * EACH ? LONG : 1
  const question = `Where is parcel ${number}? It should have come on Tuesday.`
  const answer = `It left the house this morning, number ${number}.`
  for (let turn = 1; turn <= turns; turn += 1) {
    await store.write('append', { ...said(name, 'consumer', consumerId, question), at: at + turn })
    if (!isAnswered && turn === turns) return
    await store.write('append', {
      ...said(name, 'assigned_agent', agent.id, answer),
      at: at + turn,
    })
  }
}

const furnish = async (store: Store): Promise<void> => {
  const at = Date.now() - MINUTE_MS
  const settings = { ...defaultSettings, autoCloseSeconds: 0 }
  await store.write('createAccount', { id: accountId, name: 'House', settings, createdAt: at })
  const agents = await Promise.all(Array.from({ length: AGENTS }, (_, one) => hire(store, one, at)))
  const talks = agents.flatMap((agent, place) =>
    Array.from({ length: EACH }, (_, one) =>
      converse(store, agent, place * EACH + one, at - place * MINUTE_MS),
    ),
  )
  await Promise.all(talks)
}

const columnsOf = (db: DatabaseSync, table: string): readonly string[] =>
  (db.prepare(`select name from pragma_table_info('${table}')`).all() as { name: string }[]).map(
    ({ name }) => name,
  )

/** Copies every row of a table, with some columns computed from the copy's number `n`. */
const copyAll = (
  db: DatabaseSync,
  table: string,
  { values, without = [] }: { values: Readonly<Record<string, string>>; without?: string[] },
): void => {
  const names = columnsOf(db, table).filter((name) => !without.includes(name))
  const selected = names.map((name) => values[name] ?? `one."${name}"`)
  db.prepare(
    `with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < ?)
     insert into ${table} (${names.map((name) => `"${name}"`).join(', ')})
     select ${selected.join(', ')} from ${table} as one, numbers`,
  ).run(COPIES)
}

const named = (column: string) => `one.${column} || '-' || n`
/** Each copy is some seconds older than the one before it. */
const earlier = (column: string) => `one.${column} - n * 7919`
/** Keys of dialogs are numbers; those of the copies lie beyond them. */
const keyed = (column: string) => `one.${column} + n * 1000000`

const multiply = (file: string): void => {
  const db = new DatabaseSync(file)
  db.exec('pragma synchronous = off; begin')
  copyAll(db, 'consumers', {
    values: { id: named('id'), profile: `json_set(one.profile, '$.firstName', 'Guest ' || n)` },
  })
  copyAll(db, 'conversations', {
    values: {
      id: named('id'),
      consumer_id: named('consumer_id'),
      started_at: earlier('started_at'),
      updated_at: earlier('updated_at'),
    },
  })
  copyAll(db, 'events', {
    values: { dialog_key: keyed('dialog_key'), event_id: named('event_id') },
    without: ['position'],
  })
  copyAll(db, 'participants', {
    values: {
      dialog_key: keyed('dialog_key'),
      id: `case one.role when 'consumer' then ${named('id')} else one.id end`,
    },
  })
  copyAll(db, 'dialogs', {
    values: {
      key: keyed('key'),
      id: named('id'),
      conversation_id: named('conversation_id'),
      unanswered_since: earlier('unanswered_since'),
      unanswered_latest: earlier('unanswered_latest'),
    },
  })
  db.exec(`update events set publisher_id = (
    select participants.id from participants where participants.dialog_key = events.dialog_key
    and participants.role = 'consumer') where publisher_role = 'consumer'`)
  db.exec('commit')
  db.close()
}

/** A store with all of it, and what removes it. */
export const fullHouse = async (): Promise<{ store: Store; leave: () => void }> => {
  const folder = mkdtempSync(join(tmpdir(), 'ringdown-house-'))
  const file = join(folder, 'ringdown.db')
  const open = () => sqliteStore({ file, hosting: 'worker', epoch: systemIds.uuid() })
  {
    await using store = await open()
    await furnish(store)
  }
  multiply(file)
  return { store: await open(), leave: () => rmSync(folder, { recursive: true, force: true }) }
}
