import type { SubscriptionId } from '@ringdown/protocol'
import { Refusal } from '@ringdown/protocol'
import { decodeCriteria } from '../dialects/decode-conversation.ts'
import { textOf } from '../dialects/decoded.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { Actor } from '../domain/actor.ts'
import type { Conversation } from '../domain/conversation.ts'
import { isCapable } from '../domain/permissions.ts'
import { effectiveTtr, NO_DEADLINE } from '../domain/ttr.ts'
import type { ChangeType } from '../feeds/conflating-feed.ts'
import { ConflatingFeed } from '../feeds/conflating-feed.ts'
import type { SubscriptionFilter } from '../feeds/conversation-filter.ts'
import { matches } from '../feeds/conversation-filter.ts'
import type { ConversationFilter } from '../store/store.ts'
import { orRefuse } from './decoding.ts'
import type { Parts } from './follow.ts'
import { followAsParticipant, unfollowConversation } from './follow.ts'
import type { Call, Handler } from './handler.ts'
import type { Services } from './services.ts'

/** Conversations read at once for a first snapshot; the first ones are awaited by somebody. */
const PAGE = 500
const FIRST_PAGE = 100

/** One snapshot is put into words once per dialect, for all who are told of it at that moment. */
const spoken: { conversation?: Conversation; readonly texts: Map<string, string> } = {
  texts: new Map(),
}

const changeText = (
  { accounts }: Pick<Services, 'accounts'>,
  dialect: Dialect,
  { type, value }: { type: ChangeType; value: Conversation },
): string => {
  if (spoken.conversation !== value) {
    spoken.conversation = value
    spoken.texts.clear()
  }
  const key = `${dialect.role}${dialect.version}${type}`
  const known = spoken.texts.get(key)
  if (known !== undefined) return known
  const text = dialect.conversationChange({
    type,
    conversation: value,
    effectiveTtr: effectiveTtr(value, accounts.settings(value.accountId)),
  })
  spoken.texts.set(key, text)
  return text
}

interface Wanted {
  readonly filter: SubscriptionFilter
  readonly isWanted: (conversation: Conversation) => boolean
  readonly isWantedBy: (actor: Actor, conversation: Conversation) => boolean
}

const wantedBy = (
  call: Call<'subscribeConversations'> | Call<'updateConversationSubscription'>,
): Wanted => {
  const { session, services } = call
  const { accountId } = session
  const { brandId, maxEttr, ...filter } = orRefuse(decodeCriteria(call.body, session.actor))
  if (brandId !== undefined && brandId !== accountId) throw new Refusal('other_account')
  const isDue = (conversation: Conversation): boolean => {
    if (maxEttr === undefined) return true
    const due = effectiveTtr(conversation, services.accounts.settings(accountId))
    return due !== NO_DEADLINE && due <= maxEttr
  }
  const isWantedBy = (actor: Actor, one: Conversation) => matches(actor, filter, one) && isDue(one)
  // The session's rights change while it is open: each look is at the present ones. [PRM11]
  return { filter, isWantedBy, isWanted: (one) => isWantedBy(session.actor, one) }
}

/** Consumers get their own, agents without the right to view what they take part in. */
const ownOnly = (actor: Actor): Partial<ConversationFilter> => {
  if (actor.kind === 'consumer') return { consumerId: actor.id }
  if (isCapable(actor, 'view_conversations')) return {}
  return { agentIds: [actor.id], ...(actor.appIds && { appIds: actor.appIds }) }
}

/** What the store can narrow down; the rest is for `matches`. */
const storeFilter = ({ session }: Parts, filter: SubscriptionFilter): ConversationFilter => {
  const { actor, accountId } = session
  return { ...filter, ...ownOnly(actor), accountId, limit: FIRST_PAGE }
}

async function* pages({ session, services }: Parts, first: ConversationFilter) {
  let page = first
  for (;;) {
    const read = await services.store.read('conversations', page)
    const last = read.at(-1)
    const isLast = !last || read.length < page.limit || session.isEnded
    yield { isLast, newest: read.map((conversation) => services.hubs.cache.put(conversation)) }
    if (isLast) return
    page = { ...page, limit: PAGE, after: { updatedAt: last.updatedAt, id: last.id } }
  }
}

type Pages = ReturnType<typeof pages>
type Page = Awaited<ReturnType<Pages['next']>>

/** Shows what came into view with the actor's new rights and takes back what went. [PRM11] */
const judgeAgain = async (
  parts: Parts,
  feed: ConflatingFeed<Conversation>,
  { wanted, shownTo }: { wanted: Wanted; shownTo: readonly Actor[] },
): Promise<void> => {
  const { filter, isWanted, isWantedBy } = wanted
  const { accountId } = parts.session
  for await (const { newest } of pages(parts, { ...filter, accountId, limit: PAGE })) {
    for (const value of newest) {
      const wasShown = shownTo.map((actor) => isWantedBy(actor, value))
      if (isWanted(value) && wasShown.includes(false))
        feed.offer(value.id, 'UPSERT', { value, isNew: true })
      if (!isWanted(value) && wasShown.includes(true))
        feed.offer(value.id, 'DELETE', { value, isNew: false })
    }
  }
}

const startFeed = (parts: Parts, id: SubscriptionId, wanted: Wanted) => {
  const { session, services } = parts
  const { dialect, outlet } = session
  const feed = new ConflatingFeed<Conversation>({
    id,
    outlet,
    encodeChange: (change) => changeText(services, dialect, change),
    encodeFrame: (changes) =>
      dialect.conversationFrame({ subscriptionId: id, sentAt: services.clock.now(), changes }),
    frameBytes: services.config.limits.snapshotBytes,
    onSent: (type, conversation) => {
      if (type === 'UPSERT') followAsParticipant(parts, conversation)
      else unfollowConversation(parts, conversation)
    },
  })
  // Changes are heard from here on, and wait in the feed until the snapshot was read.
  const hub = services.hubs.conversations(session.accountId)
  let added = hub.add({ actor: session.actor, ...wanted, feed })
  session.subscribe(id, {
    kind: 'conversations',
    feed,
    stop: () => {
      feed.stop()
      added[Symbol.dispose]()
    },
    judgeAgain(shownTo) {
      added[Symbol.dispose]()
      added = hub.add({ actor: session.actor, ...wanted, feed })
      return judgeAgain(parts, feed, { wanted, shownTo })
    },
  })
  return feed
}

/** Each page goes out as soon as it was read: who waits for a long list has the newest of it at once. */
const sendSnapshot = async (
  { session, services }: Parts,
  feed: ConflatingFeed<Conversation>,
  { wanted, reading, first }: { wanted: Wanted; reading: Pages; first: Page },
): Promise<void> => {
  try {
    for (let page = first; !page.done && !feed.isStopped; page = await reading.next()) {
      const { isLast, newest } = page.value
      const shown = newest.filter(wanted.isWanted).map((value) => ({ id: value.id, value }))
      feed.open(shown, { isLast })
    }
  } catch (error) {
    // Half a list is none: whoever connects again is sent all of it.
    services.log.error({ err: error }, 'a list of conversations could not be read to its end')
    session.close('overloaded')
  }
}

const subscribe = async (
  call: Call<'subscribeConversations'> | Call<'updateConversationSubscription'>,
  id: SubscriptionId,
) => {
  const wanted = wantedBy(call)
  await call.services.accounts.get(call.session.accountId)
  call.session.unsubscribe(id)
  const feed = startFeed(call, id, wanted)
  const reading = pages(call, storeFilter(call, wanted.filter))
  try {
    const first = await reading.next()
    const after = () => void sendSnapshot(call, feed, { wanted, reading, first })
    return { body: { subscriptionId: id }, after }
  } catch (error) {
    call.session.unsubscribe(id)
    throw error
  }
}

/** All matching conversations at once, then every change to one. [SUB5] */
export const subscribeConversations: Handler<'subscribeConversations'> = (call) => {
  call.session.assertRoomForSubscription()
  return subscribe(call, call.services.ids.uuid())
}

/** Replaces the filter; the snapshot that follows is of the new one. */
export const updateConversationSubscription: Handler<'updateConversationSubscription'> = (call) => {
  const id = textOf(call.body.subscriptionId)
  if (id === undefined)
    throw new Refusal('bad_request', 'Bad request: body.subscriptionId is required')
  if (!call.session.subscription(id)) call.session.assertRoomForSubscription()
  return subscribe(call, id)
}

/** Ends it; an unknown id is as good as ended. [SUB13] */
export const unsubscribeConversations: Handler<'unsubscribeConversations'> = ({
  body,
  session,
}) => {
  session.unsubscribe(textOf(body.subscriptionId) ?? '')
  return { body: 'OK Unsubscribed successfully' }
}
