import type { Kysely } from 'kysely'
import type { Conversation } from '../../domain/conversation.ts'
import type { Ring } from '../../domain/ring.ts'
import { steppedUp } from '../../domain/step-up.ts'
import { dialectOf } from '../dialect.ts'
import { toRing } from '../rows/routing-rows.ts'
import type { Changed, CommandData, CommandResult } from '../store.ts'
import type { Tables } from '../tables.ts'
import { lockConversation } from './conversations.ts'
import { updateConversation } from './write-conversation.ts'

/** Unread counts are the append's own column, which a structural write leaves alone. */
const writeCounts = async (db: Kysely<Tables>, after: Conversation): Promise<void> => {
  for (const { id, activity } of after.dialogs)
    await db
      .updateTable('dialogs')
      .set({ unread: JSON.stringify(activity.unread) })
      .where('account_id', '=', after.accountId)
      .where('id', '=', id)
      .execute()
}

const writeRouting = async (db: Kysely<Tables>, after: Conversation): Promise<void> => {
  for (const table of ['routing_tasks', 'rings'] as const)
    await db
      .updateTable(table)
      .set({ consumer_id: after.consumerId })
      .where('account_id', '=', after.accountId)
      .where('conversation_id', '=', after.id)
      .execute()
}

const waitingRings = async (db: Kysely<Tables>, after: Conversation): Promise<Ring[]> => {
  const rows = await db
    .selectFrom('rings')
    .selectAll()
    .where('account_id', '=', after.accountId)
    .where('conversation_id', '=', after.id)
    .where('state', '=', 'waiting')
    .execute()
  return rows.map(toRing)
}

/** One after the other in a fixed order, each locked as for any change. [DLG24] */
export const stepUp = async (
  db: Kysely<Tables>,
  { accountId, ...change }: CommandData<'stepUp'>,
): Promise<CommandResult<'stepUp'>> => {
  if (change.from === change.to) return { changes: [], rings: [] }
  // An opening by the old identity is either before this, and moves, or after it, and stays.
  await dialectOf(db).serialize(db, `consumer/${accountId}/${change.from}`)
  const open = await db
    .selectFrom('conversations')
    .select('id')
    .where('account_id', '=', accountId)
    .where('consumer_id', '=', change.from)
    .where('stage', '=', 'open')
    .orderBy('id')
    .execute()
  const changes: Changed[] = []
  const rings: Ring[] = []
  for (const { id } of open) {
    const before = await lockConversation(db, accountId, id)
    const after = steppedUp(before, change)
    if (after === before) continue
    await updateConversation(db, before, after)
    await writeCounts(db, after)
    await writeRouting(db, after)
    rings.push(...(await waitingRings(db, after)))
    changes.push({ before, after, rings: [] })
  }
  return { changes, rings }
}
