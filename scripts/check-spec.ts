/** Rules of SPEC.md and their citations: every rule has a test, every cited rule exists. */
import { readFileSync } from 'node:fs'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import {
  type Finding,
  isTest,
  lineAt,
  report,
  type SourceFile,
  sourceFiles,
} from './source-files.ts'

export const SPEC = 'packages/protocol/SPEC.md'

interface Rule {
  readonly id: string
  readonly line: number
}

/** `- **EV1** A sentence.` */
const rulesOf = (spec: string): readonly Rule[] =>
  [...spec.matchAll(/^- \*\*([A-Z]{2,4}\d+)\*\*/gm)].map((match) => ({
    id: match[1] as string,
    line: lineAt(spec, match.index),
  }))

/** `[EV1]`, or several in one pair of brackets. */
const citationsIn = (file: SourceFile) =>
  [...file.text.matchAll(/\[([A-Z]{2,4}\d+(?:, ?[A-Z]{2,4}\d+)*)\]/g)].flatMap((match) =>
    (match[1] as string)
      .split(/, ?/)
      .map((id) => ({ id, path: file.path, line: lineAt(file.text, match.index) })),
  )

const repeated = (rules: readonly Rule[]): readonly Finding[] =>
  rules
    .filter((rule, index) => rules.findIndex((other) => other.id === rule.id) !== index)
    .map((rule) => ({
      path: SPEC,
      line: rule.line,
      problem: `${rule.id} is used for two rules`,
      advice: 'Give the later one the next free number of its area.',
    }))

export const specFindings = (spec: string, files: readonly SourceFile[]): readonly Finding[] => {
  const rules = rulesOf(spec)
  const known = new Set(rules.map((rule) => rule.id))
  const citations = files.flatMap(citationsIn)
  const tested = new Set(citations.filter((found) => isTest(found.path)).map((found) => found.id))
  const untested = rules
    .filter((rule) => !tested.has(rule.id))
    .map((rule) => ({
      path: SPEC,
      line: rule.line,
      problem: `${rule.id} is cited by no test`,
      advice: `Write the test that proves it and name it '[${rule.id}] …', or take the rule out.`,
    }))
  const unknown = citations
    .filter((found) => !known.has(found.id))
    .map((found) => ({
      path: found.path,
      line: found.line,
      problem: `${found.id} stands nowhere in ${SPEC}`,
      advice: 'Add the rule, or cite the one that is meant.',
    }))
  return [...repeated(rules), ...untested, ...unknown]
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL('..', import.meta.url))
  // The checks' own tests cite rules that must not exist.
  const files = sourceFiles(root).filter((file) => file.path !== 'scripts/checks.test.ts')
  report('spec', specFindings(readFileSync(`${root}/${SPEC}`, 'utf8'), files))
}
