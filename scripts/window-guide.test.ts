/** The guide of the window against what the window reads. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { fieldTypes, readOptions } from '../packages/window/src/options.ts'
import { firstCellsIn } from './documents.ts'

const read = (file: string) =>
  readFileSync(fileURLToPath(new URL(`../${file}`, import.meta.url)), 'utf8')

const guide = read('docs/start/window.md')
const optionTable = /^\| Option \|.*\n(?:\|.*\n)+/m.exec(guide)?.[0] ?? ''

/** Stands for an option and notes which of its members are asked for; a name or label it has, so that all are. */
const recorder = (seen: Set<string>, name: string): unknown =>
  new Proxy(
    {},
    {
      get: (_, member) => {
        if (typeof member !== 'string') return undefined
        const path = name === '' ? member : `${name}.${member}`
        seen.add(path)
        if (path === 'preChat') return [recorder(seen, 'preChat[]')]
        if (['theme', 'hours'].includes(path)) return recorder(seen, path)
        return undefined
      },
    },
  )

/** What the loader keeps for itself: it never reaches the frame. */
const loaderOptions = (): readonly string[] => {
  const source = read('packages/window/src/loader/shell.ts')
  const body = /export interface ShellOptions \{([\s\S]*?)\n\}/.exec(source)?.[1] ?? ''
  return [...body.matchAll(/readonly (\w+)\??:/g)].map((match) => match[1] as string)
}

it('[WIN5] every option of the window stands in its guide, and no other', () => {
  const seen = new Set<string>(loaderOptions())
  readOptions(recorder(seen, ''), 'en')
  expect(seen.size).toBeGreaterThan(15)
  expect([...firstCellsIn(optionTable)].sort()).toEqual([...seen].sort())
})

it('[WIN5] values that stand in the guide of the window are the ones that are taken', () => {
  const { theme, preChat } = readOptions({ theme: {}, preChat: [] }, 'en')
  for (const value of [theme.accent, theme.scheme, String(theme.radius)])
    expect(optionTable).toMatch(new RegExp(`^\\| \`theme\\..*\\| \`?${value}\`? \\|`, 'm'))
  expect(preChat).toEqual([])
  const row = /^\| `preChat\[\]\.type` \| ([^|]*) \|/m.exec(optionTable)?.[1] ?? ''
  expect([...row.matchAll(/`(\w+)`/g)].map((match) => match[1])).toEqual([...fieldTypes])
})

it('[WIN1] every command of the window stands in its guide', () => {
  const source = read('packages/window/src/loader/loader.ts')
  const body = /const commands[^{]*\{([\s\S]*?)\n\}\n/.exec(source)?.[1] ?? ''
  const commands = [...body.matchAll(/^ {2}(\w+)[,:]/gm)].map((match) => match[1] as string)
  expect(commands).toContain('destroy')
  for (const command of commands) expect(guide).toContain(`\`Ringdown('${command}'`)
})
