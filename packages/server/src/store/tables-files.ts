/** Rows of hosted files. */
import type { Audience } from '../domain/event.ts'
import type { FileState, Uploader } from '../domain/hosted-file.ts'

export interface FileRow {
  account_id: string
  path: string
  state: FileState
  file_type: string
  max_bytes: number
  secret: string
  uploader_kind: Uploader['kind']
  uploader_id: string
  created_at: number
  /** 1 once an event named it. */
  is_used: 0 | 1
  key: string | null
  size: number | null
  content_type: string | null
  stored_at: number | null
}

export interface FileUseRow {
  account_id: string
  path: string
  conversation_id: string
  dialog_id: string
  audience: Audience
}

/** What the stored files of an account take, so that nobody has to add it up. */
export interface FileSpaceRow {
  account_id: string
  bytes: number
}

/** Bytes without a file, or with one that has not come about yet. */
export interface FileLeftoverRow {
  key: string
  due_at: number
}

export interface FileTables {
  files: FileRow
  file_uses: FileUseRow
  file_space: FileSpaceRow
  file_leftovers: FileLeftoverRow
}
