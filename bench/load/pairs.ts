/** Sets up conversations, each with one consumer and one agent, both subscribed to its dialog. */
import type { ClosedJob, OpenJob, Target } from './job.ts'
import { type Client, inParallel, openAgent, openConsumer, signUp, workAsAgent } from './people.ts'
import type { Pair } from './recorder.ts'
import type { Session } from './session.ts'

export interface LoadPair extends Pair {
  readonly consumer: Client
  readonly agent: Client
}

export interface Fleet {
  readonly pairs: readonly LoadPair[]
  readonly clients: readonly Client[]
}

const WIDTH = 20
const ACCEPT_TIMEOUT_MS = 30_000

/** Who took which conversation, whoever asks first. */
class Acceptances {
  readonly #taken = new Map<string, Client>()
  readonly #waiting = new Map<string, (agent: Client) => void>()

  take(conversationId: string, agent: Client): void {
    this.#taken.set(conversationId, agent)
    this.#waiting.get(conversationId)?.(agent)
  }

  async by(conversationId: string): Promise<Client> {
    const agent = this.#taken.get(conversationId)
    if (agent) return agent
    return new Promise((resolve, reject) => {
      const late = () => reject(new Error(`nobody accepted ${conversationId}`))
      const timer = setTimeout(late, ACCEPT_TIMEOUT_MS)
      this.#waiting.set(conversationId, (agent) => {
        clearTimeout(timer)
        resolve(agent)
      })
    })
  }
}

type Setup = ClosedJob | OpenJob

const watchDialog = (session: Session, dialogId: string): Promise<unknown> =>
  session.request('ms.SubscribeMessagingEvents', { dialogId, conversationId: dialogId, fromSeq: 0 })

const watchConversations = (session: Session, agentIds?: readonly string[]): Promise<unknown> =>
  session.request('cqm.SubscribeExConversations', {
    convState: ['OPEN'],
    ...(agentIds ? { agentIds } : {}),
  })

const openAgents = async (job: Setup, acceptances: Acceptances): Promise<Client[]> => {
  const { target, agentVersion } = job
  const logins =
    target.kind === 'minimal'
      ? Array.from({ length: job.agents }, (_, i) => ({
          bearer: `agent-${i}`,
          agentId: `agent-${i}`,
          oldId: '',
        }))
      : target.agents.slice(0, job.agents)
  return inParallel(logins, WIDTH, async (login, index) => {
    const session = await openAgent(target, login, agentVersion)
    const agent: Client = { socket: index, actorId: login.agentId, session }
    if (target.kind === 'product') {
      if (job.metadata) await watchConversations(session, [login.oldId])
      const taken = (conversationId: string) => acceptances.take(conversationId, agent)
      await workAsAgent(session, target, { login, taken })
    }
    return agent
  })
}

const openConversation = async (target: Target, session: Session): Promise<string> => {
  const body = { brandId: target.account, ttrDefName: 'NORMAL' }
  const made = await session.request('cm.ConsumerRequestConversation', body)
  return made.conversationId as string
}

export const openFleet = async (job: Setup): Promise<Fleet> => {
  const { target } = job
  const acceptances = new Acceptances()
  const agents = await openAgents(job, acceptances)
  const consumers: Client[] = []
  const places = Array.from({ length: job.pairs }, (_, i) => i)
  const pairs = await inParallel(places, WIDTH, async (_, index): Promise<LoadPair> => {
    const { token, consumerId } = await signUp(target)
    const session = await openConsumer(target, token)
    const consumer: Client = { socket: agents.length + index, actorId: consumerId, session }
    consumers[index] = consumer
    if (job.metadata && target.kind === 'product') await watchConversations(session)
    const dialogId = await openConversation(target, session)
    if (target.kind === 'minimal') {
      acceptances.take(dialogId, agents[index % agents.length] as Client)
    }
    const agent = await acceptances.by(dialogId)
    await watchDialog(session, dialogId)
    // Version 2 has no such subscription worth using: its agents get the events of their dialogs unasked.
    if (job.agentVersion === '3') await watchDialog(agent.session, dialogId)
    return { dialogId, consumer, agent }
  })
  return { pairs, clients: [...agents, ...consumers] }
}

/** Closes the conversations and the sockets, so that the next run starts afresh. */
export const closeFleet = async ({ pairs, clients }: Fleet, { kind }: Target): Promise<void> => {
  if (kind === 'product') {
    await inParallel(pairs, WIDTH, ({ dialogId, consumer }) =>
      consumer.session.request('cm.UpdateConversationField', {
        conversationId: dialogId,
        conversationField: [{ field: 'ConversationStateField', conversationState: 'CLOSE' }],
      }),
    )
  }
  for (const { session } of clients) session.connection.close()
}
