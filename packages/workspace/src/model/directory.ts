/** Names of skills and people, and what is known of consumers; each is read once. */
import type { AgentClient } from '@ringdown/client'
import { plainName } from '@ringdown/client/links'
import { type Copy, fitting } from './copy.ts'
import { NewestFirst } from './newest-first.ts'
import type { Rest } from './rest.ts'
import { Value, type Watched } from './value.ts'

export interface Skill {
  readonly id: string
  readonly name: string
  /** Skills to which its conversations may go; nothing means any. */
  readonly transfersTo: readonly string[] | undefined
}

export interface Colleague {
  readonly id: string
  readonly userId: string
  readonly name: string
}

export interface Attribute {
  readonly type: string
  readonly isProven: boolean
  readonly values: readonly (readonly [name: string, value: string])[]
}

export interface Consumer {
  readonly id: string
  readonly name: string | undefined
  /** Whether the brand vouches for who this is. */
  readonly isProven: boolean
  /** Who says so. */
  readonly issuer: string | undefined
  readonly attributes: readonly Attribute[]
}

export interface CannedText {
  readonly id: string
  readonly title: string
  readonly text: string
  readonly skillIds: readonly string[]
}

interface SdeOnWire {
  readonly type: string
  readonly iss?: string
  readonly acr?: string
  readonly auth?: { readonly iss?: string }
  readonly personal?: { readonly firstname?: string; readonly lastname?: string }
}

interface SkillOnWire {
  readonly id: number | string
  readonly name: string
  readonly canTransfer?: boolean
  readonly skillTransferList?: readonly (number | string)[] | null
}

interface UserOnWire {
  readonly id: number | string
  readonly pid: string
  readonly nickname?: string
  readonly fullName?: string
}

interface CannedOnWire {
  readonly id: number | string
  readonly enabled: boolean
  readonly data: readonly { readonly title: string; readonly msg: string }[]
  readonly skillIds?: readonly (number | string)[]
}

const unshown = new Set(['type', 'auth', 'acr', 'iss', 'serverTimeStamp', 'originalTimeStamp'])

const flat = (value: unknown, path = ''): readonly (readonly [string, string])[] => {
  if (value === null || value === undefined) return []
  if (typeof value !== 'object') return [[path, String(value)]]
  return Object.entries(value).flatMap(([name, inner]) => {
    if (path === '' && unshown.has(name)) return []
    const isNumber = Array.isArray(value)
    return flat(inner, isNumber ? path : name)
  })
}

export const consumerOf = (id: string, sdes: readonly SdeOnWire[]): Consumer => {
  const issuerOf = (sde: SdeOnWire) => sde.auth?.iss || sde.iss || undefined
  const isProven = (sde: SdeOnWire) => issuerOf(sde) !== undefined
  const personal = sdes.map((sde) => sde.personal).find((one) => one?.firstname ?? one?.lastname)
  const name = plainName([personal?.firstname, personal?.lastname].filter(Boolean).join(' '))
  return {
    id,
    name: name === '' ? undefined : name,
    isProven: sdes.some(isProven),
    issuer: sdes.map(issuerOf).find((one) => one !== undefined),
    attributes: sdes.map((sde) => ({
      type: sde.type,
      isProven: isProven(sde),
      values: flat(sde),
    })),
  }
}

interface Names {
  readonly skills: readonly Skill[]
  readonly people: readonly Colleague[]
  readonly consumers: readonly Consumer[]
}

/** More than anybody scrolls through; who was looked at longest ago is asked for again. */
const MOST_CONSUMERS = 20_000
const MOST_KEPT = 200

const byId = <T extends { readonly id: string }>(all: readonly T[]): ReadonlyMap<string, T> =>
  new Map(all.map((one) => [one.id, one]))

export class Directory {
  readonly skills: Value<ReadonlyMap<string, Skill>>
  readonly people: Value<ReadonlyMap<string, Colleague>>
  readonly canned = new Value<readonly CannedText[]>([])
  readonly #client: AgentClient
  readonly #rest: Rest
  readonly #copy: Pick<Copy, 'read' | 'save'>
  readonly #consumers = new Map<string, Value<Consumer | undefined>>()
  /** As they were before the page was loaded again. */
  readonly #before: ReadonlyMap<string, Consumer>
  readonly #reading = new NewestFirst((id: string) => this.#readConsumer(id))
  /** Could not be read. */
  readonly #missing = new Set<string>()
  #isWhole = false

  constructor(client: AgentClient, rest: Rest, copy: Pick<Copy, 'read' | 'save'>) {
    this.#client = client
    this.#rest = rest
    this.#copy = copy
    const { skills, people, consumers } = copy.read<Names>('names') ?? {
      skills: [],
      people: [],
      consumers: [],
    }
    this.skills = new Value(byId(skills))
    this.people = new Value(byId(people))
    this.#before = byId(consumers)
    void this.refresh()
  }

  /** Names may be missing for a while: ids stand in for them. */
  async refresh(): Promise<void> {
    const reading = [this.#readSkills(), this.#readPeople(), this.#readCanned()]
    const outcomes = await Promise.allSettled(reading)
    this.#isWhole = outcomes.every(({ status }) => status === 'fulfilled')
    this.#keep()
  }

  /** Reads again what could not be read while there was no connection. */
  reconnected(): void {
    if (!this.#isWhole) void this.refresh()
    const ids = [...this.#missing]
    this.#missing.clear()
    for (const id of ids) {
      if (this.#consumers.has(id)) this.#reading.want(id)
    }
  }

  /** What is known of a consumer without asking for it. */
  known(id: string): Consumer | undefined {
    return this.#consumers.get(id)?.get() ?? this.#before.get(id)
  }

  /** A consumer who is shown: asked for, soon unless many more are shown after it. */
  consumer(id: string): Watched<Consumer | undefined> {
    const before = this.#consumers.get(id)
    if (before) {
      if (id !== '' && before.get() === undefined && !this.#missing.has(id)) this.#reading.want(id)
      return before
    }
    const value = new Value<Consumer | undefined>(this.#before.get(id))
    this.#consumers.set(id, value)
    const [oldest] = this.#consumers.keys()
    if (this.#consumers.size > MOST_CONSUMERS && oldest !== undefined)
      this.#consumers.delete(oldest)
    if (id !== '') this.#reading.want(id)
    return value
  }

  async #readConsumer(id: string): Promise<void> {
    const value = this.#consumers.get(id)
    if (!value) return
    try {
      const sdes = await this.#client.request('getUserProfile', { userId: id })
      value.set(consumerOf(id, sdes as unknown as readonly SdeOnWire[]))
      this.#keep()
    } catch {
      this.#missing.add(id)
    }
  }

  #keep(): void {
    this.#copy.save('names', (): Names => {
      const consumers = [...this.#consumers.values()].map((one) => one.get())
      return {
        skills: [...this.skills.get().values()],
        people: fitting(this.people.get().values(), MOST_KEPT),
        consumers: consumers.filter((one) => one !== undefined).slice(-MOST_KEPT),
      }
    })
  }

  async #readSkills(): Promise<void> {
    const skills = await this.#rest.configuration<readonly SkillOnWire[]>(
      'le-users/skills?v=4.0&select=$all',
    )
    const shown = skills.map(({ id, name, canTransfer, skillTransferList }) => ({
      id: String(id),
      name: plainName(name) || String(id),
      transfersTo: canTransfer === false ? [] : skillTransferList?.map(String),
    }))
    this.skills.set(new Map(shown.map((skill) => [skill.id, skill])))
  }

  async #readPeople(): Promise<void> {
    const users = await this.#rest.configuration<readonly UserOnWire[]>(
      'le-users/users?v=4.0&select=$all',
    )
    const shown = users.map(({ id, pid, nickname, fullName }) => ({
      id: pid,
      userId: String(id),
      name: plainName(nickname) || plainName(fullName) || String(id),
    }))
    this.people.set(new Map(shown.map((one) => [one.id, one])))
  }

  async #readCanned(): Promise<void> {
    const items = await this.#rest.configuration<readonly CannedOnWire[]>(
      'engagement-window/canned-responses?v=2.0',
    )
    this.canned.set(
      items
        .filter(({ enabled }) => enabled)
        .flatMap(({ id, data, skillIds = [] }) =>
          data.map(({ title, msg }) => ({
            id: `${id}-${title}`,
            title: plainName(title),
            text: msg,
            skillIds: skillIds.map(String),
          })),
        ),
    )
  }
}
