/** Consumers and agents on their sockets, through the public protocol only. */
import { Connection } from './connection.ts'
import type { AgentLogin, Target } from './job.ts'
import type { Party } from './recorder.ts'
import { Session } from './session.ts'

export interface Client extends Party {
  readonly session: Session
}

/** Runs `work` over the items, at most `width` at once; results in the items' order. */
export const inParallel = async <Item, Made>(
  items: readonly Item[],
  width: number,
  work: (item: Item, index: number) => Promise<Made>,
): Promise<Made[]> => {
  const made: Made[] = []
  let next = 0
  const worker = async () => {
    for (let index = next++; index < items.length; index = next++) {
      made[index] = await work(items[index] as Item, index)
    }
  }
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker))
  return made
}

const origin = ({ address }: Target): string => {
  const host = address.ca ? 'localhost' : address.host
  return `${address.ca ? 'https' : 'http'}://${host}:${address.port}`
}

/** A new consumer: its token, and the id that its token names. */
export const signUp = async (target: Target): Promise<{ token: string; consumerId: string }> => {
  if (target.kind === 'minimal') {
    const token = `consumer-${crypto.randomUUID()}`
    return { token, consumerId: token }
  }
  const url = `${origin(target)}/api/account/${target.account}/signup`
  const response = await fetch(url, { method: 'POST' })
  if (!response.ok) throw new Error(`signup: ${response.status} ${await response.text()}`)
  const { jwt } = (await response.json()) as { jwt: string }
  const payload = Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()
  return { token: jwt, consumerId: (JSON.parse(payload) as { sub: string }).sub }
}

const socketPath = ({ account }: Target): string => `/ws_api/account/${account}/messaging`

export const openConsumer = async (target: Target, token: string): Promise<Session> => {
  const path = `${socketPath(target)}/consumer?v=3`
  const connection = await Connection.open(target.address, path, [`Authorization: jwt ${token}`])
  return new Session(connection)
}

export const openAgent = async (
  target: Target,
  { bearer }: AgentLogin,
  version: string,
): Promise<Session> => {
  const path = `${socketPath(target)}/brand/${bearer}?v=${version}`
  return new Session(await Connection.open(target.address, path))
}

interface TaskChange {
  readonly result: {
    readonly conversationId: string
    readonly ringsDetails: readonly { readonly ringId: string; readonly ringState: string }[]
  }
}

export interface AgentWork {
  readonly login: AgentLogin
  /** Learns of each conversation that rings. */
  readonly rung?: (conversationId: string) => void
  readonly taken: (conversationId: string) => void
}

/** Goes online and accepts whatever rings; `taken` learns of each conversation. */
export const workAsAgent = async (
  session: Session,
  { account }: Target,
  { login, rung, taken }: AgentWork,
): Promise<void> => {
  const accept = async (conversationId: string, ringId: string) => {
    const body = { ringId, ringState: 'ACCEPTED' }
    await session.request('.ams.routing.UpdateRingState', body)
    taken(conversationId)
  }
  const ringing = new Set<string>()
  session.onNotification = ({ type, body }) => {
    if (!type.endsWith('outingTaskNotification')) return
    for (const { result } of body.changes as TaskChange[]) {
      for (const { ringId, ringState } of result.ringsDetails) {
        if (ringState !== 'WAITING' || ringing.has(ringId)) continue
        ringing.add(ringId)
        rung?.(result.conversationId)
        accept(result.conversationId, ringId).catch((error: Error) => session.fail(error))
      }
    }
  }
  await session.request('.ams.routing.SetAgentState', {
    availability: 'ONLINE',
    channels: ['MESSAGING'],
    agentUserId: login.oldId,
  })
  await session.request('.ams.routing.SubscribeRoutingTasks', {
    channelType: 'MESSAGING',
    agentId: login.oldId,
    brandId: account,
  })
}
