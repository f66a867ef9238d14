/**
 * Takes every ring, greets the consumer by its profile, repeats what it hears and marks it read;
 * closes on `#close`. It is as trusting as bots are: what a server must never do ends the process.
 */
import type { Body, SdkAgent } from './agent-sdk.ts'
import type { Report } from './runner.ts'

const GREETING = 'I have just joined and know this about you: '

const takeRings = (agent: SdkAgent, report: Report, changes: Body[]): void => {
  for (const { type, result } of changes)
    for (const { ringId, ringState } of type === 'UPSERT' ? result.ringsDetails : [])
      if (ringState === 'WAITING')
        agent.updateRingState({ ringId, ringState: 'ACCEPTED' }, (error: Body) => {
          if (error) report('refused', { error })
        })
}

interface Held {
  consumerId: string
  readonly answered: Set<number>
}

export const echoBot = (agent: SdkAgent, report: Report): void => {
  const held = new Map<string, Held>()

  const say = (dialogId: string, message: string) =>
    agent.publishEvent(
      { dialogId, event: { type: 'ContentEvent', contentType: 'text/plain', message } },
      (error: Body) => error && report('refused', { error }),
    )

  const meet = (dialogId: string, consumerId: string) =>
    agent.getUserProfile(consumerId, (error: Body, profile: Body) => {
      report('profile', { dialogId, consumerId, error, profile })
      say(dialogId, GREETING + JSON.stringify(profile.map(({ type }: Body) => type)))
    })

  agent.on('connected', () => {
    held.clear()
    agent.setAgentState({ availability: 'ONLINE' })
    agent.subscribeExConversations({ agentIds: [agent.agentId], convState: ['OPEN'] })
    agent.subscribeRoutingTasks({})
  })

  agent.on('routing.RoutingTaskNotification', ({ changes }: Body) =>
    takeRings(agent, report, changes),
  )

  agent.on('cqm.ExConversationChangeNotification', ({ changes }: Body) => {
    for (const { type, result } of changes) {
      const id: string = result.convId
      report('conversation', { type, id, role: result.conversationDetails.getMyRole() })
      const { participants } = result.conversationDetails
      const consumerId = participants.filter((one: Body) => one.role === 'CONSUMER')[0].id
      const known = held.get(id)
      if (type === 'DELETE') held.delete(id)
      else if (known?.consumerId !== consumerId) {
        held.set(id, { consumerId, answered: known?.answered ?? new Set() })
        meet(id, consumerId)
        if (!known) agent.subscribeMessagingEvents({ dialogId: id })
      }
    }
  })

  const hear = (dialogId: string, change: Body): void => {
    const { event, sequence, originatorId } = change
    report('heard', { dialogId, type: event.type, sequence, message: event.message })
    const conversation = held.get(dialogId)
    // A real bot looks into its table without a check: an event for a dialog that it was not told of
    // ends it. Chat states are looked at by nobody.
    if (event.type === 'ChatStateEvent') return
    if (!conversation) throw new TypeError(`event for the unknown dialog ${dialogId}`)
    if (event.type !== 'ContentEvent' || originatorId === agent.agentId) return
    if (conversation.answered.has(sequence)) return
    conversation.answered.add(sequence)
    if (event.message.startsWith('#close')) {
      const close = { field: 'ConversationStateField', conversationState: 'CLOSE' }
      agent.updateConversationField(
        { conversationId: dialogId, conversationField: [close] },
        (error: Body, body: Body) => report('closed-conversation', { error, body }),
      )
    } else say(dialogId, `You said: ${event.message}`)
    agent.publishEvent(
      { dialogId, event: { type: 'AcceptStatusEvent', status: 'READ', sequenceList: [sequence] } },
      (error: Body, body: Body) => report('read', { error, body }),
    )
  }

  agent.on('ms.MessagingEventNotification', ({ dialogId, changes }: Body) => {
    for (const change of changes) hear(dialogId, change)
  })

  agent.on('closed', (code: number) => {
    report('reconnecting', { code })
    agent.reconnect(code !== 4401 && code !== 4407 && code !== 1011)
  })
}
