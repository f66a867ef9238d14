/** A manager's bot that joins every open conversation and says welcome in it, once. */
import type { Body, SdkAgent } from './agent-sdk.ts'
import type { Report } from './runner.ts'

export const greeterBot = (agent: SdkAgent, report: Report): void => {
  const seen = new Set<string>()

  const welcome = (dialogId: string) =>
    agent.publishEvent(
      {
        dialogId,
        event: { type: 'ContentEvent', contentType: 'text/plain', message: 'Welcome from a bot' },
      },
      (error: Body, body: Body) => report('welcomed', { dialogId, error, body }),
    )

  const join = (conversationId: string) =>
    agent.updateConversationField(
      {
        conversationId,
        conversationField: [{ field: 'ParticipantsChange', type: 'ADD', role: 'MANAGER' }],
      },
      (error: Body, body: Body) => {
        report('joined', { conversationId, error, body })
        if (!error) welcome(conversationId)
      },
    )

  agent.on('connected', () => {
    agent.setAgentState({ availability: 'AWAY' }, (error: Body, body: Body) =>
      report('away', { error, body }),
    )
    agent.subscribeExConversations({ convState: ['OPEN'] })
  })

  agent.on('cqm.ExConversationChangeNotification', ({ changes }: Body) => {
    for (const { type, result } of changes) {
      const { participants } = result.conversationDetails
      const takesPart = participants.some(({ id }: Body) => id === agent.agentId)
      report('conversation', { type, id: result.convId, takesPart })
      if (type === 'DELETE') seen.delete(result.convId)
      else if (!takesPart && !seen.has(result.convId)) {
        seen.add(result.convId)
        join(result.convId)
      }
    }
  })

  agent.on('ms.MessagingEventNotification', ({ dialogId, changes }: Body) => {
    for (const { event, originatorId, originatorMetadata } of changes)
      report('heard', {
        dialogId,
        message: event.message,
        isOwn: originatorId === agent.agentId,
        role: originatorMetadata.role,
      })
  })
}
