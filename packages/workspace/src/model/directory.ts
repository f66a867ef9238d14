/** Names of skills and people, and what is known of consumers; each is read once. */
import type { AgentClient } from '@ringdown/client'
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
  const isProven = (sde: SdeOnWire) => (sde.auth?.iss ?? '') !== '' || (sde.iss ?? '') !== ''
  const personal = sdes.map((sde) => sde.personal).find((one) => one?.firstname ?? one?.lastname)
  const name = [personal?.firstname, personal?.lastname].filter(Boolean).join(' ')
  return {
    id,
    name: name === '' ? undefined : name,
    isProven: sdes.some(isProven),
    attributes: sdes.map((sde) => ({
      type: sde.type,
      isProven: isProven(sde),
      values: flat(sde),
    })),
  }
}

export class Directory {
  readonly skills = new Value<ReadonlyMap<string, Skill>>(new Map())
  readonly people = new Value<ReadonlyMap<string, Colleague>>(new Map())
  readonly canned = new Value<readonly CannedText[]>([])
  readonly #client: AgentClient
  readonly #rest: Rest
  readonly #consumers = new Map<string, Value<Consumer | undefined>>()

  constructor(client: AgentClient, rest: Rest) {
    this.#client = client
    this.#rest = rest
    void this.refresh()
  }

  /** Names may be missing for a while: ids stand in for them. */
  async refresh(): Promise<void> {
    await Promise.allSettled([this.#readSkills(), this.#readPeople(), this.#readCanned()])
  }

  consumer(id: string): Watched<Consumer | undefined> {
    const known = this.#consumers.get(id)
    if (known) return known
    const value = new Value<Consumer | undefined>(undefined)
    this.#consumers.set(id, value)
    if (id !== '') void this.#readConsumer(id, value)
    return value
  }

  async #readConsumer(id: string, value: Value<Consumer | undefined>): Promise<void> {
    try {
      const sdes = await this.#client.request('getUserProfile', { userId: id })
      value.set(consumerOf(id, sdes as unknown as readonly SdeOnWire[]))
    } catch {
      // Asked for again when it is shown the next time.
      this.#consumers.delete(id)
    }
  }

  async #readSkills(): Promise<void> {
    const skills = await this.#rest.configuration<readonly SkillOnWire[]>(
      'le-users/skills?v=4.0&select=$all',
    )
    const shown = skills.map(({ id, name, canTransfer, skillTransferList }) => ({
      id: String(id),
      name,
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
      name: nickname || fullName || String(id),
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
            title,
            text: msg,
            skillIds: skillIds.map(String),
          })),
        ),
    )
  }
}
