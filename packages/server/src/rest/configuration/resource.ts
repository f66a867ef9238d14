/** What every collection of the configuration interface can do; the routes are the same for all. */
import type { AccountId } from '@ringdown/protocol'
import type { AuditNote } from '../../domain/audit.ts'
import type { ConfigurationCollection } from '../../domain/configuration.ts'
import type { AdministrationParts } from '../admin/administration-parts.ts'
import type { Body } from './members.ts'

export interface Change {
  readonly accountId: AccountId
  /** Refuses with `revision_changed` when the collection has another one. [ADM5] */
  readonly expectedRevision?: number
  /** Who changes it. [AG53] */
  readonly audit: AuditNote
}

export interface Changed {
  readonly revision: number
  readonly items: readonly Body[]
}

export interface Resource {
  readonly collection: ConfigurationCollection
  /** Under `…/configuration`. */
  readonly paths: readonly string[]
  /** In the order of ids, whole and with the expanded members. */
  list(accountId: AccountId, includeDeleted: boolean): Promise<readonly Body[]>
  /** Undefined when there is none. */
  one(accountId: AccountId, id: string): Promise<Body | undefined>
  /** What the query asks of a list beside `select`. */
  refine?(accountId: AccountId, items: readonly Body[], query: Body): Promise<readonly Body[]>
  create(change: Change, bodies: readonly unknown[]): Promise<Changed>
  /** Each body carries its id. */
  replace(change: Change, bodies: readonly unknown[]): Promise<Changed>
  remove(change: Change, ids: readonly string[]): Promise<Changed>
}

export type ConfigurationParts = AdministrationParts

/** Where a body of a request stands, for refusals: a list is named by its index. */
export const placeOf = (bodies: readonly unknown[], index: number): string =>
  bodies.length === 1 ? '' : `[${index}]`
