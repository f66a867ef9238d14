/** Files to and from the brand. [WIN22] */
import type { MessagingClient } from '@ringdown/client'

const types: Readonly<Record<string, string>> = {
  'image/jpeg': 'JPEG',
  'image/png': 'PNG',
  'image/gif': 'GIF',
  'application/pdf': 'PDF',
  'text/plain': 'TXT',
}
/** For the picker; the server has the last word. */
export const ACCEPTED = Object.keys(types).join(',')
const PREVIEW_PIXELS = 160
const PREVIEW_QUALITY = 0.6

/** What the protocol calls the type of a file. */
export const fileTypeOf = ({ type, name }: Pick<File, 'type' | 'name'>): string =>
  types[type] ?? (/\.([a-z0-9]{1,8})$/i.exec(name)?.[1] ?? 'BIN').toUpperCase()

/** A small picture for whoever has not fetched the file yet; undefined where it is none. */
const previewOf = async (file: File): Promise<string | undefined> => {
  if (!file.type.startsWith('image/')) return undefined
  try {
    const picture = await createImageBitmap(file)
    const scale = Math.min(1, PREVIEW_PIXELS / Math.max(picture.width, picture.height))
    const canvas = document.createElement('canvas')
    canvas.width = Math.max(1, Math.round(picture.width * scale))
    canvas.height = Math.max(1, Math.round(picture.height * scale))
    canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height)
    picture.close()
    return canvas.toDataURL('image/jpeg', PREVIEW_QUALITY)
  } catch {
    // Damaged, or of a kind that this browser does not know.
    return undefined
  }
}

interface Address {
  readonly relativePath: string
  readonly queryParams: { readonly temp_url_sig: string; readonly temp_url_expires: string }
}

const urlOf = (origin: string, { relativePath, queryParams }: Address): string =>
  `${origin}${relativePath}?${new URLSearchParams({ ...queryParams })}`

export class UploadRefused extends Error {
  readonly status: number
  constructor(status: number) {
    super(`The upload was refused with ${status}`)
    this.status = status
  }
}

/** Puts the bytes there and gives the event that shares them. */
export const upload = async (
  client: MessagingClient,
  origin: string,
  file: File,
): Promise<object> => {
  const fileType = fileTypeOf(file)
  const preview = await previewOf(file)
  const address = await client.request('generateUploadUrl', { fileSize: file.size, fileType })
  const response = await fetch(urlOf(origin, address), { method: 'PUT', body: file })
  if (!response.ok) throw new UploadRefused(response.status)
  const { relativePath } = address
  return {
    type: 'ContentEvent',
    contentType: 'hosted/file',
    message: { relativePath, fileType, caption: file.name, ...(preview && { preview }) },
  }
}

/** What to tell whoever sent it. */
export const uploadProblem = (error: unknown): 'tooLarge' | 'refused' | 'failed' => {
  const { status, code, message } = error as { status?: number; code?: number; message: string }
  const answered = status ?? code ?? 500
  if (answered === 413 || /too large/i.test(message)) return 'tooLarge'
  const isFinal = answered >= 400 && answered < 500 && answered !== 401 && answered !== 429
  return isFinal ? 'refused' : 'failed'
}

export interface Download {
  /** Of this page, until it is closed. */
  readonly url: string
  readonly isImage: boolean
}

const images: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/gif'])

export const download = async (
  client: MessagingClient,
  origin: string,
  { relativePath, dialogId }: { readonly relativePath: string; readonly dialogId: string },
): Promise<Download> => {
  const address = await client.request('generateDownloadUrl', { relativePath, dialogId })
  const response = await fetch(urlOf(origin, address))
  if (!response.ok) throw new UploadRefused(response.status)
  const bytes = await response.blob()
  return { url: URL.createObjectURL(bytes), isImage: images.has(bytes.type) }
}
