/** Takes rings and answers messages that came by a connector, on the channel that they came by. */
import type { Body, SdkAgent } from './agent-sdk.ts'
import type { Report } from './runner.ts'

const SOCIAL = 'SocialMessagingEventData'

export const socialBot = (agent: SdkAgent, report: Report): void => {
  agent.on('connected', () => {
    agent.setAgentState({ availability: 'ONLINE' })
    agent.subscribeExConversations({ agentIds: [agent.agentId], convState: ['OPEN'] })
    agent.subscribeRoutingTasks({})
  })

  agent.on('routing.RoutingTaskNotification', ({ changes }: Body) => {
    for (const { result } of changes)
      for (const { ringId, ringState } of result.ringsDetails)
        if (ringState === 'WAITING') agent.updateRingState({ ringId, ringState: 'ACCEPTED' })
  })

  const answer = (dialogId: string, message: string, came: Body) => {
    // An object instead of a list ends the process.
    const social = came.find(({ type }: Body) => type === SOCIAL)
    const { channel, replyToId, event, conversationState } = social
    const to = channel === 'Private' ? { conversationState } : { replyToId }
    const metadata = [{ type: SOCIAL, channel, event: { source: event.source }, ...to }]
    agent.publishEvent(
      {
        dialogId,
        event: { type: 'ContentEvent', contentType: 'text/plain', message: `Heard: ${message}` },
      },
      {},
      metadata,
      null,
      (error: Body, body: Body) => report('answered', { dialogId, metadata, error, body }),
    )
  }

  agent.on('ms.MessagingEventNotification', ({ dialogId, changes }: Body) => {
    for (const { event, originatorId, metadata } of changes) {
      if (event.type !== 'ContentEvent' || originatorId === agent.agentId) continue
      report('heard', { dialogId, metadata })
      if (metadata) answer(dialogId, event.message, metadata)
    }
  })
}
