/** `npm run film -- [folder]`: the tutorials as a film, the consumer's wscat below the agent's workspace. */
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { buildStale } from './build.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = path.resolve(process.argv[2] ?? path.join(tmpdir(), 'ringdown-film'))

await buildStale({ say: (line) => process.stdout.write(line) })

const { status } = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', 'packages/workspace/test/journeys-tutorial.test.ts'],
  { cwd: root, stdio: 'inherit', env: { ...process.env, FILM_FOLDER: folder } },
)
if (status === 0) process.stdout.write(`The film is ${path.join(folder, 'tutorial.webm')}\n`)
process.exitCode = status ?? 1
