import type { Selectable } from 'kysely'
import type { ConfigurationItem } from '../../domain/configuration.ts'
import type { ConfigurationItemRow } from '../tables-configuration.ts'
import { parsed } from './optional.ts'

export const toConfigurationItem = (row: Selectable<ConfigurationItemRow>): ConfigurationItem => ({
  kind: row.kind,
  id: row.id,
  body: parsed(row.body),
  isDeleted: row.is_deleted === 1,
  revision: row.revision,
  updatedAt: row.updated_at,
})
