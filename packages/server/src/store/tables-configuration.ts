/** Rows of what accounts configure. */
import type { ConfigurationCollection } from '../domain/configuration.ts'

export interface ConfigurationItemRow {
  account_id: string
  kind: ConfigurationCollection
  id: string
  /** JSON. */
  body: string
  is_deleted: 0 | 1
  /** The collection's revision by which it was written last. */
  revision: number
  updated_at: number
}

export interface ConfigurationRevisionRow {
  account_id: string
  collection: ConfigurationCollection
  revision: number
  /** What the next item without an id is called. */
  next_number: number
}

export interface ConfigurationTables {
  configuration_items: ConfigurationItemRow
  configuration_revisions: ConfigurationRevisionRow
}
