import { DatabaseSync } from 'node:sqlite'

const BUSY_TIMEOUT_MS = 5_000

export type Connect = (path: string, options: { readOnly: boolean }) => DatabaseSync

export const connectToFile: Connect = (path, { readOnly }) =>
  new DatabaseSync(path, { readOnly, timeout: BUSY_TIMEOUT_MS })
