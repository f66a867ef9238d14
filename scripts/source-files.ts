import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

export interface SourceFile {
  /** Relative to the repository, with forward slashes. */
  readonly path: string
  readonly text: string
}

/** Something a check found, and what to do about it. */
export interface Finding {
  readonly path: string
  readonly line: number
  readonly problem: string
  readonly advice: string
}

const skipped = new Set(['node_modules', 'dist', 'coverage', 'data'])
const isSource = (name: string) => /\.(ts|tsx|mjs)$/.test(name) && !name.endsWith('.d.ts')

const walk = (root: string, folder: string, found: string[]) => {
  for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
    if (entry.name.startsWith('.') || skipped.has(entry.name)) continue
    const relative = path.posix.join(folder, entry.name)
    if (entry.isDirectory()) walk(root, relative, found)
    else if (isSource(entry.name)) found.push(relative)
  }
}

/** Every source file of the repository: packages, scripts and benchmarks. */
export const sourceFiles = (root: string): readonly SourceFile[] => {
  const found: string[] = []
  walk(root, '.', found)
  return found
    .sort()
    .map((file) => ({ path: file, text: readFileSync(path.join(root, file), 'utf8') }))
}

export const isTest = (file: string) =>
  /\.(test|contract)\.ts$/.test(file) || /(^|\/)test\//.test(file)

/** 1-based line of a position in a text. */
export const lineAt = (text: string, position: number) => text.slice(0, position).split('\n').length

/** Prints what a check found; its exit code says whether there was anything. */
export const report = (name: string, findings: readonly Finding[]) => {
  for (const { path: file, line, problem, advice } of findings) {
    process.stdout.write(`${file}:${line}: ${problem}\n    ${advice}\n`)
  }
  const verdict = findings.length === 0 ? 'ok' : `${findings.length} to fix`
  process.stdout.write(`${name}: ${verdict}\n`)
  process.exitCode = findings.length === 0 ? 0 : 1
}
