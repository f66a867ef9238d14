/**
 * Takes rings and passes each conversation on to the agent who served the consumer best before:
 * looks the consumer's conversations up, asks whether that agent is there, and suggests it.
 */
import { request } from 'node:https'
import type { Body, SdkAgent } from './agent-sdk.ts'
import type { Report } from './runner.ts'

const post = (agent: SdkAgent, path: string, body: object): Promise<Body> =>
  new Promise((resolve, reject) => {
    const { csdsDomain, accountId } = agent.conf
    const url = `https://${csdsDomain}/messaging_history/api/account/${accountId}/${path}`
    const headers = {
      authorization: `Bearer ${agent.token}`,
      'content-type': 'application/json',
    }
    const call = request(url, { method: 'POST', headers }, async (response) => {
      const chunks: Buffer[] = []
      for await (const chunk of response) chunks.push(chunk as Buffer)
      resolve(JSON.parse(Buffer.concat(chunks).toString()))
    })
    call.on('error', reject)
    call.end(JSON.stringify(body))
  })

export const transferBot = (agent: SdkAgent, report: Report): void => {
  const seen = new Set<string>()

  const formerAgent = async (consumer: string): Promise<string | undefined> => {
    const search = 'conversations/consumer/search?offset=0&limit=10'
    const found = await post(agent, search, { consumer, contentToRetrieve: [] })
    const rated = found.conversationHistoryRecords
      .map(({ info }: Body) => info)
      .filter(({ mcs, latestAgentId }: Body) => mcs && latestAgentId !== agent.userId)
      .toSorted((one: Body, other: Body) => other.mcs - one.mcs)
    return rated[0]?.latestAgentId
  }

  const isThere = async (agentId: string): Promise<boolean> => {
    const found = await post(agent, 'agent-view/status', { agentIds: [agentId] })
    return found.agentStatusRecords[0]?.currentStatus === 'ONLINE'
  }

  const suggest = (conversationId: string, agentId: string, skill: string) => {
    const role = 'ASSIGNED_AGENT'
    const { accountId } = agent.conf
    const suggestion = { field: 'ParticipantsChange', type: 'SUGGEST', role }
    const removal = { field: 'ParticipantsChange', type: 'REMOVE', role, userId: agent.agentId }
    agent.updateConversationField(
      {
        conversationId,
        // Real bots send it along; it means nothing here.
        dialogId: conversationId,
        conversationField: [
          { ...suggestion, userId: `${accountId}.${agentId}` },
          removal,
          { field: 'Skill', type: 'UPDATE', skill },
        ],
      },
      (error: Body, body: Body) => report('suggested', { conversationId, error, body }),
    )
  }

  const passOn = async (conversationId: string, consumerId: string, skill: string) => {
    const former = await formerAgent(consumerId)
    const isOnline = former !== undefined && (await isThere(former))
    report('looked-up', { conversationId, former, isOnline })
    if (former !== undefined && isOnline) suggest(conversationId, former, skill)
  }

  agent.on('connected', () => {
    // From now on every reconnect uses the same bearer, and the own id reads `<account>.undefined`.
    Object.assign(agent.conf, { token: agent.token })
    agent.setAgentState({ availability: 'ONLINE' })
    agent.subscribeExConversations({ agentIds: [agent.agentId], convState: ['OPEN'] })
    agent.subscribeRoutingTasks({})
  })

  agent.on('routing.RoutingTaskNotification', ({ changes }: Body) => {
    for (const { result } of changes)
      for (const { ringId, ringState } of result.ringsDetails)
        if (ringState === 'WAITING')
          agent.updateRingState({ ringId, ringState: 'ACCEPTED' }, (error: Body) => {
            if (error) report('refused', { error })
          })
  })

  agent.on('cqm.ExConversationChangeNotification', ({ changes }: Body) => {
    for (const { type, result } of changes) {
      const { participants, skillId } = result.conversationDetails
      report('conversation', { type, id: result.convId })
      if (type === 'DELETE' || seen.has(result.convId)) continue
      seen.add(result.convId)
      const consumerId = participants.find(({ role }: Body) => role === 'CONSUMER').id
      passOn(result.convId, consumerId, skillId).catch((error: Error) =>
        report('failed', { error: error.message }),
      )
    }
  })

  agent.on('closed', () => agent.reconnect())
}
