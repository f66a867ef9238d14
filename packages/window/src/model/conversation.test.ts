import { describe, expect, it } from 'vitest'
import { Conversation } from './conversation.ts'

describe('a conversation', () => {
  it('[WIN10] changed last with the newest content of its dialogs', () => {
    const conversation = new Conversation('main')
    expect(conversation.changedAtMs).toBe(Number.MAX_SAFE_INTEGER)
    const say = (dialogId: string, sequence: number, serverTimestamp: number) =>
      conversation.log(dialogId).take(
        {
          conversationId: 'main',
          dialogId,
          sequence,
          serverTimestamp,
          originatorId: 'a',
          event: { type: 'ContentEvent', contentType: 'text/plain', message: 'hello' },
        },
        0,
      )
    conversation.log('main')
    expect(conversation.changedAtMs).toBe(Number.MAX_SAFE_INTEGER)
    say('survey', 0, 300)
    say('main', 0, 100)
    say('main', 1, 200)
    expect(conversation.changedAtMs).toBe(300)
    expect(conversation.messages().at(-1)?.atMs).toBe(300)
  })
})
