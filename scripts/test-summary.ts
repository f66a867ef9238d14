/** The last lines of a test run: what was skipped and why, then the numbers. */

export interface Skipped {
  readonly name: string
  readonly reason?: string
}

export interface Summary {
  readonly passed: number
  readonly failed: number
  readonly skipped: readonly Skipped[]
}

/** Lines to print; the last one is `N passed, N failed, N skipped`. [OPS4] */
export const summaryLines = (summary: Summary): readonly string[] => [
  ...summary.skipped.map(({ name, reason }) => `skipped: ${name}${reason ? ` (${reason})` : ''}`),
  `${summary.passed} passed, ${summary.failed} failed, ${summary.skipped.length} skipped`,
]

/** A run that never reported anything counts as one failure. */
export const brokenRun: Summary = { passed: 0, failed: 1, skipped: [] }
