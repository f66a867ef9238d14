/** `npm start`: builds the web applications where they are stale, then serves for development. */
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { buildStale } from './build.mjs'

// Messaging does not need them: where one cannot be built, its pages say what to do.
await buildStale({ say: (line) => process.stderr.write(line) })
const target = new URL('../packages/cli/bin/ringdown.mjs', import.meta.url)
process.argv = [process.execPath, fileURLToPath(target), 'serve', '--dev', ...process.argv.slice(2)]
await import(target.href)
