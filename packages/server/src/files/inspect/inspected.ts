import { Refusal } from '@ringdown/protocol'

/** What is kept of a file: its bytes without what nobody else should learn. */
export interface Inspected {
  readonly pieces: readonly Buffer[]
}

export const refuseContent = (problem: string): never => {
  throw new Refusal('file_type_not_supported', `File type not supported: ${problem}`)
}

/** A picture of more than this would take hundreds of megabytes to show. [FIL8] */
const MAX_PIXELS = 50_000_000

export const checkPixels = (width: number, height: number): void => {
  if (width * height > MAX_PIXELS) refuseContent(`the image has more than ${MAX_PIXELS} pixels`)
}

/** Runs a reader of some format; reading beyond the end means that the file is broken. */
export const reading = (read: () => readonly Buffer[]): Inspected => {
  try {
    return { pieces: read() }
  } catch (error) {
    if (error instanceof RangeError) return refuseContent('the file is damaged')
    throw error
  }
}
