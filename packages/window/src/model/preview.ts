const PREVIEW_PIXELS = 160
const PREVIEW_QUALITY = 0.6

/** A small picture for whoever has not fetched the file yet; undefined where it is none. */
export const previewOf = async (file: File): Promise<string | undefined> => {
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
