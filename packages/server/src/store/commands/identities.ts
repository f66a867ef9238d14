import { Refusal } from '@ringdown/protocol/errors'
import type { Kysely } from 'kysely'
import { dialectOf } from '../dialect.ts'
import { toConsumer, toSession, toSigningKey } from '../rows/account-rows.ts'
import { orNull, parsed } from '../rows/optional.ts'
import type { CommandData, ConsumerRecord, LoginSession, SigningKey } from '../store.ts'
import type { Tables } from '../tables.ts'

export const saveConsumer = async (
  db: Kysely<Tables>,
  data: CommandData<'saveConsumer'>,
): Promise<ConsumerRecord> => {
  const row = await db
    .insertInto('consumers')
    .values({
      account_id: data.accountId,
      id: data.id,
      kind: data.kind,
      external_id: orNull(data.externalId),
      issuer: orNull(data.issuer),
      claims: JSON.stringify(data.claims),
      profile: '{}',
      created_at: data.createdAt,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['account_id', 'id'])
        .doUpdateSet((excluded) => ({ claims: excluded.ref('excluded.claims') })),
    )
    .returningAll()
    .executeTakeFirstOrThrow()
  return toConsumer(row)
}

export const updateProfile = async (
  db: Kysely<Tables>,
  { accountId, consumerId, profile }: CommandData<'updateProfile'>,
): Promise<ConsumerRecord> => {
  const before = await db
    .selectFrom('consumers')
    .select('profile')
    .where('account_id', '=', accountId)
    .where('id', '=', consumerId)
    .$if(dialectOf(db).locksRows, (query) => query.forUpdate())
    .executeTakeFirst()
  if (!before) throw new Refusal('consumer_not_found')
  const merged = { ...parsed<Record<string, unknown>>(before.profile), ...profile }
  const row = await db
    .updateTable('consumers')
    .set({ profile: JSON.stringify(merged) })
    .where('account_id', '=', accountId)
    .where('id', '=', consumerId)
    .returningAll()
    .executeTakeFirstOrThrow()
  return toConsumer(row)
}

export const saveKey = async (db: Kysely<Tables>, key: SigningKey): Promise<SigningKey> => {
  const row = await db
    .insertInto('signing_keys')
    .values({
      kid: key.kid,
      use: key.use,
      state: key.state,
      private_jwk: JSON.stringify(key.privateJwk),
      created_at: key.createdAt,
    })
    .onConflict((conflict) => conflict.column('kid').doUpdateSet({ state: key.state }))
    .returningAll()
    .executeTakeFirstOrThrow()
  return toSigningKey(row)
}

const KEPT_AFTER_EXPIRY_MS = 7 * 86_400_000

export const openSession = async (
  db: Kysely<Tables>,
  session: LoginSession,
): Promise<LoginSession> => {
  // Kept for a while after their end, since a late refresh of one is told why it has ended.
  await db
    .deleteFrom('sessions')
    .where('account_id', '=', session.accountId)
    .where('agent_id', '=', session.agentId)
    .where('expires_at', '<', session.createdAt - KEPT_AFTER_EXPIRY_MS)
    .execute()
  await db
    .insertInto('sessions')
    .values({
      id: session.id,
      account_id: session.accountId,
      agent_id: session.agentId,
      user_id: session.userId,
      bearer_hash: session.bearerHash,
      csrf_hash: session.csrfHash,
      cookie_hash: session.cookieHash,
      created_at: session.createdAt,
      expires_at: session.expiresAt,
      ended_at: orNull(session.endedAt),
      app_key_id: orNull(session.appKeyId),
    })
    .execute()
  return session
}

export const extendSession = async (
  db: Kysely<Tables>,
  { id, expiresAt, at }: CommandData<'extendSession'>,
): Promise<LoginSession | undefined> => {
  const row = await db
    .updateTable('sessions')
    .set({ expires_at: expiresAt })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', at)
    .returningAll()
    .executeTakeFirst()
  return row && toSession(row)
}

export const endSessions = async (
  db: Kysely<Tables>,
  { accountId, agentId, sessionId, at }: CommandData<'endSessions'>,
): Promise<readonly LoginSession[]> => {
  if (agentId === undefined && sessionId === undefined) return []
  const rows = await db
    .updateTable('sessions')
    .set({ ended_at: at })
    .where('account_id', '=', accountId)
    .where('ended_at', 'is', null)
    .$if(agentId !== undefined, (query) => query.where('agent_id', '=', agentId!))
    .$if(sessionId !== undefined, (query) => query.where('id', '=', sessionId!))
    .returningAll()
    .execute()
  return rows.map(toSession)
}

export const recordTokenUse = async (
  db: Kysely<Tables>,
  { accountId, tokenId, expiresAt, at }: CommandData<'recordTokenUse'>,
): Promise<boolean> => {
  // A token that expired is refused without being looked up here.
  await db
    .deleteFrom('token_uses')
    .where('account_id', '=', accountId)
    .where('expires_at', '<', at)
    .execute()
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('token_uses')
    .values({ account_id: accountId, token_id: tokenId, expires_at: expiresAt })
    .onConflict((conflict) => conflict.columns(['account_id', 'token_id']).doNothing())
    .executeTakeFirstOrThrow()
  return (numInsertedOrUpdatedRows ?? 0n) > 0n
}
