/** A file that somebody shares: an address given out first, then bytes, then events that name it. */
import type { AccountId, ConversationId, DialogId, Timestamp } from '@ringdown/protocol'
import type { Conversation } from './conversation.ts'
import type { Audience } from './event.ts'

/** `issued`: no bytes yet. `stored`: the bytes are durable. `blocked`: the scanner refused them. */
export type FileState = 'issued' | 'stored' | 'blocked'

export interface Uploader {
  readonly kind: 'consumer' | 'agent'
  /** Consumer id, or the agent's public id. */
  readonly id: string
}

/** What was agreed when the upload address was given out. */
export interface IssuedFile {
  readonly accountId: AccountId
  /** Starts with `/`; events and requests name the file by it. */
  readonly path: string
  /** As declared, in capitals: `PNG`. */
  readonly fileType: string
  /** As declared; more are not taken. */
  readonly maxBytes: number
  /** Signs the file's addresses; goes with the file. */
  readonly secret: string
  readonly uploader: Uploader
  readonly createdAt: Timestamp
}

export interface HostedFile extends IssuedFile {
  readonly state: FileState
  /** Of stored files: where the bytes are. */
  readonly content?: FileContent
}

export interface FileContent {
  /** Random; names the bytes in the file store. */
  readonly key: string
  readonly size: number
  /** What the bytes are, in capitals: `JPG`. May differ from what was declared. [FIL6] */
  readonly type: string
  readonly storedAt: Timestamp
}

/** An event that named the file. */
export interface FileUse {
  readonly conversationId: ConversationId
  readonly dialogId: DialogId
  readonly audience: Audience
}

/** A use with the conversation it is in. */
export interface PlacedUse extends FileUse {
  readonly conversation: Conversation
  /** Whether who asks is known to serve its consumer, all of whose conversations it may read then. [HIS2] */
  readonly isServed: boolean
}

/** What one account lets its people share. */
export interface FileSharing {
  readonly consumers: boolean
  readonly agents: boolean
  readonly maxFileBytes: number
  /** Types that may be uploaded, in capitals. */
  readonly fileTypes: readonly string[]
  /** Upload addresses per person and hour; 0 means no limit. */
  readonly uploadsPerHour: number
  /** Bytes that all files of the account may take; 0 means no limit. */
  readonly storageBytes: number
}

export const defaultFileSharing: FileSharing = {
  consumers: true,
  agents: true,
  maxFileBytes: 3 * 1024 * 1024,
  fileTypes: ['JPG', 'JPEG', 'PNG', 'GIF', 'IMG', 'TXT', 'PDF'],
  uploadsPerHour: 200,
  storageBytes: 0,
}
