import { findFault, notifications } from '@ringdown/protocol'
import { describe, expect, it } from 'vitest'
import { dialectFor } from './dialects.ts'
import { agentIds, ringOf } from './test-fixtures.ts'

const agentV2 = dialectFor('agent', 2)
const agentV3 = dialectFor('agent', 3)

const state = {
  accountId: '70010001',
  agentId: agentIds.ana,
  userId: '777',
  availability: 'BACK_SOON',
  description: 'lunch',
  since: 1,
} as const

describe('rings', () => {
  it('[EV26] names conversation, consumer and skill beside the rings and within', () => {
    const change = agentV2.ringChange({ type: 'UPSERT', ring: ringOf(), isTaskDone: false })
    expect(JSON.parse(agentV2.ringFrame('sub-1', [change]))).toStrictEqual({
      kind: 'notification',
      type: '.ams.routing.RoutingTaskNotification',
      body: {
        subscriptionId: 'sub-1',
        changes: [
          {
            type: 'UPSERT',
            result: {
              routingTaskId: 'rt-9',
              taskCompleted: false,
              conversationId: 'conv-1',
              brandId: '70010001',
              consumerId: 'c-91f2',
              skillId: '-1',
              assignedAgentId: null,
              ringsDetails: [
                {
                  ringId: 'conv-1_70010001_1760000000350',
                  ringState: 'WAITING',
                  ringExpiration: 72_000,
                  ringExpirationTs: 1_760_000_072_350,
                  weight: 1_760_003_600_300,
                  convId: 'conv-1',
                  consumerId: 'c-91f2',
                  skillId: '-1',
                  brandId: '70010001',
                },
              ],
            },
          },
        ],
      },
    })
  })

  it('[EV26] a task that is gone still lists its rings', () => {
    const ring = ringOf({ state: 'accepted' })
    const text = agentV3.ringChange({ type: 'DELETE', ring, isTaskDone: true })
    const { type, result } = JSON.parse(text)
    expect(type).toBe('DELETE')
    expect(result).toMatchObject({ taskCompleted: true, assignedAgentId: agentIds.ana })
    expect(result.ringsDetails[0].ringState).toBe('ACCEPTED')
    const old = JSON.parse(agentV2.ringChange({ type: 'UPSERT', ring, isTaskDone: true }))
    expect(old.result.assignedAgentId).toBe('70010001.777')
  })

  it('[EV26] an empty snapshot is an empty list of changes', () => {
    expect(JSON.parse(agentV3.ringFrame('sub-1', []))).toStrictEqual({
      kind: 'notification',
      type: 'routing.RoutingTaskNotification',
      body: { subscriptionId: 'sub-1', changes: [] },
    })
  })
})

describe('published schemas', () => {
  it.each([agentV2, agentV3])('[EV26] agree with rings and states: $version', (dialect) => {
    const ring = dialect.ringChange({ type: 'DELETE', ring: ringOf(), isTaskDone: true })
    const rings = JSON.parse(dialect.ringFrame('sub-1', [ring]))
    expect(findFault(notifications.routingTask[3], rings.body, 'body')).toBeUndefined()
    const states = JSON.parse(dialect.agentStateFrame('sub-1', [dialect.agentStateChange(state)]))
    expect(findFault(notifications.agentState[3], states.body, 'body')).toBeUndefined()
  })
})

describe('agent states', () => {
  it('[EV26] names the channel that sample bots look for', () => {
    const change = agentV2.agentStateChange(state)
    expect(JSON.parse(agentV2.agentStateFrame('sub-1', [change]))).toStrictEqual({
      kind: 'notification',
      type: '.ams.routing.AgentStateNotification',
      body: {
        subscriptionId: 'sub-1',
        changes: [
          {
            type: 'UPSERT',
            result: {
              channels: ['MESSAGING'],
              agentUserId: '70010001.777',
              availability: 'BACK_SOON',
              description: 'lunch',
            },
          },
        ],
      },
    })
    const frame = JSON.parse(agentV3.agentStateFrame('sub-1', [agentV3.agentStateChange(state)]))
    expect(frame.type).toBe('routing.AgentStateNotification')
    expect(frame.body.changes[0].result.agentId).toBe(agentIds.ana)
  })

  it('[EV26] consumers are told neither', () => {
    const consumer = dialectFor('consumer', 3)
    expect(() => consumer.agentStateChange(state)).toThrow('never sent to consumers')
    expect(() => consumer.ringFrame('sub-1', [])).toThrow('never sent to consumers')
  })
})
