/** The package's page: everything public stands in it, and its examples run. */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { World } from './world.ts'

const fileAt = (path: string) => new URL(`../${path}`, import.meta.url)

it('[CLI21] its page names everything that it has', async () => {
  const index = await readFile(fileAt('src/index.ts'), 'utf8')
  const page = await readFile(fileAt('README.md'), 'utf8')
  const lists = [...index.matchAll(/export (?:type )?\{([^}]*)\}/g)].map(([, names]) => names ?? '')
  const names = lists
    .flatMap((list) => list.split(','))
    .map((name) => name.trim().replace(/^type /, ''))
  const wanted = names.filter((name) => name !== '')
  expect(wanted.length).toBeGreaterThan(40)
  expect(wanted.filter((name) => !new RegExp(`\\b${name}\\b`).test(page))).toEqual([])
})

it('[CLI21] the examples of its page run', async () => {
  await using place = await World.open()
  const { password, loginName } = await place.server.agent(place.accountId, { roles: ['manager'] })
  const page = await readFile(fileAt('README.md'), 'utf8')
  const examples = [...page.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code).join('\n')
  const program = examples
    .replaceAll("'@ringdown/client'", `'${fileAt('src/index.ts')}'`)
    .replace('https://localhost:8443', place.server.url)
    .replace('70010001', place.accountId)
    .replace("'max'", `'${loginName}'`)
  const folder = await mkdtemp(join(tmpdir(), 'ringdown-readme-'))
  try {
    const path = join(folder, 'examples.ts')
    await writeFile(path, program)
    const env = { ...process.env, PASSWORD: password }
    const options = ['--experimental-webstorage', '--no-warnings', path]
    const { stdout } = await promisify(execFile)(process.execPath, options, { env })
    expect(stdout).toContain('CONSUMER Hello?')
    expect(stdout).toContain('two tents, one lamp')
  } finally {
    await rm(folder, { recursive: true })
  }
})
