/** Who is at work, in which state, and with how much to do. [HIS9] */
import type { FastifyRequest } from 'fastify'
import type { Agent } from '../../domain/account.ts'
import { type AgentActor, oldAgentId } from '../../domain/actor.ts'
import type { AgentState, Availability } from '../../domain/agent-state.ts'
import { ROOT_GROUP_ID } from '../../domain/configuration.ts'
import { isCapable } from '../../domain/permissions.ts'
import type { AgentLoad } from '../../store/store.ts'
import type { JsonObject } from '../raw-body.ts'
import type { RestParts } from '../rest-parts.ts'
import { pageMetadata } from './envelope.ts'
import { choicesIn, type Page, textsIn } from './filters.ts'
import { type Directory, groupNames, readDirectory, skillNames, times } from './names.ts'

/** Two states that take transfers only are one to these clients. [HIS10] */
const statusNames: Readonly<Record<Availability, string>> = {
  ONLINE: 'ONLINE',
  OCCUPIED: 'BACK_SOON',
  BACK_SOON: 'BACK_SOON',
  AWAY: 'AWAY',
  OFFLINE: 'OFFLINE',
}

/** What is known of an agent's work. */
interface AtWork {
  readonly agent: Agent
  readonly status: string
  readonly state: AgentState | undefined
  readonly load: Pick<AgentLoad, 'assigned' | 'ringing'>
  readonly capacity: number
  readonly isConnected: boolean
}

const readWork = async (parts: RestParts, directory: Directory): Promise<readonly AtWork[]> => {
  const { accountId } = directory
  const [account, states, loads] = await Promise.all([
    parts.store.read('account', accountId),
    parts.store.read('agentStates', accountId),
    parts.store.read('agentLoads', accountId),
  ])
  const stateOf = new Map(states.map((state) => [state.agentId, state]))
  const loadOf = new Map(loads.map((load) => [load.agentId, load]))
  return [...directory.agents.values()]
    .filter(({ isEnabled }) => isEnabled)
    .map((agent) => ({
      agent,
      state: stateOf.get(agent.id),
      status: statusNames[stateOf.get(agent.id)?.availability ?? 'OFFLINE'],
      load: loadOf.get(agent.id) ?? { assigned: 0, ringing: 0 },
      capacity: agent.capacity ?? account?.settings.defaultCapacity ?? 0,
      isConnected: parts.isAgentConnected?.(accountId, agent.id) ?? false,
    }))
}

/** Whose status the caller sees: with the right to view agents all, else those that it names. [HIS11] */
const isVisibleTo =
  (actor: AgentActor, named: readonly string[] | undefined) =>
  ({ id }: Agent): boolean =>
    id === actor.id || named !== undefined || isCapable(actor, 'view_agents')

/** Every id that clients have for an agent. */
const namesOf = ({ accountId, userId, id }: Agent): readonly string[] => [
  userId,
  id,
  oldAgentId(accountId, userId),
]

type Test = (one: AtWork) => boolean

const filterOf = (body: JsonObject): Test => {
  const agentIds = textsIn(body, 'agentIds')
  const skillIds = textsIn(body, 'skillIds')
  const groupIds = textsIn(body, 'agentGroupIds')
  const words = { ONLINE: 'ONLINE', BACK_SOON: 'BACK_SOON', AWAY: 'AWAY', OFFLINE: 'OFFLINE' }
  const choices = { ...words, OCCUPIED: 'BACK_SOON' }
  const statuses = choicesIn(body, 'status', choices) ?? choicesIn(body, 'Status', choices)
  const connected = choicesIn(body, 'connectionStates', { CONNECTED: true, DISCONNECTED: false })
  const presence = choicesIn(body, 'agentPresence', { TRUE: true, FALSE: false })
  const tests: readonly Test[] = [
    ({ agent }) => !agentIds || namesOf(agent).some((id) => agentIds.includes(id)),
    ({ isConnected }) => !presence || presence.includes(isConnected),
    ({ agent }) => !skillIds || agent.skillIds.some((id) => skillIds.includes(id)),
    ({ agent }) => !groupIds || groupIds.includes(agent.groupId ?? ROOT_GROUP_ID),
    ({ status }) => !statuses || statuses.includes(status),
    ({ isConnected }) => !connected || connected.includes(isConnected),
  ]
  return (one) => tests.every((test) => test(one))
}

const percentOf = (some: number, all: number): number =>
  all === 0 ? 0 : Math.round((some / all) * 100)

const statusRecord = (
  { agent, status, state, load, capacity, isConnected }: AtWork,
  directory: Directory,
  now: number,
): object => {
  const since = state?.since ?? agent.createdAt
  const reason = state?.description ?? ''
  const duration = Math.max(0, now - since)
  return {
    agentId: agent.userId,
    agentName: agent.fullName,
    agentNickname: agent.nickname,
    agentLoginName: agent.loginName,
    agentPid: agent.id,
    currentStatus: status,
    ...times('currentStatusStartTime', since),
    currentStatusDuration: duration,
    ...(reason !== '' && {
      currentStatusReason: reason,
      ...times('currentStatusReasonStartTime', since),
      currentStatusReasonDuration: duration,
    }),
    agentSkills: agent.skillIds.map((id) => ({
      skillId: id,
      skillName: skillNames(directory, id).name,
    })),
    ...groupNames(directory, agent),
    load: percentOf(load.assigned, capacity),
    configuredMaxSlots: capacity,
    busySlots: load.assigned,
    ringingSlots: load.ringing,
    openAssignedConversations: load.assigned,
    intenseConversations: 0,
    agentPresence: String(isConnected),
    currentConnectionState: isConnected ? 'CONNECTED' : 'DISCONNECTED',
    ...times('lastUpdatedTime', now),
  }
}

interface Asked {
  readonly actor: AgentActor
  readonly body: JsonObject
  readonly request: FastifyRequest
  readonly page: Page
}

export const agentStatus = async (
  parts: RestParts,
  { actor, body, request, page }: Asked,
): Promise<object> => {
  const directory = await readDirectory(parts, actor.accountId)
  const isWanted = filterOf(body)
  const isVisible = isVisibleTo(actor, textsIn(body, 'agentIds'))
  const found = (await readWork(parts, directory)).filter(
    (one) => isVisible(one.agent) && isWanted(one),
  )
  const now = parts.clock.now()
  const shown = found.slice(page.offset, page.offset + page.limit)
  return {
    _metadata: pageMetadata(parts, request, { count: found.length, ...page }),
    accountID: actor.accountId,
    agentStatusRecords: shown.map((one) => statusRecord(one, directory, now)),
  }
}
