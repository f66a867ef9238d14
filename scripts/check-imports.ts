/** Who may import whom: the module rules that ARCHITECTURE.md explains, held against every file. */
import path from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { forbidden } from './import-rules.ts'
import {
  type Finding,
  isTest,
  lineAt,
  report,
  type SourceFile,
  sourceFiles,
} from './source-files.ts'

export interface Import {
  readonly from: string
  readonly line: number
  /** A path in the repository for relative imports, else the specifier as written. */
  readonly target: string
  readonly isRelative: boolean
  readonly isTypeOnly: boolean
  /** `import(…)`: loaded when it is reached. */
  readonly isDeferred: boolean
}

const statement =
  /(?:^|\n)[ \t]*(?:import|export)\b([^'"`;]*?)\bfrom\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)[ \t]*import\s*['"]([^'"]+)['"]/g

const withoutComments = (text: string) =>
  text.replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/[^\n]*/g, (comment) => comment.replace(/[^\n]/g, ' '))

export const importsOf = (file: SourceFile): readonly Import[] => {
  const text = withoutComments(file.text)
  return [...text.matchAll(statement)].map((match) => {
    const specifier = (match[2] ?? match[3] ?? match[4]) as string
    const isRelative = specifier.startsWith('.')
    return {
      from: file.path,
      line: lineAt(text, match.index + match[0].search(/\S/)),
      target: isRelative ? path.posix.join(path.posix.dirname(file.path), specifier) : specifier,
      isRelative,
      isTypeOnly: /^\s*type\b/.test(match[1] ?? ''),
      isDeferred: match[3] !== undefined,
    }
  })
}

export const importFindings = (files: readonly SourceFile[]): readonly Finding[] =>
  files
    .filter((file) => !isTest(file.path))
    .flatMap(importsOf)
    .flatMap((found) =>
      forbidden(found).map((rule) => ({
        path: found.from,
        line: found.line,
        problem: `imports ${found.target}: ${rule.problem}`,
        advice: rule.advice,
      })),
    )

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  report('imports', importFindings(sourceFiles(fileURLToPath(new URL('..', import.meta.url)))))
}
