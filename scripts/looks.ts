/**
 * `npm run looks`: keeps how every page looks as the pictures that the tests compare with. What looks the
 * same stays as it is; whoever runs this looks at every picture that changed before it is committed.
 * `npm run looks -- compare` keeps nothing and says what looks different.
 */
import { spawnSync } from 'node:child_process'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { buildStale } from './build.mjs'

await buildStale({ say: (line) => process.stdout.write(line) })
const suites = ['workspace', 'window'].map((name) => `packages/${name}/test/pictures.test.ts`)
const mode = process.argv.includes('compare') ? 'compare' : 'make'
const args = ['node_modules/vitest/vitest.mjs', 'run', '--no-file-parallelism', ...suites]
const { status } = spawnSync(process.execPath, args, {
  cwd: fileURLToPath(new URL('..', import.meta.url)),
  stdio: 'inherit',
  env: { ...process.env, RINGDOWN_LOOKS: mode },
})
process.exitCode = status ?? 1
