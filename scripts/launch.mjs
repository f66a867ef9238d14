/**
 * `node scripts/launch.mjs [file [arguments…]]`: a Node that is new enough, dependencies that match the
 * lock file, then the file. Every npm script starts here, so none needs a prior `npm install`.
 */
import path from 'node:path'
import process from 'node:process'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { onRuntime } from '../packages/cli/bin/runtime.mjs'
import { setUp } from './setup.mjs'

await onRuntime(fileURLToPath(import.meta.url), async () => {
  const root = fileURLToPath(new URL('..', import.meta.url))
  await setUp(root)
  const [file, ...args] = process.argv.slice(2)
  if (!file) return
  const target = path.resolve(root, file)
  process.argv = [process.execPath, target, ...args]
  await import(pathToFileURL(target).href)
})
