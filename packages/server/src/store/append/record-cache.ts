import type { DialogRecord } from './dialog-record.ts'
import { recordKey } from './dialog-record.ts'

/** Dialogs whose next sequence is kept in memory. */
const REMEMBERED_DIALOGS = 10_000

/** The most recently used records of dialogs, by account and id. */
export interface RecordCache {
  get(name: string): DialogRecord | undefined
  set(name: string, record: DialogRecord): void
  /** Drops what is known of dialogs that another command changed. */
  forget(accountId: string, dialogIds: readonly string[]): void
  drop(name: string): void
  clear(): void
}

/** Records that `mustStay` says are needed are not pushed out. */
export const recordCache = (mustStay: (name: string) => boolean = () => false): RecordCache => {
  const records = new Map<string, DialogRecord>()
  return {
    get: (name) => records.get(name),
    set(name, record) {
      records.delete(name)
      records.set(name, record)
      if (records.size <= REMEMBERED_DIALOGS) return
      for (const oldest of records.keys()) {
        if (records.size <= REMEMBERED_DIALOGS) return
        if (!mustStay(oldest)) records.delete(oldest)
      }
    },
    forget(accountId, dialogIds) {
      for (const id of dialogIds) records.delete(recordKey(accountId, id))
    },
    drop: (name) => {
      records.delete(name)
    },
    clear: () => records.clear(),
  }
}
