/** A DialogChange as the domain change it asks for. */
import type { ConversationId, DialogId } from '@ringdown/protocol'
import type { Limits } from '../config.ts'
import type { Actor } from '../domain/actor.ts'
import type { ConversationChange } from '../domain/change.ts'
import type { CoBrowseMode, CoBrowseState } from '../domain/co-browse.ts'
import { metadataItems } from './decode-metadata.ts'
import {
  bad,
  cut,
  type Decoded,
  fine,
  objectOf,
  textOf,
  type WireObject,
  wordOf,
} from './decoded.ts'
import { coBrowseStatesByName } from './wire-terms.ts'

export interface DialogReading {
  readonly actor: Actor
  readonly conversationId: ConversationId
  readonly limits: Pick<Limits, 'metadataBytes'>
  /** The request's own metadata, beside its body. */
  readonly metadata?: unknown
  /** The id of a dialog that the change may open. */
  readonly newDialogId: () => DialogId
}

const CAUSE_LENGTH = 256
const SERVICE_ID_LENGTH = 256
const DIALOG_ID = /^[\w.-]{1,64}$/

/** Without metadata of its own a dialog gets the request's, by type. */
const dialogMetadata = (dialog: WireObject, reading: DialogReading): Decoded<WireObject> => {
  const own = objectOf(dialog['metaData'])
  const items = own ? fine([]) : metadataItems(reading.metadata)
  if (!items.ok) return items
  const kept = own ?? Object.fromEntries(items.value.map((item) => [String(item['type']), item]))
  return Buffer.byteLength(JSON.stringify(kept)) > reading.limits.metadataBytes
    ? bad('dialog.metaData is too large')
    : fine(kept)
}

const sessionStateOf = (metadata: WireObject): Decoded<CoBrowseState | undefined> => {
  const given = metadata['sessionState']
  if (given === undefined || given === null) return fine(undefined)
  const state = coBrowseStatesByName.get(wordOf(given) ?? '')
  return state ? fine(state) : bad('dialog.metaData.sessionState')
}

const modes: ReadonlyMap<unknown, CoBrowseMode> = new Map(
  (['shared', 'view', 'follow', 'VOICE_CALL', 'VIDEO_CALL'] as const).map((mode) => [mode, mode]),
)

type Invitation = NonNullable<Extract<ConversationChange, { kind: 'create_dialog' }>['coBrowse']>

/** What the agent's client says of the session; the rest of it is the server's. */
const readInvitation = (metadata: WireObject): Decoded<Invitation> => {
  const state = sessionStateOf(metadata)
  if (!state.ok) return state
  if (state.value && state.value !== 'invited') return bad('dialog.metaData.sessionState')
  const mode = modes.get(metadata['mode'] ?? 'shared')
  if (!mode) return bad('dialog.metaData.mode')
  const serviceId = textOf(metadata['serviceId'])
  return fine({ mode, ...(serviceId && { serviceId: cut(serviceId, SERVICE_ID_LENGTH) }) })
}

const isMetadata = (metadata: WireObject): boolean => Object.keys(metadata).length > 0

/** Agents open dialogs beside the main one; a survey opens by itself. [DLG10] [DLG13] */
const readCreation = (dialog: WireObject, reading: DialogReading): Decoded<ConversationChange> => {
  if (reading.actor.kind === 'consumer') return { ok: false, code: 'not_permitted' }
  if ((wordOf(dialog['dialogType']) ?? 'OTHER') !== 'OTHER') return bad('dialog.dialogType')
  const channel = wordOf(dialog['channelType']) ?? 'MESSAGING'
  if (channel !== 'MESSAGING' && channel !== 'COBROWSE') return bad('dialog.channelType')
  if ((wordOf(dialog['state']) ?? 'OPEN') !== 'OPEN') return bad('dialog.state')
  const dialogId = textOf(dialog['dialogId']) ?? reading.newDialogId()
  if (!DIALOG_ID.test(dialogId)) return bad('dialog.dialogId')
  const metadata = dialogMetadata(dialog, reading)
  if (!metadata.ok) return metadata
  const kept = isMetadata(metadata.value) ? { metadata: metadata.value } : {}
  const created = { kind: 'create_dialog', dialogId, ...kept } as const
  if (channel === 'MESSAGING') return fine(created)
  const coBrowse = readInvitation(metadata.value)
  return coBrowse.ok ? fine({ ...created, coBrowse: coBrowse.value }) : coBrowse
}

const readUpdate = (
  dialog: WireObject,
  dialogId: DialogId,
  reading: DialogReading,
): Decoded<ConversationChange> => {
  const state = wordOf(dialog['state'])
  if (state === 'CLOSE') {
    const cause = textOf(dialog['closedCause'])
    const isMain = dialogId === reading.conversationId
    return fine({
      kind: 'close_dialog',
      dialogId,
      ...(cause && { cause: cut(cause, CAUSE_LENGTH) }),
      ...(isMain && { surveyDialogId: reading.newDialogId() }),
    })
  }
  if (state !== undefined && state !== 'OPEN') return bad('dialog.state')
  const metadata = dialogMetadata(dialog, reading)
  if (!metadata.ok) return metadata
  const session = sessionStateOf(metadata.value)
  if (!session.ok) return session
  return fine({
    kind: 'update_dialog',
    dialogId,
    metadata: metadata.value,
    ...(session.value && { sessionState: session.value }),
    ...(state && { isOpen: true }),
  })
}

/** Old clients name the dialog beside what they say of it; nothing means the main one. */
export const readDialogChange = (
  field: WireObject,
  reading: DialogReading,
): Decoded<ConversationChange> => {
  const dialog = objectOf(field['dialog']) ?? {}
  const type = wordOf(field['type']) ?? 'UPDATE'
  if (type === 'CREATE') return readCreation(dialog, reading)
  if (type !== 'UPDATE') return bad('type')
  const dialogId = textOf(dialog['dialogId']) ?? textOf(field['dialogId'])
  return readUpdate(dialog, dialogId ?? reading.conversationId, reading)
}
