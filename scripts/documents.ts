/** The markdown of the repository, and what it says that can be held against the code. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

export interface Document {
  /** Relative to the repository, with forward slashes. */
  readonly path: string
  readonly text: string
}

const skipped = new Set(['node_modules', 'dist', 'coverage', 'data'])

const walk = (root: string, folder: string): string[] =>
  readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith('.') || skipped.has(entry.name)) return []
    const relative = path.posix.join(folder, entry.name)
    if (entry.isDirectory()) return walk(root, relative)
    return entry.name.endsWith('.md') ? [relative] : []
  })

export const documents = (root: string): readonly Document[] =>
  walk(root, '.').map((file) => ({
    path: file,
    text: readFileSync(path.join(root, file), 'utf8'),
  }))

const withoutFences = (text: string) => text.replace(/^```[\s\S]*?^```/gm, '')
const withoutCode = (text: string) => withoutFences(text).replace(/`[^`\n]*`/g, '`code`')

export interface Link {
  /** Relative to the repository. */
  readonly file: string
  readonly anchor?: string
  readonly written: string
}

/** `[a](b.md)`, `[a]: b.md`, and what pictures and other HTML name. */
const linkForms = [
  /\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g,
  /^\[[^\]]+\]:\s+(\S+)/gm,
  /<[a-z][^<>]*?\s(?:src|srcset|href)="([^"\s]+)"/g,
]

/** Links to places in the repository; addresses elsewhere are nobody's to check here. */
export const linksIn = ({ path: from, text }: Document): readonly Link[] =>
  linkForms
    .flatMap((form) => [...withoutCode(text).matchAll(form)])
    .map((match) => match[1] as string)
    .filter((written) => !/^[a-z]+:/.test(written))
    .map((written) => {
      const [file = '', anchor] = written.split('#')
      const target = file === '' ? from : path.posix.join(path.posix.dirname(from), file)
      return { file: target, written, ...(anchor !== undefined && { anchor }) }
    })

/** The anchors that a page's headings get; of headings that read the same, later ones are numbered. */
export const anchorsIn = (text: string): ReadonlySet<string> => {
  const anchors = new Set<string>()
  const times = new Map<string, number>()
  for (const [, heading = ''] of withoutFences(text).matchAll(/^#+ (.+)$/gm)) {
    const plain = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-')
    const time = times.get(plain) ?? 0
    times.set(plain, time + 1)
    anchors.add(time === 0 ? plain : `${plain}-${time}`)
  }
  return anchors
}

/** The first cells of a page's tables, as they are without marks of code. */
export const firstCellsIn = (text: string): readonly string[] =>
  [...withoutFences(text).matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1] as string)

/** `npm start`, `npm run check` … → the scripts they name. */
export const npmScriptsIn = ({ text }: Document): readonly string[] => [
  ...[...text.matchAll(/\bnpm run ([a-z][\w:-]*)/g)].map((match) => match[1] as string),
  ...[...text.matchAll(/\bnpm (start|test)\b/g)].map((match) => match[1] as string),
]

export interface CommandLine {
  readonly words: readonly string[]
  readonly flags: readonly string[]
}

/** `npx ringdown agent create --account 1` → its words, up to the first that is none, and its flags. */
export const ringdownCommandsIn = ({ text }: Document): readonly CommandLine[] =>
  [...text.matchAll(/\bnpx ringdown\b([^`\n#|]*)/g)].map((match) => {
    const parts = (match[1] as string).trim().split(/\s+/)
    const end = parts.findIndex((part) => !/^[a-z]+$/.test(part))
    const words = (end < 0 ? parts : parts.slice(0, end)).filter(Boolean)
    const flags = parts.filter((part) => /^--[a-z]/.test(part)).map((part) => part.split('=')[0])
    return { words, flags: flags as string[] }
  })

/** Whole requests that a page tells its reader to send, one a line. */
export const requestsIn = ({ text }: Document): readonly string[] =>
  [...text.matchAll(/^(?:> )?(\{"kind":"req".*\})$/gm)].map((match) => match[1] as string)

/** Rules of the specification that a page cites as `[EV1]`. */
export const citedRulesIn = ({ text }: Document): readonly string[] =>
  [...text.matchAll(/\[([A-Z]{2,4}\d+(?:, ?[A-Z]{2,4}\d+)*)\](?!\()/g)].flatMap((match) =>
    (match[1] as string).split(/, ?/),
  )
