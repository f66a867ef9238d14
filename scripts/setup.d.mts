interface LockFile {
  readonly packages: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

export const isInstalled: (lock: LockFile, installed: LockFile) => boolean
export const stateOf: (root: string) => 'fresh' | 'unstamped' | 'stale'
export const withLock: <T>(file: string, work: () => Promise<T>) => Promise<T>
export const setUp: (root: string) => Promise<void>
