/** The real server with the shop's people in it, and what they do beside the pictures. */
import {
  type AgentClient,
  agentClient,
  consumerClient,
  logIn,
  type MessagingClient,
  signUp,
} from '../../packages/client/src/index.ts'
import { type TestServer, testServer } from '../../packages/server/src/testing/index.ts'
import { StoryClock } from './clock.ts'
import { begin, type Colleague, type Skill, shop, skills, type Talk } from './story.ts'

const PASSWORD = 'a morning at the shop'

export class Brand implements AsyncDisposable {
  readonly clock: StoryClock
  readonly #server: TestServer
  readonly #skillIds = new Map<Skill, string>()
  readonly #open: Disposable[] = []

  private constructor(server: TestServer, clock: StoryClock) {
    this.#server = server
    this.clock = clock
  }

  static async open(): Promise<Brand> {
    const clock = new StoryClock(begin)
    const brand = new Brand(await testServer({ clock, config: { dev: true } }), clock)
    await brand.#administer('/ringdown/v1/accounts', { id: shop.account, name: shop.name })
    for (const skill of skills) {
      const { id } = await brand.#administer(`${brand.#place}/skills`, skill)
      brand.#skillIds.set(skill.name, String(id))
    }
    return brand
  }

  get origin(): string {
    return this.#server.url
  }

  skillId(name: Skill): string {
    return this.#skillIds.get(name) as string
  }

  /** Somebody who can sign in. */
  async hire({ skills: names, ...colleague }: Colleague) {
    const body = {
      ...colleague,
      skillIds: names.map((name) => this.skillId(name)),
      password: PASSWORD,
      capacity: 12,
    }
    await this.#administer(`${this.#place}/agents`, body)
    return { loginName: colleague.loginName, password: PASSWORD }
  }

  /** Somebody at work without a screen, online. */
  async atWork(loginName: string): Promise<AgentClient> {
    const at = { origin: this.origin, account: shop.account }
    const { bearer } = await logIn(at, { username: loginName, password: PASSWORD })
    const client = this.#keep(agentClient({ ...at, token: async () => bearer }))
    await client.request('setAgentState', { availability: 'ONLINE' })
    return client
  }

  /** Opens a conversation of somebody with a name. */
  async call(caller: { firstName: string; lastName: string; skill: Skill }) {
    const { firstName, lastName, skill } = caller
    const at = { origin: this.origin, account: shop.account }
    const jwt = await signUp(at)
    const client = this.#keep(consumerClient({ ...at, token: async () => jwt }))
    await client.request('setUserProfile', { firstName, lastName } as never)
    const { conversationId } = await client.request('requestConversation', {
      skillId: this.skillId(skill),
    })
    return { client, conversationId }
  }

  #keep<Client extends MessagingClient>(client: Client): Client {
    this.#open.push(client)
    return client
  }

  get #place(): string {
    return `/api/account/${shop.account}/ringdown/v1`
  }

  async #administer(path: string, body: object): Promise<Record<string, unknown>> {
    const response = await fetch(`${this.origin}${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${this.#server.running.adminToken}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify(body),
    })
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`)
    return (await response.json()) as Record<string, unknown>
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#open) client[Symbol.dispose]()
    await this.#server[Symbol.asyncDispose]()
  }
}

/** Takes what rings next. */
export const acceptNext = async (agent: AgentClient): Promise<string> => {
  for await (const [ring] of agent.rings()) {
    if (!ring) continue
    await agent.request('updateRingState', { ringId: ring.ringId, ringState: 'ACCEPTED' })
    return ring.convId
  }
  throw new Error('The server was closed')
}

/** Plays the conversations up to a minute of the story; each line at its own. */
export const play = async (
  brand: Brand,
  { talks, at }: { talks: readonly Talk[]; at: (colleague: Colleague) => AgentClient },
): Promise<void> => {
  const dialogs = new Map<Talk, { client: MessagingClient; conversationId: string }>()
  const lines = talks.flatMap((talk) => talk.lines.map((line) => ({ talk, line })))
  for (const { talk, line } of lines.sort((one, other) => one.line.at - other.line.at)) {
    brand.clock.set(line.at)
    const isNew = !dialogs.has(talk)
    const dialog = dialogs.get(talk) ?? (await brand.call(talk))
    dialogs.set(talk, dialog)
    const speaker = line.by === 'consumer' ? dialog.client : at(talk.with)
    await speaker.say(dialog.conversationId, line.text)
    if (isNew) await acceptNext(at(talk.with))
  }
}
