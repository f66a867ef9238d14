/** Sharing files: what is picked, pasted or dropped, shown before it goes, and read by the thread. [WSP14] */
import type { AgentClient } from '@ringdown/client'

export interface Picked {
  readonly key: string
  readonly file: File
  /** JPEG, PNG, PDF … as the protocol calls it; nothing where it knows no word for it. */
  readonly type: string | undefined
  /** An address of the picture, in this page alone. */
  readonly previewUrl: string | undefined
}

const typesByMedia: Readonly<Record<string, string>> = {
  'image/jpeg': 'JPEG',
  'image/png': 'PNG',
  'image/gif': 'GIF',
  'application/pdf': 'PDF',
  'text/plain': 'TXT',
}

export const pick = (file: File): Picked => {
  const type = typesByMedia[file.type] ?? undefined
  const isImage = type !== undefined && file.type.startsWith('image/')
  return {
    key: crypto.randomUUID(),
    file,
    type,
    previewUrl: isImage ? URL.createObjectURL(file) : undefined,
  }
}

export const drop = ({ previewUrl }: Picked): void => {
  if (previewUrl !== undefined) URL.revokeObjectURL(previewUrl)
}

const PREVIEW_SIDE = 96
const PREVIEW_QUALITY = 0.6

/** A small picture that travels with the message; none when it cannot be drawn. */
const smallPicture = async (file: File): Promise<string | undefined> => {
  try {
    const bitmap = await createImageBitmap(file)
    const scale = Math.min(1, PREVIEW_SIDE / Math.max(bitmap.width, bitmap.height))
    const canvas = document.createElement('canvas')
    canvas.width = Math.max(1, Math.round(bitmap.width * scale))
    canvas.height = Math.max(1, Math.round(bitmap.height * scale))
    canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
    return canvas.toDataURL('image/jpeg', PREVIEW_QUALITY)
  } catch {
    return undefined
  }
}

interface Address {
  readonly relativePath: string
  readonly queryParams: Readonly<Record<string, string>>
}

const urlOf = ({ relativePath, queryParams }: Address): string =>
  `${relativePath}?${new URLSearchParams(queryParams)}`

/** Stores the bytes; resolves with the event that shares them. */
export const upload = async (
  client: AgentClient,
  { file, type, previewUrl }: Picked,
  caption: string,
): Promise<object> => {
  const asked = { fileSize: file.size, fileType: type ?? '' }
  const address = (await client.request('generateUploadUrl', asked)) as Address
  const response = await fetch(urlOf(address), { method: 'PUT', body: file })
  if (!response.ok) throw new Error(`The file was refused with ${response.status}`)
  const preview = previewUrl === undefined ? undefined : await smallPicture(file)
  return {
    type: 'ContentEvent',
    contentType: 'hosted/file',
    message: {
      caption,
      relativePath: address.relativePath,
      fileType: type,
      ...(preview !== undefined && { preview }),
    },
  }
}

/** A short-lived address of a shared file. */
export const fileUrl = async (
  client: AgentClient,
  dialogId: string,
  relativePath: string,
): Promise<string> =>
  urlOf((await client.request('generateDownloadUrl', { relativePath, dialogId })) as Address)
