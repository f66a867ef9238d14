/**
 * Joins every open conversation silently, watches the agents, and answers `#card` with a card as
 * soon as it has become a manager; leaves on `#leave`. Looks its role up at every change, gone or not.
 */
import type { Body, SdkAgent } from './agent-sdk.ts'
import type { Report } from './runner.ts'

const card = {
  type: 'RichContentEvent',
  content: {
    type: 'vertical',
    elements: [
      { type: 'text', text: 'A card' },
      {
        type: 'button',
        title: 'Open',
        click: { actions: [{ type: 'link', name: 'Open', uri: 'https://brand.example/' }] },
      },
    ],
  },
}

export const observerBot = (agent: SdkAgent, report: Report): void => {
  const roles = new Map<string, string | undefined>()

  const roleIn = ({ participants }: Body): string | undefined =>
    participants.filter(({ id }: Body) => id === agent.agentId)[0]?.role

  const change = (conversationId: string, type: string, role: string) =>
    agent.updateConversationField(
      { conversationId, conversationField: [{ field: 'ParticipantsChange', type, role }] },
      (error: Body, body: Body) => report(type.toLowerCase(), { role, error, body }),
    )

  agent.on('connected', () => {
    agent.setAgentState({ availability: 'AWAY' })
    agent.subscribeAgentsState({}, (error: Body) => report('watching', { error }))
    agent.subscribeExConversations({ convState: ['OPEN'] })
  })

  agent.on('routing.AgentStateNotification', ({ changes }: Body) => {
    for (const { result } of changes)
      if (result.channels.indexOf('MESSAGING') >= 0)
        report('agent-state', { availability: result.availability })
  })

  agent.on('cqm.ExConversationChangeNotification', ({ changes }: Body) => {
    for (const { type, result } of changes) {
      const role = roleIn(result.conversationDetails)
      const id: string = result.convId
      report('conversation', { type, id, role })
      const { lastContentEventNotification: last } = result
      if (last) report('last', { by: last.originatorMetadata.role, kind: last.event.type })
      const isNew = !roles.has(id)
      roles.set(id, role)
      if (type === 'UPSERT' && isNew && !role) change(id, 'ADD', 'READER')
    }
  })

  agent.on('ms.MessagingEventNotification', ({ dialogId, changes }: Body) => {
    for (const { event } of changes) {
      if (event.type !== 'ContentEvent') continue
      report('heard', { dialogId, message: event.message })
      if (event.message === '#manage') change(dialogId, 'ADD', 'MANAGER')
      if (event.message === '#leave') change(dialogId, 'REMOVE', 'MANAGER')
      if (event.message === '#card')
        agent.publishEvent(
          { dialogId, event: card },
          null,
          [{ type: 'ExternalId', id: 'card-1' }],
          (error: Body, body: Body) => report('shown', { error, body }),
        )
    }
  })
}
