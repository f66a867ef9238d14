/** A collection of configuration items, made from what is special about its kind. */
import type { AccountId } from '@ringdown/protocol'
import { Refusal } from '@ringdown/protocol'
import {
  byNumber,
  type ConfigurationItem,
  type ConfigurationKind,
} from '../../domain/configuration.ts'
import type { ItemWrite } from '../../store/store.ts'
import { announceConfiguration } from '../admin/announce-configuration.ts'
import type { Reader } from '../admin/fields.ts'
import { type Body, dateText, idOut, id as idReader, known } from './members.ts'
import { type Change, type ConfigurationParts, placeOf, type Resource } from './resource.ts'

/** An item as it was sent: its id, if any, and the rest. */
export interface Given {
  readonly id?: string
  readonly body: Body
}

/** What may stand in the way of a change, of all its items at once. */
export interface Plan {
  readonly accountId: AccountId
  readonly items: readonly Given[]
  readonly place: (index: number) => string
}

export interface Kind {
  readonly kind: ConfigurationKind
  readonly paths: readonly string[]
  /** The members but the id, with their defaults. */
  readonly read: Reader<Body>
  /** As clients read it; ids inside are written by this. */
  readonly write: (body: Body) => Body
  /** What every account has without having written it. */
  readonly given?: readonly { readonly id: string; readonly body: Body }[]
  /** Replacing creates what there is not yet. */
  readonly putsAnything?: boolean
  /** Refuses what does not fit the rest of the account; may complete the items. */
  readonly check?: (plan: Plan) => Promise<void>
  readonly checkRemoval?: (accountId: AccountId, ids: readonly string[]) => Promise<void>
  readonly refine?: Resource['refine']
  /** Members that follow from the rest of the account. */
  readonly derive?: (accountId: AccountId) => Promise<(id: string) => Body>
}

const takeId = (value: unknown, at: string): Given & { readonly rest: unknown } => {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { body: {}, rest: value }
  const { id, ...rest } = value as Body
  return { body: {}, rest, ...(id != null && { id: idReader(id, at === '' ? 'id' : `${at}.id`) }) }
}

const readAll = (read: Reader<Body>, bodies: readonly unknown[]): readonly Given[] =>
  bodies.map((value, index) => {
    const at = placeOf(bodies, index)
    const { rest, id } = takeId(value, at)
    return { body: read(rest, at), ...(id !== undefined && { id }) }
  })

const refuseRepeats = (given: readonly Given[]): void => {
  const ids = given.flatMap(({ id }) => (id === undefined ? [] : [id]))
  const repeated = ids.find((id, index) => ids.indexOf(id) !== index)
  if (repeated !== undefined) throw new Refusal('bad_request', `id: ${repeated} stands twice`)
}

const wireOf =
  ({ write }: Kind, derived: (id: string) => Body) =>
  ({ id, body, isDeleted, updatedAt }: Omit<ConfigurationItem, 'kind' | 'revision'>): Body => ({
    id: idOut(id),
    deleted: isDeleted,
    ...known(write(body)),
    ...(isDeleted ? {} : derived(id)),
    // What nobody wrote has no date.
    ...(updatedAt > 0 && { dateUpdated: dateText(updatedAt) }),
  })

const nothing = (): Body => ({})

export const itemResource = (parts: ConfigurationParts, kind: Kind): Resource => {
  const { store, clock } = parts
  const { given = [], derive = async () => nothing } = kind
  const asItem = ({ id, body }: { id: string; body: Body }) => ({
    id,
    body,
    isDeleted: false,
    updatedAt: 0,
  })
  const builtIn = (id: string) => given.find((one) => one.id === id)
  const wire = async (accountId: AccountId) => wireOf(kind, await derive(accountId))

  const save = async (
    { accountId, ...change }: Change,
    bodies: readonly unknown[],
    modeOf: (item: Given) => ItemWrite['mode'],
  ) => {
    const items = readAll(kind.read, bodies)
    refuseRepeats(items)
    await kind.check?.({ accountId, items, place: (index) => placeOf(bodies, index) })
    const writes = items.map((item) => ({ ...item, mode: modeOf(item) }))
    const data = { accountId, kind: kind.kind, writes, at: clock.now(), ...change }
    const saved = await store.write('saveConfigurationItems', data)
    announceConfiguration(parts, accountId, kind.kind)
    return { revision: saved.revision, items: saved.items.map(await wire(accountId)) }
  }

  return {
    collection: kind.kind,
    paths: kind.paths,
    async list(accountId, includeDeleted) {
      const items = await store.read('configurationItems', {
        accountId,
        kind: kind.kind,
        includeDeleted,
      })
      const unwritten = given.filter(({ id }) => !items.some((item) => item.id === id))
      const all = [...items, ...unwritten.map(asItem)].toSorted(byNumber)
      return all.map(await wire(accountId))
    },
    async one(accountId, id) {
      const found = await store.read('configurationItem', { accountId, kind: kind.kind, id })
      const unwritten = builtIn(id)
      const item = found ?? (unwritten && asItem(unwritten))
      return item && (await wire(accountId))(item)
    },
    ...(kind.refine && { refine: kind.refine }),
    async create(change, bodies) {
      for (const { id = '' } of readAll(() => ({}), bodies))
        if (builtIn(id)) throw new Refusal('already_exists', `${id} already exists`)
      return save(change, bodies, () => 'create')
    },
    replace: (change, bodies) =>
      save(change, bodies, ({ id = '' }) => (kind.putsAnything || builtIn(id) ? 'put' : 'replace')),
    async remove({ accountId, ...change }, ids) {
      const fixed = ids.find(builtIn)
      if (fixed !== undefined)
        throw new Refusal('bad_request', `${fixed} belongs to every account and cannot be deleted`)
      await kind.checkRemoval?.(accountId, ids)
      const data = { accountId, kind: kind.kind, ids, at: clock.now(), ...change }
      const { revision, items } = await store.write('deleteConfigurationItems', data)
      announceConfiguration(parts, accountId, kind.kind)
      return { revision, items: items.map(await wire(accountId)) }
    },
  }
}
