export { chart, duration } from './chart.ts'
export { type Plan, readPlan } from './plan.ts'
export { type Report, report } from './report.ts'
export { simulate } from './simulate.ts'
