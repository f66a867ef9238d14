/** Writes the outcome of a test run as JSON to the file that `RINGDOWN_TEST_SUMMARY` names. */
import { writeFileSync } from 'node:fs'
import process from 'node:process'
import type { Reporter, TestModule } from 'vitest/node'
import type { Skipped, Summary } from './test-summary.ts'

const summaryOf = (modules: readonly TestModule[], unhandled: number): Summary => {
  let passed = 0
  let failed = unhandled
  const skipped: Skipped[] = []
  for (const module of modules) {
    // A file that does not load has no tests to count; it is one failure.
    failed += module.errors().length
    for (const test of module.children.allTests()) {
      const result = test.result()
      if (result.state === 'passed') passed += 1
      else if (result.state === 'failed') failed += 1
      else {
        const reason = result.state === 'skipped' ? result.note : undefined
        skipped.push({
          name: `${module.relativeModuleId} > ${test.fullName}`,
          ...(reason ? { reason } : {}),
        })
      }
    }
  }
  return { passed, failed, skipped }
}

export class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]) {
    const file = process.env.RINGDOWN_TEST_SUMMARY
    if (file) writeFileSync(file, JSON.stringify(summaryOf(modules, unhandled.length)))
  }
}

// vitest loads a reporter by its default export.
// biome-ignore lint/style/noDefaultExport: required by vitest
export default SummaryReporter
