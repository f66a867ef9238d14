/** Sharing files: what is picked, pasted or dropped, shown before it goes, and read by the thread. [WSP14] */
import { type AgentClient, fileTypeOf, uploadFile } from '@ringdown/client'

export interface Picked {
  readonly key: string
  readonly file: File
  /** An address of the picture, in this page alone. */
  readonly previewUrl: string | undefined
}

const pictures: ReadonlySet<string> = new Set(['JPEG', 'PNG', 'GIF'])

export const pick = (file: File): Picked => ({
  key: crypto.randomUUID(),
  file,
  previewUrl: pictures.has(fileTypeOf(file)) ? URL.createObjectURL(file) : undefined,
})

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

/** Stores the bytes; resolves with the event that shares them. */
export const upload = async (
  client: AgentClient,
  { file, previewUrl }: Picked,
  caption: string,
): Promise<object> => {
  const preview = previewUrl === undefined ? undefined : await smallPicture(file)
  return uploadFile(client, file, { origin: '', caption, preview })
}
