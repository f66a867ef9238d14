export interface Built {
  readonly built: readonly string[]
  readonly failed: readonly string[]
}
export const buildStale: (options?: {
  readonly root?: string
  readonly say?: (line: string) => void
}) => Promise<Built>
