/** Addresses of shared files, for whoever may have them. */
import type { DialogId } from '@ringdown/protocol'
import { Refusal } from '@ringdown/protocol'
import { integerOf, textOf } from '../dialects/decoded.ts'
import type { Actor, AgentActor } from '../domain/actor.ts'
import type { HostedFile, PlacedUse } from '../domain/hosted-file.ts'
import { mayReadFile, maySendFiles } from '../domain/permissions.ts'
import { cleanPath } from '../files/file-address.ts'
import type { Handler } from './handler.ts'
import { servesConsumer } from './serves-consumer.ts'
import type { Services } from './services.ts'

/** Uses that are looked at; one that the actor may read is enough. */
const USES = 100

type Looking = Pick<Services, 'store' | 'hubs'>

const narrowed = (actor: Actor, dialogId: DialogId | undefined) => {
  if (actor.kind === 'consumer') return [{ consumerId: actor.id }]
  return [{ participantId: actor.id }, ...(dialogId ? [{ dialogId }] : []), {}]
}

const placed = async (
  { store, hubs }: Looking,
  file: HostedFile,
  narrow: { consumerId?: string; participantId?: string; dialogId?: DialogId },
): Promise<readonly PlacedUse[]> => {
  const { accountId, path } = file
  const uses = await store.read('fileUses', { accountId, path, ...narrow, limit: USES })
  const found = await Promise.all(
    uses.map(async (use) => {
      const conversation = await hubs.cache.ofConversation(accountId, use.conversationId)
      return conversation && { ...use, conversation, isServed: false }
    }),
  )
  return found.filter((one) => one !== undefined)
}

/** Those in conversations of consumers whom the agent serves, now or in another conversation. [HIS2] */
const servedOf = async (
  { store }: Looking,
  agent: AgentActor,
  uses: readonly PlacedUse[],
): Promise<readonly PlacedUse[]> => {
  const consumers = [...new Set(uses.map(({ conversation }) => conversation.consumerId))]
  const answers = await Promise.all(consumers.map((one) => servesConsumer({ store }, agent, one)))
  const served = new Set(consumers.filter((_, index) => answers[index]))
  return uses
    .filter(({ conversation }) => served.has(conversation.consumerId))
    .map((use) => ({ ...use, isServed: true }))
}

/** The file, if this actor may have it; whether it exists is nobody else's business. [FIL10] */
export const findReadable = async (
  services: Looking,
  actor: Actor,
  asked: { path: string; dialogId?: DialogId | undefined },
): Promise<HostedFile | undefined> => {
  const { accountId } = actor
  const path = cleanPath(asked.path, accountId)
  const file =
    path === undefined ? undefined : await services.store.read('file', { accountId, path })
  if (!file) return undefined
  if (mayReadFile(actor, file, [])) return file
  const uses: PlacedUse[] = []
  for (const narrow of narrowed(actor, asked.dialogId)) {
    const found = await placed(services, file, narrow)
    if (mayReadFile(actor, file, found)) return file
    uses.push(...found)
  }
  if (actor.kind === 'consumer') return undefined
  return mayReadFile(actor, file, await servedOf(services, actor, uses)) ? file : undefined
}

export const generateUploadUrl: Handler<'generateUploadUrl'> = async ({
  body,
  session,
  services,
}) => {
  const { actor } = session
  if (!maySendFiles(actor)) throw new Refusal('not_permitted')
  const { accountId, kind, id } = actor
  return {
    body: await services.files.issue({
      accountId,
      uploader: { kind, id },
      fileSize: integerOf(body.fileSize) ?? 0,
      fileType: body.fileType,
    }),
  }
}

/** Clients of agents understand no other code than 500 for a file that is not there. [FIL3] */
const refuseMissing = (actor: Actor): never => {
  throw new Refusal(actor.kind === 'agent' ? 'file_not_available' : 'file_not_found')
}

export const generateDownloadUrl: Handler<'generateDownloadUrl'> = async ({
  body,
  session,
  services,
}) => {
  const { actor } = session
  const asked = { path: body.relativePath, dialogId: textOf(body.dialogId) }
  const file = await findReadable(services, actor, asked)
  if (file?.state !== 'stored') return refuseMissing(actor)
  return { body: services.files.downloadAddress(file) }
}

/** A key to the agent's files; keys to secure forms are not built. [FIL20] */
export const generateDownloadToken: Handler<'generateDownloadToken'> = ({
  body,
  session,
  services,
}) => {
  const { actor } = session
  if (actor.kind !== 'agent') throw new Refusal('not_permitted')
  if (body.downloadable?.['type'] === 'SecureForm') throw new Refusal('not_implemented')
  return { body: { token: services.files.downloadToken(actor) } }
}
