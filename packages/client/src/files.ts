/**
 * Files that people share: what the protocol calls their types, and their way to the server and back.
 * The bytes travel beside the connection, to addresses that the server signs for a short time.
 */
import type { MessagingClient } from './client.ts'

const typesByMedia: Readonly<Record<string, string>> = {
  'image/jpeg': 'JPEG',
  'image/png': 'PNG',
  'image/gif': 'GIF',
  'application/pdf': 'PDF',
  'text/plain': 'TXT',
}
const ENDING = /\.([a-z0-9]{1,8})$/i
/** Of documents whose media types many systems do not know. */
const otherEndings = ['.docx', '.xlsx', '.pptx']

/** For a picker's `accept`; which of them an account takes, the server says. */
export const pickableFiles = [...Object.keys(typesByMedia), ...otherEndings].join(',')

/** What the protocol calls the type of a file: by its media type, else by the ending of its name. */
export const fileTypeOf = ({ type, name }: { readonly type: string; readonly name: string }) =>
  typesByMedia[type] ?? (ENDING.exec(name)?.[1] ?? 'BIN').toUpperCase()

/** The address that was signed answered with something else than success. */
export class FileRefused extends Error {
  override readonly name = 'FileRefused'
  readonly status: number
  constructor(status: number) {
    super(`The file was refused with ${status}`)
    this.status = status
  }
}

/** An address that is too old, a line that was too slow, another upload to it, too many at once. */
const passing: readonly number[] = [401, 408, 409, 429]

/** What to tell whoever sent it: `failed` may be tried again, the others may not. */
export const fileProblem = (error: unknown): 'tooLarge' | 'refused' | 'failed' => {
  const { status, code, message } = error as { status?: number; code?: number; message: string }
  const answered = status ?? code ?? 500
  if (answered === 413 || /too large/i.test(message)) return 'tooLarge'
  const isFinal = answered >= 400 && answered < 500 && !passing.includes(answered)
  return isFinal ? 'refused' : 'failed'
}

type Asking = Pick<MessagingClient, 'request'>

interface Address {
  readonly relativePath: string
  readonly queryParams: { readonly temp_url_sig: string; readonly temp_url_expires: string }
}

const urlOf = (origin: string, { relativePath, queryParams }: Address): string =>
  `${origin}${relativePath}?${new URLSearchParams({ ...queryParams })}`

export interface PutOptions {
  readonly signal?: AbortSignal | undefined
  /** From 0 to 1. */
  readonly onProgress?: ((share: number) => void) | undefined
}

/** Puts the bytes to an address; resolves with the status of the answer. */
export type PutFile = (url: string, file: Blob, options: PutOptions) => Promise<number>

/** The plain way, which cannot tell how far it is. */
export const putByFetch: PutFile = async (url, file, { signal }) =>
  (await fetch(url, { method: 'PUT', body: file, ...(signal && { signal }) })).status

export interface UploadOptions extends PutOptions {
  /** Where the server is; empty for the origin of the page. */
  readonly origin: string
  readonly caption: string
  /** A small picture of it as a `data:` address, for whoever has not fetched it. */
  readonly preview?: string | undefined
  readonly put?: PutFile
}

/** Puts the bytes there; resolves with the event that shares them. */
export const uploadFile = async (
  client: Asking,
  file: Blob & { readonly name: string },
  { origin, caption, preview, put = putByFetch, signal, onProgress }: UploadOptions,
): Promise<object> => {
  const fileType = fileTypeOf(file)
  const asked = { fileSize: file.size, fileType }
  const address = await client.request('generateUploadUrl', asked, signal ? { signal } : {})
  const status = await put(urlOf(origin, address), file, { signal, onProgress })
  if (status < 200 || status > 299) throw new FileRefused(status)
  const { relativePath } = address
  return {
    type: 'ContentEvent',
    contentType: 'hosted/file',
    message: { caption, relativePath, fileType, ...(preview !== undefined && { preview }) },
  }
}

export interface SharedFile {
  readonly relativePath: string
  readonly dialogId: string
}

/** A short-lived address of a shared file. */
export const fileUrl = async (client: Asking, origin: string, file: SharedFile): Promise<string> =>
  urlOf(origin, await client.request('generateDownloadUrl', { ...file }))

/** The bytes of a shared file. */
export const downloadFile = async (
  client: Asking,
  origin: string,
  file: SharedFile,
): Promise<Blob> => {
  const response = await fetch(await fileUrl(client, origin, file))
  if (!response.ok) throw new FileRefused(response.status)
  return response.blob()
}
