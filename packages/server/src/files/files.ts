/**
 * Files from the address to the bytes:
 *
 *   address given out → bytes spooled, judged, put into the file store → the row says `stored`
 *
 * The row changes after the bytes are durable, in one transaction with the note that says what to
 * sweep should the process end before. Nothing else makes bytes readable. [FIL4] [FIL5]
 */

import { readFile } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { type AccountId, Refusal } from '@ringdown/protocol'
import type { Context } from '../context.ts'
import type { Account } from '../domain/account.ts'
import type { AgentActor } from '../domain/actor.ts'
import type { FileContent, FileSharing, HostedFile, Uploader } from '../domain/hosted-file.ts'
import { mintFileToken, readFileToken } from './download-token.ts'
import {
  type FileAddress,
  isGenuine,
  newPath,
  type ShownAddress,
  signedAddress,
} from './file-address.ts'
import { type ByteRange, type FileStore, FileStoreFailure } from './file-store.ts'
import { declaredType } from './file-types.ts'
import { inspect } from './inspect/inspect.ts'
import type { Scanner } from './scanner.ts'
import { type Spooled, spool, sweepSpool } from './spool.ts'
import { Turns } from './turns.ts'
import { UploadSlots } from './upload-slots.ts'

const HOUR_MS = 3_600_000
/** No upload takes so long: what it left over may go. */
const LEFTOVER_MS = HOUR_MS
/** With the time between sweeps less than a day. [FIL13] */
const UNUSED_MS = 22 * HOUR_MS
const FIRST_SWEEP_MS = 60_000
const SWEEP_AT_ONCE = 500
/** Judging holds a whole file in memory. */
const JUDGED_AT_ONCE = 4

export interface FilesParts extends Pick<Context, 'store' | 'clock' | 'ids' | 'log' | 'config'> {
  readonly bytes: FileStore
  readonly accounts: { get(id: AccountId): Promise<Account | undefined> }
  readonly scanner?: Scanner
  /** Seals agents' keys to files. */
  readonly tokenSecret: Buffer
}

export interface Upload extends ShownAddress {
  readonly accountId: AccountId
  readonly path: string
  readonly body: Readable
  /** As the client says; absent when it does not. */
  readonly length?: number
}

export interface Download extends ShownAddress {
  readonly accountId: AccountId
  readonly path: string
  /** Stands for the address where that is not good. */
  readonly token?: string | undefined
}

export interface FileRequest {
  readonly accountId: AccountId
  readonly uploader: Uploader
  readonly fileSize: number
  readonly fileType: string
}

/** The disk or the store of the bytes failed, as opposed to the client. */
const isOutage = (error: unknown): boolean => {
  if (error instanceof Refusal) return false
  if (error instanceof FileStoreFailure) return true
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
}

export class Files implements Disposable {
  readonly #parts: FilesParts
  readonly #judging = new Turns(JUDGED_AT_ONCE)
  readonly #timers = new DisposableStack()
  readonly #slots: UploadSlots

  constructor(parts: FilesParts) {
    this.#parts = parts
    this.#slots = new UploadSlots(parts.config.limits)
    const sweep = () =>
      void this.sweep().catch((error: unknown) =>
        parts.log.warn({ err: error }, 'Files could not be swept; it is tried again in an hour'),
      )
    this.#timers.use(parts.clock.after(FIRST_SWEEP_MS, sweep))
    this.#timers.use(parts.clock.every(HOUR_MS, sweep))
  }

  /** An address to which the bytes of a new file can be put. */
  async issue({ accountId, uploader, fileSize, fileType }: FileRequest): Promise<FileAddress> {
    const sharing = await this.#sharing(accountId)
    if (!sharing[uploader.kind === 'consumer' ? 'consumers' : 'agents'])
      throw new Refusal('file_sharing_off')
    const declared = declaredType(fileType, sharing.fileTypes)
    if (declared === undefined) throw new Refusal('file_type_not_supported')
    if (fileSize > sharing.maxFileBytes) throw new Refusal('file_too_large')
    if (fileSize < 1)
      throw new Refusal('bad_request', 'Bad request: body.fileSize must be at least 1')
    const { store, clock, ids } = this.#parts
    const now = clock.now()
    const about = { accountId, uploader, fileType: declared }
    const file = await store.write('issueFile', {
      file: {
        ...about,
        path: newPath({ ...about, uuid: ids.uuid(), now }),
        maxBytes: fileSize,
        secret: ids.secret(32),
        createdAt: now,
      },
      quota: { perHour: sharing.uploadsPerHour, storageBytes: sharing.storageBytes },
    })
    return signedAddress(file, 'PUT', this.#expiry())
  }

  /** An address from which the bytes can be read. */
  downloadAddress(file: HostedFile): FileAddress {
    return signedAddress(file, 'GET', this.#expiry())
  }

  /** An agent's key to the files that are the agent's business. */
  downloadToken({ accountId, id }: Pick<AgentActor, 'accountId' | 'id'>): string {
    const token = { accountId, agentId: id, expiresAt: this.#expiry() }
    return mintFileToken(this.#parts.tokenSecret, token)
  }

  /** Takes the bytes of a file; resolves when they are durable. */
  async receive(upload: Upload): Promise<HostedFile> {
    const file = await this.#shown(upload)
    if (file.state !== 'issued') throw new Refusal('file_address_used')
    if ((upload.length ?? 0) > file.maxBytes) throw new Refusal('file_too_large')
    using _slot = this.#slots.take(file)
    try {
      return await this.#keep(file, upload.body)
    } catch (error) {
      if (!isOutage(error)) throw error
      this.#parts.log.error({ err: error }, 'An upload could not be kept')
      throw new Refusal('unavailable', 'The file store is not available', { cause: error })
    }
  }

  /** What an address for reading leads to. */
  async find(download: Download): Promise<{ file: HostedFile; content: FileContent }> {
    const file = await this.#readable(download)
    if (file.state !== 'stored' || !file.content) throw new Refusal('file_not_found')
    return { file, content: file.content }
  }

  async read({ key }: FileContent, range?: ByteRange): Promise<Readable> {
    const bytes = await this.#parts.bytes.read(key, range)
    if (bytes) return bytes
    this.#parts.log.error({ key }, 'The bytes of a stored file are missing')
    throw new Refusal('file_not_found')
  }

  /** Removes what nobody named in time and the bytes that belong to nothing. [FIL13] */
  async sweep(): Promise<void> {
    const { store, clock, bytes } = this.#parts
    const at = clock.now()
    const unused = { before: at - UNUSED_MS, at, limit: SWEEP_AT_ONCE }
    while ((await store.write('removeUnusedFiles', unused)) === SWEEP_AT_ONCE);
    for (;;) {
      const keys = await store.read('leftoverFiles', { dueAt: at, limit: SWEEP_AT_ONCE })
      for (const key of keys) await bytes.remove(key)
      if (keys.length > 0) await store.write('forgetLeftovers', { keys })
      if (keys.length < SWEEP_AT_ONCE) break
    }
    await sweepSpool(bytes.spoolFolder, at - HOUR_MS)
  }

  [Symbol.dispose](): void {
    this.#timers.dispose()
  }

  #expiry(): number {
    return this.#parts.clock.now() + this.#parts.config.limits.fileUrlMs
  }

  async #sharing(accountId: AccountId): Promise<FileSharing> {
    const account = await this.#parts.accounts.get(accountId)
    if (!account) throw new Refusal('account_not_found')
    return account.settings.fileSharing
  }

  /** The file that a genuine address names. What does not exist is refused like a forgery. */
  async #shown({ accountId, path, ...address }: Upload): Promise<HostedFile> {
    const { store, clock } = this.#parts
    const file = await store.read('file', { accountId, path })
    if (!file || !isGenuine(file, address, clock.now())) throw new Refusal('file_address_refused')
    return file
  }

  /** A genuine address suffices; only without one the agent's key is looked at. [FIL20] */
  async #readable({ accountId, path, token, ...address }: Download): Promise<HostedFile> {
    const { store, clock } = this.#parts
    const file = await store.read('file', { accountId, path })
    if (file && isGenuine(file, address, clock.now())) return file
    if (!file || token === undefined) throw new Refusal('file_address_refused')
    return this.#opened(file, token)
  }

  /** The file, if the key of an agent opens it. */
  async #opened(file: HostedFile, token: string): Promise<HostedFile> {
    const { store, clock, tokenSecret } = this.#parts
    const { accountId, path, uploader } = file
    const said = readFileToken(tokenSecret, token, clock.now())
    if (said?.accountId !== accountId) throw new Refusal('file_address_refused')
    const { kind, id } = uploader
    if (kind === 'agent' && id === said.agentId) return file
    const participantId = said.agentId
    const uses = await store.read('fileUses', { accountId, path, participantId, limit: 1 })
    if (uses.length === 0) throw new Refusal('file_address_refused')
    return file
  }

  async #keep(file: HostedFile, body: Readable): Promise<HostedFile> {
    const { bytes, ids, clock, config } = this.#parts
    const name = ids.uuid()
    const { maxBytes } = file
    const late = new AbortController()
    using timer = clock.after(config.limits.fileTransferMs, () => late.abort())
    const into = { folder: bytes.spoolFolder, name, maxBytes, signal: late.signal }
    await using spooled = await spool(body, into)
    timer[Symbol.dispose]()
    const judged = await this.#judging.take(() => this.#judge(file, spooled))
    await this.#scan(file, spooled)
    // Awaited here: the spooled file goes when this returns.
    return await this.#store(file, spooled, { key: `${file.accountId}/${name}`, ...judged })
  }

  async #judge(
    { accountId, fileType }: HostedFile,
    spooled: Spooled,
  ): Promise<Pick<FileContent, 'type' | 'size'>> {
    const { fileTypes } = await this.#sharing(accountId)
    const given = await readFile(spooled.file)
    const { type, pieces } = inspect(given, { declared: fileType, listed: fileTypes })
    const size = pieces.reduce((sum, { length }) => sum + length, 0)
    if (pieces.length > 1 || size !== given.length) await spooled.rewrite(pieces)
    return { type: type.name, size }
  }

  async #scan({ accountId, path }: HostedFile, { file }: Spooled): Promise<void> {
    const { scanner, store, log } = this.#parts
    const verdict = scanner ? await scanner(file) : 'clean'
    if (verdict === 'clean') return
    if (verdict === 'unknown') {
      log.error({ path }, 'The scanner gave no verdict: the upload is refused')
      throw new Refusal('unavailable', 'The file could not be scanned')
    }
    await store.write('blockFile', { accountId, path })
    throw new Refusal('file_blocked')
  }

  async #store(
    { accountId, path }: HostedFile,
    { file }: Spooled,
    content: Omit<FileContent, 'storedAt'>,
  ): Promise<HostedFile> {
    const { store, clock, bytes } = this.#parts
    const { key } = content
    const storedAt = clock.now()
    await store.write('beginUpload', { accountId, path, key, dueAt: storedAt + LEFTOVER_MS })
    await bytes.put(key, file)
    return store.write('finishUpload', { accountId, path, content: { ...content, storedAt } })
  }
}
