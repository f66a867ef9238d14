/** One account of a random history: its people, and what they may do next. */
import type { Services } from '../../src/api/services.ts'
import { openSession } from '../../src/auth/sessions.ts'
import { subjects } from '../../src/bus/subjects.ts'
import type { Agent } from '../../src/domain/account.ts'
import { defaultSettings } from '../../src/domain/account.ts'
import { Person, type Said } from './person.ts'
import type { RoutingTruth } from './routing-truth.ts'
import type { Dice } from './seeded.ts'

const SKILLS = ['1', '2', '3']
const STATES = ['ONLINE', 'ONLINE', 'ONLINE', 'OCCUPIED', 'BACK_SOON', 'AWAY', 'OFFLINE']
const CONSUMERS = 4
/** Short, so that a history sees suggestions and rings go by. */
const settings = {
  ...defaultSettings,
  ringExpirationMs: 20_000,
  transferToAgentMaxWaitSeconds: 45,
  defaultCapacity: 2,
}

const assignee = (type: string, userId: string) => ({
  field: 'ParticipantsChange',
  type,
  role: 'ASSIGNED_AGENT',
  userId,
})
const toSkill = (skill: string) => ({ field: 'Skill', type: 'UPDATE', skill })
const closing = { field: 'ConversationStateField', conversationState: 'CLOSE' }

/** Answers that a well-meant request may get when somebody else was quicker. */
const LOST_RACES = new Set([400, 403, 404, 409])

export class Company {
  readonly id: string
  readonly #roll: Dice
  #services: Services
  #truth: RoutingTruth
  #agents: Agent[] = []
  #bearers = new Map<string, string>()
  readonly #people = new Map<string, Person>()
  readonly #listening = new Set<string>()
  /** Answers that nobody can explain. */
  readonly strange: string[] = []

  constructor(id: string, roll: Dice, world: { services: Services; truth: RoutingTruth }) {
    this.id = id
    this.#roll = roll
    this.#services = world.services
    this.#truth = world.truth
  }

  async found(): Promise<void> {
    const { store, clock } = this.#services
    const createdAt = clock.now()
    const autoAccept = this.#roll(5) === 1
    await store.write('createAccount', {
      id: this.id,
      name: this.id,
      settings: { ...settings, autoAccept },
      createdAt,
    })
    for (const id of SKILLS)
      await store.write('createSkill', {
        accountId: this.id,
        id,
        name: `skill ${id}`,
        ttr: {},
        rules: {
          groups: [],
          canTransfer: true,
          fallbackWhenAllAway: this.#roll(2) === 1,
          ...(this.#roll(3) === 1 && { fallbackSkillId: this.#pick(SKILLS) }),
        },
      })
    const count = this.#roll(4)
    for (let number = 0; number <= count; number += 1) await this.#hire(`agent-${number}`)
  }

  /** The next process: nobody is connected any more. */
  moveTo(world: { services: Services; truth: RoutingTruth }): void {
    this.#services = world.services
    this.#truth = world.truth
    this.#people.clear()
    this.#listening.clear()
  }

  /** Something that somebody does; resolves when it was answered. */
  async act(): Promise<void> {
    const acts = [
      () => this.#open(),
      () => this.#open(),
      () => this.#answer(),
      () => this.#answer(),
      () => this.#answer(),
      () => this.#connect(this.#agent()),
      () => this.#connect(this.#agent()),
      () => this.#setState(),
      () => this.#drop(),
      () => this.#close(),
      () => this.#transfer(),
      () => this.#giveBack(),
      () => this.#suggest(),
      () => this.#takeOver(),
      () => this.#train(),
    ]
    await this.#pick(acts)()
  }

  /** Everybody comes to work, and there is room for all. */
  async staffFully(): Promise<void> {
    const { store, bus } = this.#services
    for (const { userId } of this.#agents)
      await store.write('updateAgent', {
        accountId: this.id,
        userId,
        capacity: 1_000,
        skillIds: SKILLS,
      })
    bus.publish(subjects.routing(this.id), {})
    for (const agent of this.#agents) {
      await this.#connect(agent)
      await this.#ask(agent, 'routing.SetAgentState', { availability: 'ONLINE' })
    }
  }

  /** Every ring that waits is taken. */
  async acceptAll(): Promise<number> {
    const rings = this.#truth.waitingRings(this.id)
    for (const { id, agent_id } of rings) {
      const agent = this.#agents.find((one) => one.id === agent_id)
      if (agent) await this.#ask(agent, 'routing.UpdateRingState', accepting(id))
    }
    return rings.length
  }

  async #hire(loginName: string): Promise<void> {
    const { store, clock } = this.#services
    const isManager = this.#roll(4) === 1
    const agent = await store.write('createAgent', {
      accountId: this.id,
      loginName,
      fullName: loginName,
      nickname: loginName,
      email: '',
      isEnabled: true,
      isBot: false,
      roles: isManager ? ['agent', 'manager'] : ['agent'],
      skillIds: SKILLS.filter(() => this.#roll(2) === 1),
      capacity: this.#roll(4) - 1,
      createdAt: clock.now(),
    })
    this.#agents.push(agent)
    const { bearer } = await openSession(this.#services, agent)
    this.#bearers.set(agent.id, bearer)
  }

  #pick<T>(of: readonly T[]): T {
    return of[this.#roll(of.length) - 1] as T
  }

  #agent(): Agent {
    return this.#pick(this.#agents)
  }

  async #person({ id }: Agent): Promise<Person> {
    const known = this.#people.get(id)
    if (known) return known
    const { auth } = this.#services
    const actor = await auth.bearer(this.id, this.#bearers.get(id) as string)
    if (!actor) throw new Error('an agent’s login has ended')
    const person = new Person(this.#services, actor)
    this.#people.set(id, person)
    return person
  }

  #consumer(): Person {
    const id = `consumer-${this.#roll(CONSUMERS)}`
    const known = this.#people.get(id)
    if (known) return known
    const expiresAt = Number.MAX_SAFE_INTEGER
    const actor = {
      kind: 'consumer',
      accountId: this.id,
      id,
      strength: 'signup',
      expiresAt,
    } as const
    const person = new Person(this.#services, actor)
    this.#people.set(id, person)
    return person
  }

  async #ask(agent: Agent, type: string, body: object): Promise<Said> {
    return this.#judged(type, await (await this.#person(agent)).ask(type, body))
  }

  #judged(type: string, said: Said): Said {
    if (said.code >= 300 && !LOST_RACES.has(said.code))
      this.strange.push(`${type}: ${said.code} ${JSON.stringify(said.body)}`)
    return said
  }

  async #open(): Promise<void> {
    const type = 'cm.ConsumerRequestConversation'
    const skillId = this.#roll(3) === 1 ? '-1' : this.#pick(SKILLS)
    this.#judged(type, await this.#consumer().ask(type, { skillId }))
  }

  async #connect(agent: Agent): Promise<void> {
    const person = await this.#person(agent)
    if (this.#listening.has(agent.id)) return
    this.#listening.add(agent.id)
    const type = 'routing.SubscribeRoutingTasks'
    this.#judged(type, await person.ask(type, { channelType: 'MESSAGING' }))
    await this.#ask(agent, 'routing.SetAgentState', { availability: 'ONLINE' })
  }

  async #setState(): Promise<void> {
    await this.#ask(this.#agent(), 'routing.SetAgentState', { availability: this.#pick(STATES) })
  }

  async #drop(): Promise<void> {
    const { id } = this.#agent()
    this.#people.get(id)?.leave()
    this.#people.delete(id)
    this.#listening.delete(id)
  }

  /** Accepts or rejects a ring; now and then twice at once, or another's. */
  async #answer(): Promise<void> {
    const rings = this.#truth.waitingRings(this.id)
    if (rings.length === 0) return
    const ring = this.#pick(rings)
    const owner = this.#agents.find(({ id }) => id === ring.agent_id) as Agent
    const other = this.#agent()
    const type = 'routing.UpdateRingState'
    const isAccepting = this.#roll(4) > 1
    const body = isAccepting ? accepting(ring.id) : { ringId: ring.id, ringState: 'REJECTED' }
    const answers = await Promise.all([
      this.#ask(owner, type, body),
      ...(this.#roll(3) === 1 ? [this.#ask(other, type, accepting(ring.id))] : []),
    ])
    const [own, others] = answers
    if (others?.code === 200 && other.id !== owner.id) this.strange.push('another’s ring was taken')
    if (isAccepting && own?.code !== 200 && own?.code !== 409)
      this.strange.push(`an accept was answered ${own?.code}`)
  }

  #anyOpen(isAssigned: boolean) {
    const all = this.#truth
      .open(this.id)
      .filter(({ assigned_agent_id }) => (assigned_agent_id !== null) === isAssigned)
    return all.length === 0 ? undefined : this.#pick(all)
  }

  #assigned(): { id: string; agent: Agent } | undefined {
    const found = this.#anyOpen(true)
    const agent = this.#agents.find(({ id }) => id === found?.assigned_agent_id)
    return found && agent ? { id: found.id, agent } : undefined
  }

  async #change(agent: Agent, conversationId: string, ...conversationField: object[]) {
    await this.#ask(agent, 'cm.UpdateConversationField', { conversationId, conversationField })
  }

  async #close(): Promise<void> {
    const found = this.#anyOpen(this.#roll(2) === 1)
    if (!found) return
    const consumer = this.#people.get(found.consumer_id)
    const body = { conversationId: found.id, conversationField: [closing] }
    const type = 'cm.UpdateConversationField'
    if (consumer) this.#judged(type, await consumer.ask(type, body))
    else await this.#change(this.#agent(), found.id, closing)
  }

  async #transfer(): Promise<void> {
    const found = this.#assigned()
    if (!found) return
    const { agent, id } = found
    await this.#change(agent, id, assignee('REMOVE', agent.id), toSkill(this.#pick(SKILLS)))
  }

  async #giveBack(): Promise<void> {
    const found = this.#assigned()
    if (found) await this.#change(found.agent, found.id, assignee('REMOVE', found.agent.id))
  }

  async #suggest(): Promise<void> {
    const found = this.#assigned()
    if (!found) return
    const { agent, id } = found
    const target = this.#agent()
    const skill = target.skillIds.length > 0 ? this.#pick(target.skillIds) : '-1'
    await this.#change(
      agent,
      id,
      assignee('SUGGEST', target.id),
      assignee('REMOVE', agent.id),
      toSkill(skill),
    )
  }

  async #takeOver(): Promise<void> {
    const manager = this.#agents.find(({ roles }) => roles.includes('manager'))
    const found = this.#assigned()
    if (!manager || !found) return
    const { id, agent } = found
    await this.#change(manager, id, assignee('REMOVE', agent.id), assignee('ADD', manager.id))
  }

  /** An agent learns something, or is given more room. */
  async #train(): Promise<void> {
    const { store, bus } = this.#services
    const agent = this.#agent()
    const { userId, capacity = 0 } = agent
    const change = { capacity: capacity + 1, skillIds: SKILLS.filter(() => this.#roll(2) === 1) }
    const changed = await store.write('updateAgent', { accountId: this.id, userId, ...change })
    this.#agents = this.#agents.map((one) => (one.id === agent.id ? changed : one))
    bus.publish(subjects.routing(this.id), {})
  }
}

const accepting = (ringId: string) => ({ ringId, ringState: 'ACCEPTED' })
