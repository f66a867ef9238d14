import { describe, expect, it } from 'vitest'
import type { Actor } from '../domain/actor.ts'
import { readDialogChange } from './decode-dialog-change.ts'
import { agentActor, consumerActor } from './test-fixtures.ts'

const read = (field: Record<string, unknown>, actor: Actor = agentActor, metadata?: unknown) =>
  readDialogChange(field, {
    actor,
    conversationId: 'conv-1',
    limits: { metadataBytes: 256 },
    newDialogId: () => 'new-1',
    ...(metadata !== undefined && { metadata }),
  })

const fine = (value: unknown) => ({ ok: true, value })
const create = (dialog: Record<string, unknown>) => ({ type: 'CREATE', dialog })

describe('a DialogChange', () => {
  it('[DLG1] that closes the main dialog brings a name for the survey, for both sides', () => {
    const closing = { kind: 'close_dialog', dialogId: 'conv-1', surveyDialogId: 'new-1' }
    for (const actor of [agentActor, consumerActor])
      expect(read({ dialog: { dialogId: 'conv-1', state: 'CLOSE' } }, actor)).toStrictEqual(
        fine(closing),
      )
    expect(read({ dialog: { dialogId: 's-1', state: 'CLOSE' } })).toStrictEqual(
      fine({ kind: 'close_dialog', dialogId: 's-1' }),
    )
  })

  it('[DLG9] keeps the cause, cut, and not who the client says closed', () => {
    const dialog = { dialogId: 's-1', state: 'CLOSE', closedBy: 'SYSTEM' }
    expect(read({ dialog: { ...dialog, closedCause: 'x'.repeat(300) } })).toStrictEqual(
      fine({ kind: 'close_dialog', dialogId: 's-1', cause: 'x'.repeat(256) }),
    )
  })

  it.each([
    [{}, { kind: 'create_dialog', dialogId: 'new-1' }],
    [
      { dialogType: 'other', channelType: 'messaging', state: 'OPEN', dialogId: 'mine-1' },
      { kind: 'create_dialog', dialogId: 'mine-1' },
    ],
    [{ metaData: { a: 1 } }, { kind: 'create_dialog', dialogId: 'new-1', metadata: { a: 1 } }],
    [
      { channelType: 'COBROWSE' },
      { kind: 'create_dialog', dialogId: 'new-1', coBrowse: { mode: 'shared' } },
    ],
    [
      {
        channelType: 'COBROWSE',
        metaData: { mode: 'VIDEO_CALL', serviceId: 'c#1', sessionState: 'INVITED', expires: 1.5 },
      },
      {
        kind: 'create_dialog',
        dialogId: 'new-1',
        metadata: { mode: 'VIDEO_CALL', serviceId: 'c#1', sessionState: 'INVITED', expires: 1.5 },
        coBrowse: { mode: 'VIDEO_CALL', serviceId: 'c#1' },
      },
    ],
  ])('[DLG10] [DLG13] creates %j', (dialog, change) => {
    expect(read(create(dialog))).toStrictEqual(fine(change))
  })

  it.each([
    [create({ dialogType: 'MAIN' }), 'dialog.dialogType'],
    [create({ dialogType: 'POST_SURVEY' }), 'dialog.dialogType'],
    [create({ channelType: 'SMOKE' }), 'dialog.channelType'],
    [create({ state: 'CLOSE' }), 'dialog.state'],
    [create({ dialogId: 'a b' }), 'dialog.dialogId'],
    [create({ dialogId: 'x'.repeat(65) }), 'dialog.dialogId'],
    [create({ channelType: 'COBROWSE', metaData: { mode: 'x' } }), 'dialog.metaData.mode'],
    [
      create({ channelType: 'COBROWSE', metaData: { sessionState: 'ACCEPTED' } }),
      'dialog.metaData.sessionState',
    ],
    [create({ metaData: { a: 'x'.repeat(300) } }), 'dialog.metaData is too large'],
    [{ dialog: { metaData: { sessionState: 'GONE' } } }, 'dialog.metaData.sessionState'],
    [{ dialog: { state: 'LOCKED' } }, 'dialog.state'],
    [{ type: 'DELETE' }, 'type'],
  ])('[DLG10] [DLG11] [DLG13] refuses %j by place', (field, place) => {
    expect(read(field)).toMatchObject({ ok: false, detail: `Bad request: ${place}` })
  })

  it('[DLG10] a consumer creates nothing, whatever it says', () => {
    for (const dialog of [{}, { dialogType: 'POST_SURVEY' }])
      expect(read(create(dialog), consumerActor)).toMatchObject({ code: 'not_permitted' })
  })

  it('[DLG11] without a state keeps its own metadata, or else that of the request', () => {
    const survey = [{ type: 'Survey', id: 's' }]
    expect(read({ dialog: { dialogId: 's-1' } }, agentActor, survey)).toStrictEqual(
      fine({ kind: 'update_dialog', dialogId: 's-1', metadata: { Survey: survey[0] } }),
    )
    expect(read({ dialog: { metaData: { a: 1 } } }, agentActor, survey)).toStrictEqual(
      fine({ kind: 'update_dialog', dialogId: 'conv-1', metadata: { a: 1 } }),
    )
    expect(
      read({ dialog: { state: 'OPEN', metaData: { sessionState: 'accepted' } } }),
    ).toStrictEqual(
      fine({
        kind: 'update_dialog',
        dialogId: 'conv-1',
        metadata: { sessionState: 'accepted' },
        sessionState: 'accepted',
        isOpen: true,
      }),
    )
  })
})
