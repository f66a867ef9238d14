/** `npm start`: builds the web applications where they are stale, then serves for development. */
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { buildStale } from './build.mjs'

try {
  await buildStale({ say: (line) => process.stderr.write(line) })
} catch (error) {
  // Messaging does not need them; the pages say what to do.
  process.stderr.write(`ringdown: the web applications could not be built: ${error.message}\n`)
}
const target = new URL('../packages/cli/bin/ringdown.mjs', import.meta.url)
process.argv = [process.execPath, fileURLToPath(target), 'serve', '--dev', ...process.argv.slice(2)]
await import(target.href)
