/** No source file above 400 lines; biome holds functions to 60. */
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { type Finding, report, type SourceFile, sourceFiles } from './source-files.ts'

export const MOST_LINES = 400

const lines = (text: string) => text.split('\n').length - (text.endsWith('\n') ? 1 : 0)

export const oversized = (files: readonly SourceFile[]): readonly Finding[] =>
  files
    .filter((file) => lines(file.text) > MOST_LINES)
    .map((file) => ({
      path: file.path,
      line: MOST_LINES + 1,
      problem: `${lines(file.text)} lines, at most ${MOST_LINES} allowed`,
      advice: 'Split it along a noun or a verb; a section that needs a heading is a file.',
    }))

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  report('sizes', oversized(sourceFiles(fileURLToPath(new URL('..', import.meta.url)))))
}
