import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { closes, errors, findMethod, validateBody, validateFrame } from '@ringdown/protocol'
import { describe, expect, it } from 'vitest'
import { exitCodes } from '../packages/cli/src/exit-codes.ts'
import { buildProgram } from '../packages/cli/src/main.ts'
import {
  anchorsIn,
  citedRulesIn,
  documents,
  linksIn,
  npmScriptsIn,
  requestsIn,
  ringdownCommandsIn,
} from './documents.ts'
import { closeCodesPage } from './pages/close-codes.ts'
import { errorsPage } from './pages/errors.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (file: string) => readFileSync(path.join(root, file), 'utf8')
const pages = documents(root)

type Command = ReturnType<typeof buildProgram>

/** The command that the words lead to; words after the last known verb are its arguments. */
const resolve = (program: Command, words: readonly string[]): Command | undefined => {
  let command = program
  for (const [depth, word] of words.entries()) {
    const next = command.commands.find((child) => child.name() === word)
    if (!next) return depth === 0 || command.commands.length > 0 ? undefined : command
    command = next
  }
  return command
}

const flagsOf = (command: Command | null): string[] =>
  command === null
    ? []
    : [...command.options.map((option) => option.long ?? ''), ...flagsOf(command.parent)]

describe.each(pages)('$path', (page) => {
  it('links to what is there', () => {
    const broken = linksIn(page).filter(({ file, anchor }) => {
      if (!existsSync(path.join(root, file))) return true
      return anchor !== undefined && file.endsWith('.md') && !anchorsIn(read(file)).has(anchor)
    })
    expect(broken.map(({ written }) => written)).toEqual([])
  })

  it('names npm scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining([...npmScriptsIn(page)]))
  })

  it('names verbs and flags that exist', () => {
    const wrong = ringdownCommandsIn(page).filter(({ words, flags }) => {
      const command = resolve(buildProgram(), words)
      const known = ['--help', '--version', ...flagsOf(command ?? null)]
      return !command || flags.some((flag) => !known.includes(flag))
    })
    expect(wrong).toEqual([])
  })

  it('shows requests that the server accepts', () => {
    for (const request of requestsIn(page)) {
      const frame = JSON.parse(request) as { type: string; body?: unknown }
      const method = findMethod(frame.type)
      expect(validateFrame(frame), request).toBeUndefined()
      expect(method && validateBody(method, frame.body), request).toBeUndefined()
      expect(method, request).toBeDefined()
    }
  })

  it('cites rules that exist', () => {
    const spec = read('packages/protocol/SPEC.md')
    const unknown = citedRulesIn(page).filter((rule) => !spec.includes(`- **${rule}**`))
    expect(unknown).toEqual([])
  })
})

it('[FRM16, FRM17] every refusal and every close code has its row', () => {
  for (const [code, { status, message }] of Object.entries(errors))
    expect(errorsPage()).toContain(`| ${status} | \`${code}\` | ${message} |`)
  for (const [cause, { code, reason }] of Object.entries(closes))
    expect(closeCodesPage()).toContain(`| ${code} | ${reason} | \`${cause}\` |`)
})

it('pictures have words for who does not see them, and are small', () => {
  for (const { path: file, text } of pages)
    for (const [picture] of text.matchAll(/<img\b[^>]*>/g))
      expect(picture, file).toMatch(/ alt="[^"]{20,}"/)
  const folder = path.join(root, 'docs/pictures')
  const sizes = readdirSync(folder).map((file) => statSync(path.join(folder, file)).size)
  expect(sizes.length).toBeGreaterThan(0)
  expect(Math.max(...sizes)).toBeLessThanOrEqual(150 * 1024)
})

it('every exit code stands in the page on running', () => {
  const page = read('docs/operate/running.md')
  for (const code of Object.values(exitCodes)) expect(page).toContain(`\n| ${code} | `)
})

describe('the checks themselves', () => {
  const page = (text: string) => ({ path: 'docs/a/page.md', text })

  it('see links, relative to their page, and leave fenced code and other sites alone', () => {
    const text = '[a](../b.md#c) [d](https://e.example)\n```\n[f](g.md)\n```\n[h](#i)'
    expect(linksIn(page(text))).toEqual([
      { file: 'docs/b.md', anchor: 'c', written: '../b.md#c' },
      { file: 'docs/a/page.md', anchor: 'i', written: '#i' },
    ])
  })

  it('see links by reference, and pictures', () => {
    const text =
      '[a]: ../b.md\n<picture>\n<source media="(x)" srcset="c.png">\n<img src="d.png" alt="E">\n</picture>\n`[f](g.md)`'
    expect(linksIn(page(text)).map(({ file }) => file)).toEqual([
      'docs/b.md',
      'docs/a/c.png',
      'docs/a/d.png',
    ])
  })

  it('know the anchors of headings', () => {
    expect([...anchorsIn('# One, `two` and 3\n\n## Exit codes')]).toEqual([
      'one-two-and-3',
      'exit-codes',
    ])
    expect([...anchorsIn('# A\n## A\n## [B](c.md)')]).toEqual(['a', 'a-1', 'b'])
  })

  it('see npm scripts and ringdown commands', () => {
    const text =
      '`npm start`\n```sh\nnpm run bench -- p1\nnpx ringdown agent create --account 7 ana\n```'
    expect(npmScriptsIn(page(text))).toEqual(['bench', 'start'])
    expect(ringdownCommandsIn(page(text))).toEqual([
      { words: ['agent', 'create'], flags: ['--account'] },
    ])
  })

  it('do not find verbs that are not there', () => {
    expect(resolve(buildProgram(), ['dance'])).toBeUndefined()
    expect(resolve(buildProgram(), ['agent', 'dance'])).toBeUndefined()
    expect(resolve(buildProgram(), ['serve'])?.name()).toBe('serve')
  })

  it('see requests, with and without a prompt', () => {
    const text = '```\n{"kind":"req","type":"GetClock"}\n> {"kind":"req","type":"KeepAlive"}\n```'
    expect(requestsIn(page(text))).toHaveLength(2)
  })

  it('see cited rules', () => {
    expect(citedRulesIn(page(`Durable [${'EV2'}] [${'EV3, EV4'}], [${'EV5'}](x.md)`))).toEqual([
      'EV2',
      'EV3',
      'EV4',
    ])
  })
})
