/** A manager's bot that closes whatever it sees open, without joining and without a state. */
import type { Body, SdkAgent } from './agent-sdk.ts'
import type { Report } from './runner.ts'

export const closerBot = (agent: SdkAgent, report: Report): void => {
  agent.on('connected', () => agent.subscribeExConversations({ convState: ['OPEN'] }))

  agent.on('cqm.ExConversationChangeNotification', ({ changes }: Body) => {
    for (const { type, result } of changes) {
      const { state } = result.conversationDetails
      report('conversation', { type, id: result.convId, state })
      if (type !== 'UPSERT') continue
      const close = { field: 'ConversationStateField', conversationState: 'CLOSE' }
      agent.updateConversationField(
        { conversationId: result.convId, conversationField: [close] },
        (error: Body, body: Body) => report('closed-conversation', { error, body }),
      )
    }
  })
}
