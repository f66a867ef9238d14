/** How long to wait before the next attempt, so that a server that comes back is not run over. */
export interface Backoff {
  readonly firstMs: number
  readonly mostMs: number
}

export const defaultBackoff: Backoff = { firstMs: 500, mostMs: 30_000 }

/** Between half and all of a bound that doubles with each attempt; `chance` in [0, 1). */
export const waitBefore = (
  attempt: number,
  { firstMs, mostMs }: Backoff = defaultBackoff,
  chance: number = Math.random(),
): number => {
  const bound = Math.min(mostMs, firstMs * 2 ** attempt)
  return (bound / 2) * (1 + chance)
}

/** Resolves after so long, or when its signal ends it. */
export const pause = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal?.addEventListener('abort', end)
    if (signal?.aborted) end()
  })
