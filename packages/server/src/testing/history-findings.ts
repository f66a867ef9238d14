import type { HistoryRule, Violation } from './history.ts'

const SHOWN_PER_RULE = 10

/** Collects what is wrong: a few examples of each rule, and a count of all. */
export class Findings {
  readonly violations: Violation[] = []
  readonly broken: Partial<Record<HistoryRule, number>> = {}

  add(rule: HistoryRule, detail: string): void {
    const count = (this.broken[rule] ?? 0) + 1
    this.broken[rule] = count
    if (count <= SHOWN_PER_RULE) this.violations.push({ rule, detail })
  }
}
