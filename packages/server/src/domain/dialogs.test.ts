import { describe, expect, it } from 'vitest'
import type { ConversationChange } from './change.ts'
import type { CoBrowseInput, CoBrowseState } from './co-browse.ts'
import { coBrowseMoves, INVITATION_MS } from './co-browse.ts'
import type { Conversation, ParticipantRole } from './conversation.ts'
import { findDialog } from './conversation.ts'
import { apply, closeMain, done, NOW, open, self } from './dialog-fixtures.ts'
import { expiredDialog } from './dialogs.ts'

describe('dialogs beside the main one', () => {
  const invite = { kind: 'create_dialog', dialogId: 'b', coBrowse: { mode: 'shared' } } as const
  const invited = () => done(apply(open(), 'former', [invite]))
  const say = (sessionState: CoBrowseState): ConversationChange => ({
    kind: 'update_dialog',
    dialogId: 'b',
    sessionState,
  })
  const stateOf = (conversation: Conversation) => findDialog(conversation, 'b')?.coBrowse?.state

  it('[DLG10] is between the consumer and who opened it, and keeps the stage open', () => {
    const opened = done(apply(open(), 'former', [{ kind: 'create_dialog', dialogId: 'x' }]))
    expect(opened.dialogs[1]).toMatchObject({
      type: 'other',
      channel: 'messaging',
      participants: [{ role: 'consumer' }, { id: 'former', role: 'agent' }],
    })
    expect(done(apply(opened, 'consumer', [closeMain]))).toMatchObject({
      state: 'closed',
      stage: 'open',
    })
    const twice = apply(opened, 'former', [{ kind: 'create_dialog', dialogId: 'x' }])
    expect(twice).toMatchObject({ ok: false, code: 'already_exists' })
  })

  it('[DLG10] there are at most a hundred', () => {
    const many = Array.from(
      { length: 99 },
      (_, index): ConversationChange => ({ kind: 'create_dialog', dialogId: `x${index}` }),
    )
    const full = done(apply(open(), 'former', many))
    const last = apply(full, 'former', [{ kind: 'create_dialog', dialogId: 'y' }])
    expect(last).toMatchObject({ ok: false, code: 'bad_request' })
  })

  it('[DLG13] an invitation has a service of its own and two minutes', () => {
    expect(findDialog(invited(), 'b')).toMatchObject({
      type: 'other',
      channel: 'cobrowse',
      coBrowse: {
        serviceId: 'ann#b',
        mode: 'shared',
        state: 'invited',
        expiresAt: NOW + INVITATION_MS,
      },
    })
  })

  it('[DLG14] a client that did not declare it is not invited', () => {
    expect(apply(open(['MULTI_DIALOG']), 'former', [invite])).toMatchObject({
      code: 'not_permitted',
    })
  })

  const states = Object.keys(coBrowseMoves) as CoBrowseState[]
  const moves = states.flatMap((from) =>
    (Object.keys(coBrowseMoves[from]) as CoBrowseInput[]).map((input) => [from, input] as const),
  )
  const reached = (from: CoBrowseState): Conversation =>
    from === 'invited' ? invited() : done(apply(invited(), 'former', [say(from)]))

  it.each(moves)('[DLG15] [DLG16] a session that is %s and told %s', (from, input) => {
    const to = coBrowseMoves[from][input]
    const before = reached(from)
    expect(stateOf(before)).toBe(from)
    const outcome =
      input === 'expire' ? expiredDialog(before, 'b', 9_000) : apply(before, 'former', [say(input)])
    if (to === 'refused') {
      expect(outcome.ok).toBe(false)
      return
    }
    const after = done(outcome)
    expect(stateOf(after)).toBe(to)
    expect(findDialog(after, 'b')?.state).toBe(to === 'closed' ? 'closed' : 'open')
    expect(after.stage).toBe('open')
  })

  it('[DLG17] ends with the main dialog and does not keep the stage open', () => {
    const after = done(apply(invited(), 'consumer', [closeMain], { wasAssigned: true }))
    expect(after).toMatchObject({ stage: 'closed' })
    expect(stateOf(after)).toBe('closed')
  })

  it('[DLG17] ends when its agent leaves', () => {
    const after = done(
      apply(invited(), 'former', [
        { kind: 'remove_participant', role: 'assigned_agent', agent: self('former') },
      ]),
    )
    expect(findDialog(after, 'b')).toMatchObject({
      state: 'closed',
      participants: [{ id: 'ann' }],
      coBrowse: { state: 'closed' },
    })
    expect(after.stage).toBe('open')
  })

  it('[DLG11] what is kept with a dialog grows by name, up to a limit', () => {
    const put = (metadata: Record<string, unknown>): ConversationChange => ({
      kind: 'update_dialog',
      dialogId: 'c',
      metadata,
    })
    const after = done(apply(open(), 'former', [put({ a: 1, b: 1 }), put({ b: 2 })]))
    expect(after.dialogs[0]).toMatchObject({ metadata: { a: 1, b: 2 }, updatedAt: NOW })
    expect(apply(open(), 'former', [put({ a: 'x'.repeat(70_000) })])).toMatchObject({
      code: 'bad_request',
    })
    const untouched = apply(open(), 'former', [put({})])
    expect(untouched).toMatchObject({ routing: 'none', conversation: { revision: 0 } })
  })
})

describe('[DLG12] roles', () => {
  it.each<[ParticipantRole, string, string]>([
    ['agent', 'c', 'not_permitted'],
    ['assigned_agent', 'x', 'bad_request'],
  ])('%s in %s is %s', (role, dialogId, code) => {
    const opened = done(apply(open(), 'former', [{ kind: 'create_dialog', dialogId: 'x' }]))
    const change = { kind: 'add_participant', role, dialogId, agent: self('manager') } as const
    expect(apply(opened, 'manager', [change])).toMatchObject({ ok: false, code })
  })

  it('joining twice changes nothing', () => {
    const opened = done(apply(open(), 'former', [{ kind: 'create_dialog', dialogId: 'x' }]))
    const join = {
      kind: 'add_participant',
      role: 'agent',
      dialogId: 'x',
      agent: self('manager'),
    } as const
    const joined = done(apply(opened, 'manager', [join]))
    expect(done(apply(joined, 'manager', [join]))).toBe(joined)
  })
})
