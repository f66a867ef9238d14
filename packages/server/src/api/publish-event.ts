/**
 * A publish on its way to the log: decoded and authorised from what the node knows, appended, and
 * answered with the sequence once it is durable. The store decides again about everything that
 * could have changed in between. [EV1] [EV2]
 */
import type { BodyOf, DialogId } from '@ringdown/protocol'
import { Refusal } from '@ringdown/protocol'
import type { DialogNews } from '../bus/subjects.ts'
import { subjects } from '../bus/subjects.ts'
import type { Publish } from '../dialects/decode-event.ts'
import { decodePublish } from '../dialects/decode-event.ts'
import type { Actor } from '../domain/actor.ts'
import type { Conversation, Dialog } from '../domain/conversation.ts'
import { findDialog, findParticipant, mainDialog } from '../domain/conversation.ts'
import type { NewEvent, Publisher } from '../domain/event.ts'
import { mayPublish } from '../domain/permissions.ts'
import type { Appended } from '../store/store.ts'
import { announceEvent } from './announce.ts'
import type { Answer, Call } from './handler.ts'
import { asToldToOutsiders } from './outsiders.ts'
import type { Session } from './session.ts'
import { shareFile } from './share-file.ts'
import { orWhatWasMissed } from './stale-reply.ts'

type PublishCall = Call<'publishEvent'>

const decode = (call: PublishCall): Publish => {
  const { body, metadata, encodedMetadata, session, services } = call
  const decoded = decodePublish(body as BodyOf<'publishEvent'>, {
    role: session.role,
    limits: services.config.limits,
    imageHosts: () => services.accounts.settings(session.accountId).imageHosts,
    metadata,
    encodedMetadata,
  })
  if (!decoded.ok) throw new Refusal(decoded.code, decoded.detail)
  return decoded.value
}

const dialogFor = (actor: Actor, publish: Publish, conversation: Conversation): Dialog => {
  const { dialogId, conversationId } = publish
  // Before anything else is said of it: a foreign dialog answers as an unknown one. [CV2]
  const isForeign = actor.kind === 'consumer' && actor.id !== conversation.consumerId
  if (isForeign) throw new Refusal('dialog_not_found')
  if (dialogId && conversationId && conversation.id !== conversationId)
    throw new Refusal('bad_request', 'Bad request: dialogId is not of conversationId')
  const dialog = dialogId ? findDialog(conversation, dialogId) : mainDialog(conversation)
  if (!dialog) throw new Refusal('dialog_not_found')
  return dialog
}

/** Former participants keep their name: whether they may still speak is for the store to say. */
const publisherIn = (actor: Actor, dialog: Dialog): Publisher => {
  if (actor.kind === 'consumer') return { id: actor.id, role: 'consumer' }
  const role = findParticipant(dialog, actor.id)?.role ?? 'agent'
  return { id: actor.id, role, userId: actor.userId }
}

const passOnChatState = (
  { session, services }: PublishCall,
  dialog: Dialog,
  { publisher, payload }: { publisher: Publisher; payload: string },
): Answer => {
  const participant = findParticipant(dialog, publisher.id)
  if (!participant) throw new Refusal('not_participant')
  const isHeard = mayPublish(participant) && dialog.state === 'open'
  const news: DialogNews = {
    kind: 'chat_state',
    state: {
      accountId: session.accountId,
      conversationId: dialog.conversationId,
      dialogId: dialog.id,
      publisher,
      payload,
      from: session.id,
    },
  }
  const subject = subjects.dialog(session.accountId, dialog.id)
  return {
    body: { sequence: 0 },
    after: isHeard ? () => services.bus.publish(subject, news) : undefined,
  }
}

const newEvent = (
  { session, services }: PublishCall,
  dialog: Dialog,
  content: { publisher: Publisher; publish: Exclude<Publish, { kind: 'chat_state' }> },
): NewEvent => {
  const at = services.clock.now()
  const { publisher, publish } = content
  const { clientEventId, metadata, encodedMetadata, lastSeen, receipt, isAutomatic } = publish
  return {
    accountId: session.accountId,
    conversationId: dialog.conversationId,
    dialogId: dialog.id,
    publisher,
    kind: publish.kind,
    audience: publish.audience,
    eventId: clientEventId ?? services.ids.timeUuid(at),
    payload: publish.payload,
    at,
    ...(clientEventId !== undefined && { clientEventId }),
    ...(metadata !== undefined && { metadata }),
    ...(encodedMetadata !== undefined && { encodedMetadata }),
    ...(lastSeen !== undefined && { lastSeen }),
    ...(receipt && { receipt }),
    ...(isAutomatic && { isAutomatic }),
  }
}

const written = async (call: PublishCall, event: NewEvent): Promise<Appended> => {
  try {
    const appended = call.services.store.write('append', event)
    if (event.lastSeen === undefined) return await appended
    return await orWhatWasMissed(call, event, appended)
  } catch (failure) {
    throw await asToldToOutsiders(call, event, failure)
  }
}

const append = async (call: PublishCall, event: NewEvent): Promise<Answer> => {
  const { services } = call
  const { isDuplicate, ...place } = await written(call, event)
  const { sequence } = place
  if (isDuplicate) return { body: { sequence } }
  const { clientEventId, receipt, isAutomatic, lastSeen, ...rest } = event
  return {
    body: { sequence },
    after: () => announceEvent(services, { ...rest, ...place }, event),
  }
}

const publishInto = (
  call: PublishCall,
  publish: Publish,
  conversation: Conversation | undefined,
): Promise<Answer> | Answer => {
  const { actor } = call.session
  if (!conversation) throw new Refusal('dialog_not_found')
  const dialog = dialogFor(actor, publish, conversation)
  // Agents' clients leave out such dialogs and know nothing to do with a message of one. [DLG13]
  if (dialog.channel === 'cobrowse' && publish.kind === 'content')
    throw new Refusal('bad_request', 'Bad request: nothing is said in a co-browsing dialog')
  const publisher = publisherIn(actor, dialog)
  if (publish.kind === 'chat_state')
    return passOnChatState(call, dialog, { publisher, payload: publish.payload })
  const participant = findParticipant(dialog, publisher.id)
  if (publish.kind === 'content' && participant && !mayPublish(participant))
    throw new Refusal('not_permitted')
  return append(call, newEvent(call, dialog, { publisher, publish }))
}

/** Sessions with a publish whose dialog is being read: later ones must not overtake it. */
const reading = new WeakMap<Session, Promise<unknown>>()

/** The path of the file that is shared; chat states and most messages name none. */
const fileOf = (publish: Publish): string | undefined =>
  publish.kind === 'chat_state' ? undefined : publish.filePath

const shareNamedFile = async (
  call: PublishCall,
  publish: Publish,
  conversation: Conversation | undefined,
): Promise<void> => {
  if (!conversation || publish.kind === 'chat_state' || publish.filePath === undefined) return
  const dialog = dialogFor(call.session.actor, publish, conversation)
  const { filePath: path, audience } = publish
  await shareFile(call, { path, conversation, dialog, audience })
}

/** Enqueues the publish once its dialog was read and its file shared, and after those that came before it. */
const publishUnknown = async (call: PublishCall, publish: Publish, id: DialogId) => {
  const { session, services } = call
  const earlier = reading.get(session)
  const begun = (async () => {
    await earlier?.catch(() => {})
    const read = await services.hubs.cache.ofDialog(session.accountId, id)
    await shareNamedFile(call, publish, read)
    // Boxed, so that the next one waits for its place in the queue and not for the commit.
    return { answer: publishInto(call, publish, read) }
  })()
  const done = () => {
    if (reading.get(session) === begun) reading.delete(session)
  }
  reading.set(session, begun)
  begun.then(done, done)
  return (await begun).answer
}

/** Answers at once with a promise when this node knows the dialog, so that publishes pipeline. */
export const publishEvent = (call: PublishCall): Promise<Answer> | Answer => {
  const publish = decode(call)
  const { session, services } = call
  const id = publish.dialogId ?? publish.conversationId
  if (id === undefined) throw new Refusal('bad_request', 'Bad request: body.dialogId is required')
  const known = services.hubs.cache.peek(session.accountId, id)
  const isReady = known && !reading.has(session) && fileOf(publish) === undefined
  if (isReady) return publishInto(call, publish, known)
  return publishUnknown(call, publish, id)
}
