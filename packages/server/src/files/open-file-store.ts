/** Opens the file store that the configuration names: a folder, or an S3-compatible store. */
import { join } from 'node:path'
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import type { FileStore } from './file-store.ts'
import { folderStore } from './folder-store.ts'
import { s3Parts } from './s3-location.ts'
import { S3Store } from './s3-store.ts'

const FOLDER = 'files'

export const openFileStore = (
  { files, dataDir }: Pick<Config, 'files' | 'dataDir'>,
  clock: Clock,
  env: Readonly<Record<string, string | undefined>> = process.env,
): FileStore & Partial<Disposable> => {
  const folder = join(dataDir, FOLDER)
  const parts = s3Parts(files, env)
  if (!parts) return folderStore(files ?? folder)
  return new S3Store({ ...parts, clock, spoolFolder: join(folder, 'incoming') })
}
