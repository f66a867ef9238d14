import type { Selectable } from 'kysely'
import type { FileContent, FileUse, HostedFile } from '../../domain/hosted-file.ts'
import type { FileRow, FileUseRow } from '../tables-files.ts'

const contentOf = ({
  key,
  size,
  content_type: type,
  stored_at: storedAt,
}: Selectable<FileRow>): FileContent | undefined =>
  key === null || size === null || type === null || storedAt === null
    ? undefined
    : { key, size, type, storedAt }

export const toFile = (row: Selectable<FileRow>): HostedFile => {
  const content = contentOf(row)
  return {
    accountId: row.account_id,
    path: row.path,
    state: row.state,
    fileType: row.file_type,
    maxBytes: row.max_bytes,
    secret: row.secret,
    uploader: { kind: row.uploader_kind, id: row.uploader_id },
    createdAt: row.created_at,
    ...(content && { content }),
  }
}

export const toFileUse = (row: Selectable<FileUseRow>): FileUse => ({
  conversationId: row.conversation_id,
  dialogId: row.dialog_id,
  audience: row.audience,
})
