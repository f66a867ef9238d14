import { describe, expect, it } from 'vitest'
import type { Conversation } from './conversation.ts'
import { openedConversation } from './open-conversation.ts'
import { steppedUp } from './step-up.ts'

const open: Conversation = (() => {
  const bare = openedConversation(
    {
      accountId: '1',
      conversationId: 'c',
      consumerId: 'anon',
      skillId: '-1',
      ttrSeconds: { urgent: 1, prioritized: 2, normal: 3, custom: 4 },
      openedBy: { id: 'ana', userId: '7' },
      maxOpen: 0,
      at: 10,
    },
    true,
  )
  const [main] = bare.dialogs
  const unread = { anon: 2, ana: 1 }
  return { ...bare, dialogs: [{ ...main!, activity: { nextSequence: 3, unread } }] }
})()

const change = { from: 'anon', to: 'proven', at: 1_000 }

describe('step-up', () => {
  it('[DLG24] puts the proven consumer in the place of the other, with its counts', () => {
    const after = steppedUp(open, change)
    expect(after).toMatchObject({ consumerId: 'proven', updatedAt: 1_000, revision: 1 })
    expect(after.dialogs[0]).toMatchObject({
      participants: [{ id: 'proven', role: 'consumer' }, { id: 'ana' }],
      activity: { nextSequence: 3 },
    })
    expect(after.dialogs[0]?.activity.unread).toEqual({ proven: 2, ana: 1 })
    expect(JSON.stringify(after)).not.toContain('anon')
  })

  it('[CV10] moves updatedAt when the clock was set back', () => {
    expect(steppedUp(open, { ...change, at: 1 }).updatedAt).toBe(11)
  })

  it.each([
    ['of another consumer', { ...open, consumerId: 'other' }],
    ['that is closed', { ...open, stage: 'closed' as const }],
  ])('[DLG24] leaves a conversation %s', (_, conversation) => {
    expect(steppedUp(conversation, change)).toBe(conversation)
  })
})
