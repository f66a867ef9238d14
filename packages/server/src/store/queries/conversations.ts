import type { Kysely } from 'kysely'
import type { OpenState } from '../../domain/conversation.ts'
import { OPEN } from '../constants.ts'
import { toEvent } from '../rows/conversation-rows.ts'
import type { ConversationFilter, EventPage, QueryData, QueryResult } from '../store.ts'
import type { Tables } from '../tables.ts'
import { loadConversation, withDialogs } from './load-conversations.ts'

export const conversation = (
  db: Kysely<Tables>,
  { accountId, id }: QueryData<'conversation'>,
): Promise<QueryResult<'conversation'>> => loadConversation(db, accountId, id)

export const conversationOfDialog = async (
  db: Kysely<Tables>,
  { accountId, dialogId }: QueryData<'conversationOfDialog'>,
): Promise<QueryResult<'conversationOfDialog'>> => {
  const dialog = await db
    .selectFrom('dialogs')
    .select('conversation_id')
    .where('account_id', '=', accountId)
    .where('id', '=', dialogId)
    .executeTakeFirst()
  return dialog && loadConversation(db, accountId, dialog.conversation_id)
}

/** The usual question is for open ones, for which there is an index of their own. */
const isOpenOnly = (values: readonly OpenState[] | undefined): boolean =>
  values?.every((value) => value === 'open') ?? false

/** The rows that match, newest update first; ties are broken by id, so that a page can follow. */
const selectRows = (db: Kysely<Tables>, filter: ConversationFilter) => {
  const { after, agentIds, appIds, conversationId, consumerId, states, stages } = filter
  return db
    .selectFrom('conversations')
    .selectAll()
    .where('account_id', '=', filter.accountId)
    .$if(conversationId !== undefined, (query) => query.where('id', '=', conversationId!))
    .$if(consumerId !== undefined, (query) => query.where('consumer_id', '=', consumerId!))
    .$if(isOpenOnly(states), (query) => query.where('state', '=', OPEN))
    .$if(isOpenOnly(stages), (query) => query.where('stage', '=', OPEN))
    .$if(states !== undefined, (query) => query.where('state', 'in', states!))
    .$if(stages !== undefined, (query) => query.where('stage', 'in', stages!))
    .$if(filter.minUpdatedAt !== undefined, (query) =>
      query.where('updated_at', '>=', filter.minUpdatedAt!),
    )
    .$if(filter.maxUpdatedAt !== undefined, (query) =>
      query.where('updated_at', '<=', filter.maxUpdatedAt!),
    )
    .$if(agentIds !== undefined, (query) =>
      query.where('id', 'in', (sub) =>
        sub
          .selectFrom('participants')
          .innerJoin('dialogs', 'dialogs.key', 'participants.dialog_key')
          .select('dialogs.conversation_id')
          .where('participants.account_id', '=', filter.accountId)
          .where('participants.id', 'in', agentIds!)
          .where('participants.role', '!=', 'consumer')
          .where('participants.state', '=', 'active')
          .where('participants.left_at', 'is', null)
          .$if(appIds !== undefined && appIds.length > 0, (own) =>
            own.union(
              sub
                .selectFrom('dialogs')
                .select('conversation_id')
                .where('account_id', '=', filter.accountId)
                .where('app_id', 'in', appIds!)
                .where('state', '=', OPEN),
            ),
          ),
      ),
    )
    .$if(after !== undefined, (query) =>
      query.where(({ or, and, eb }) =>
        or([
          eb('updated_at', '<', after!.updatedAt),
          and([eb('updated_at', '=', after!.updatedAt), eb('id', '<', after!.id)]),
        ]),
      ),
    )
    .orderBy('updated_at', 'desc')
    .orderBy('id', 'desc')
    .limit(filter.limit)
}

export const conversations = async (
  db: Kysely<Tables>,
  filter: QueryData<'conversations'>,
): Promise<QueryResult<'conversations'>> => {
  const lists = [filter.agentIds, filter.states, filter.stages]
  if (lists.some((list) => list?.length === 0)) return []
  return withDialogs(db, await selectRows(db, filter).execute())
}

const ofDialog = (db: Kysely<Tables>, page: EventPage) =>
  db
    .selectFrom('events')
    .innerJoin('dialogs', 'dialogs.key', 'events.dialog_key')
    .selectAll('events')
    .select('dialogs.conversation_id')
    .where('dialogs.account_id', '=', page.accountId)
    .where('dialogs.id', '=', page.dialogId)
    .where('events.sequence', '>=', page.from)
    .$if(page.before !== undefined, (query) => query.where('events.sequence', '<', page.before!))
    .$if(page.audience === 'all', (query) => query.where('events.audience', '=', 'all'))
    .orderBy('events.sequence', page.newest ? 'desc' : 'asc')
    .limit(page.limit)

export const events = async (
  db: Kysely<Tables>,
  page: QueryData<'events'>,
): Promise<QueryResult<'events'>> => {
  const { accountId, dialogId } = page
  const rows = await ofDialog(db, page).execute()
  const found = rows.map((row) =>
    toEvent(row, { accountId, dialogId, conversationId: row.conversation_id }),
  )
  return page.newest ? found.reverse() : found
}
