/** Hosted files: who put what where, and which events name it. The bytes are in the file store. */
import type { DialogId, Timestamp } from '@ringdown/protocol'
import type { FileContent, FileUse, HostedFile, IssuedFile } from '../../domain/hosted-file.ts'
import type { Call, InAccount } from './call.ts'

type NamedFile<T = unknown> = InAccount<T & { readonly path: string }>

export interface FileCommands {
  /** Gives out an address. Refuses with too_many_requests (more than `perHour` by this uploader)
   *  and file_storage_full (all files of the account take `storageBytes`); 0 means no limit. */
  issueFile: Call<
    { file: IssuedFile; quota: { perHour: number; storageBytes: number } },
    HostedFile
  >
  /** Says that bytes are about to be kept under `key`: should nothing come of it, they are
   *  left over from `dueAt` on. Refuses with file_address_used unless the file is `issued`. */
  beginUpload: Call<NamedFile<{ key: string; dueAt: Timestamp }>, null>
  /** The durable bytes under `key` become the file's. Of several uploads the first one wins, the
   *  others are refused with file_address_used. */
  finishUpload: Call<NamedFile<{ content: FileContent }>, HostedFile>
  /** Takes no bytes any more. Refuses with file_address_used unless the file is `issued`. */
  blockFile: Call<NamedFile, null>
  /** Records that an event names the file. Refuses with file_not_found. */
  useFile: Call<NamedFile<FileUse>, null>
  /** Forgets the file and its uses; its bytes are left over from `at` on. */
  removeFile: Call<NamedFile<{ at: Timestamp }>, { removed: boolean }>
  /** Does that, over all accounts, with files that no event has named since `before`; at most
   *  `limit` of them. Resolves to how many. */
  removeUnusedFiles: Call<{ before: Timestamp; at: Timestamp; limit: number }, number>
  /** Forgets leftovers whose bytes are gone. */
  forgetLeftovers: Call<{ keys: readonly string[] }, null>
}

export interface FileQueries {
  file: Call<NamedFile, HostedFile | undefined>
  /** With `participantId` only uses in dialogs of that participant, with
   *  `consumerId` only those in the consumer's conversations. */
  fileUses: Call<
    NamedFile<{
      participantId?: string
      consumerId?: string
      dialogId?: DialogId
      limit: number
    }>,
    readonly FileUse[]
  >
  /** Keys of bytes that belong to no file, over all accounts. */
  leftoverFiles: Call<{ dueAt: Timestamp; limit: number }, readonly string[]>
}
