/** The tools of the tutorials on the PATH: ours where the system has none. */
import { accessSync, constants } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Environment } from './env-file.ts'

const folder = (name: string) => fileURLToPath(new URL(`../../shell/${name}`, import.meta.url))

export const isOnPath = (program: string, searchPath: string): boolean =>
  searchPath.split(path.delimiter).some((directory) => {
    try {
      accessSync(path.join(directory, program), constants.X_OK)
      return directory !== ''
    } catch {
      return false
    }
  })

/** wscat is always our front, since only that one knows `-k`; jq and curl are the system's. */
export const toolVariables = (env: Environment): Environment & { PATH: string } => {
  const usual = env.PATH ?? ''
  const missing = ['jq', 'curl'].filter((tool) => !isOnPath(tool, usual))
  const ours = path.dirname(process.execPath)
  const node = usual.split(path.delimiter).includes(ours) ? [] : [ours]
  const searchPath = [folder('bin'), ...missing.map(folder), ...node, usual]
  return {
    PATH: searchPath.join(path.delimiter),
    RINGDOWN_NODE: process.execPath,
  }
}
