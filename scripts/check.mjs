/** `npm run check`: format, lint, types, import rules, sizes, spec. All of them run, whatever fails. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

const TSC = 'node_modules/typescript/bin/tsc'
/** They run in browsers and have types and JSX of their own. */
const pages = ['window', 'workspace', 'portal']
  .map((name) => [`types of ${name}`, TSC, '-p', `packages/${name}`])
  .filter(([, , , folder]) => existsSync(`${root}/${folder}/tsconfig.json`))

const steps = [
  ['format and lint', 'node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings'],
  ['types', TSC],
  ...pages,
  ['imports', 'scripts/check-imports.ts'],
  ['sizes', 'scripts/check-sizes.ts'],
  ['spec', 'scripts/check-spec.ts'],
  ['generated pages', 'scripts/generate.ts', '--check'],
]

const failed = steps.filter(([name, ...command]) => {
  process.stdout.write(`— ${name}\n`)
  const { status } = spawnSync(process.execPath, command, { cwd: root, stdio: 'inherit' })
  return status !== 0
})

const names = failed.map(([name]) => name).join(', ')
process.stdout.write(failed.length === 0 ? 'check: all good\n' : `check: failed: ${names}\n`)
process.exitCode = failed.length === 0 ? 0 : 1
