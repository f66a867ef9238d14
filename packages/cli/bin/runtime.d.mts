type Variables = Readonly<Record<string, string | undefined>>

export const OLDEST_MAJOR: number
export const EXIT_NO_RUNTIME: number
export class LaunchError extends Error {}
export const isNewEnough: (version: string) => boolean
export const runtimePackage: (
  platform: string,
  arch: string,
) => { readonly name: string; readonly version: string } | undefined
export const cacheFolder: (env: Variables, platform: string, home: string) => string
export const executableIn: (folder: string, name: string, platform: string) => string
export const npmEnvironment: (env: Variables) => Variables
export const npmCommand: (
  env: Variables,
  execPath: string,
  platform: string,
) => { readonly command: string; readonly args: readonly string[] }
export const exitCodeOf: (code: number | null, signal: string | null) => number
export const runNpm: (args: readonly string[], cwd: string) => Promise<number>
export const onRuntime: (script: string, work: () => Promise<void>) => Promise<void>
