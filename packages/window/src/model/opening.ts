/** A conversation that is being opened, as it is kept in the tab until it is. [WIN11] */
export interface Opening {
  /** By which it is found again where it is not known whether it was opened. */
  readonly key: string
  /** What was written meanwhile. */
  readonly texts: readonly string[]
  /** It was tried before. */
  readonly isRepeat: boolean
  readonly problem?: string
}

export const openingText = ({ key, texts }: Opening): string => JSON.stringify({ key, texts })

/** What cannot be read is as good as nothing. */
export const keptOpening = (text: string | undefined): Opening | undefined => {
  try {
    const { key, texts } = JSON.parse(text ?? '{}') as Partial<Opening>
    return typeof key === 'string' && Array.isArray(texts)
      ? { key, texts, isRepeat: true }
      : undefined
  } catch {
    return undefined
  }
}
