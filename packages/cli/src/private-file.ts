import { chmod, mkdir, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'

/** Replaces a file in one step, readable by its owner only: readers see the old or the new text. */
export const writePrivately = async (file: string, content: unknown): Promise<void> => {
  const partial = `${file}.${process.pid}.new`
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
  await writeFile(partial, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 })
  await chmod(partial, 0o600)
  await rename(partial, file)
}
