/** A simulation drawn: how long consumers waited, how long the queue was, who did how much. */
import type { AgentReport } from './report.ts'
import { report } from './report.ts'
import type { Outcome } from './simulate.ts'

const WIDTH = 960
const PANEL = 220
const LEFT = 56
const RIGHT = 24
const TOP = 44
const BOTTOM = 40
const PLOT_WIDTH = WIDTH - LEFT - RIGHT
const PLOT_HEIGHT = PANEL - TOP - BOTTOM
const BARS = 60
const STEPS = 480
const WIDEST_BAR = 48

/** Follows the reader's colour scheme. */
const STYLE = `
  svg { --ink: #1c1e21; --soft: #6b7280; --line: #e5e7eb; --fill: #3b6fd4; --ground: #ffffff }
  @media (prefers-color-scheme: dark) {
    svg { --ink: #e8eaed; --soft: #9aa0a6; --line: #33373d; --fill: #7ea6f4; --ground: #16181c }
  }
  .ground { fill: var(--ground) }
  text { font: 12px system-ui, sans-serif; fill: var(--soft) }
  .title { font-size: 15px; font-weight: 600; fill: var(--ink) }
  .grid { stroke: var(--line) }
  .bar { fill: var(--fill) }
  .curve { fill: none; stroke: var(--fill); stroke-width: 1.5; stroke-linejoin: round }
`

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
}

const escaped = (text: string): string => text.replace(/[&<>"]/g, (one) => entities[one] as string)

const round = (value: number): number => Math.round(value * 100) / 100

/** 1, 2 or 5 times a power of ten, and not less than the value. */
const niceCeiling = (value: number): number => {
  if (value <= 0) return 1
  const power = 10 ** Math.floor(Math.log10(value))
  return ([1, 2, 5, 10].find((step) => step * power >= value) ?? 10) * power
}

export const duration = (seconds: number): string => {
  if (seconds < 120) return `${round(seconds)} s`
  if (seconds < 7200) return `${round(seconds / 60)} min`
  return `${round(seconds / 3600)} h`
}

interface Panel {
  readonly title: string
  /** Labels of the horizontal axis at its start, middle and end. */
  readonly below: readonly [string, string, string]
  readonly top: number
  readonly topLabel: string
  readonly marks: string
}

const drawPanel = ({ title, below, topLabel, marks }: Panel, index: number): string => {
  const anchors = ['start', 'middle', 'end'] as const
  const labels = below.map(
    (label, place) =>
      `<text x="${LEFT + (PLOT_WIDTH * place) / 2}" y="${TOP + PLOT_HEIGHT + 20}" text-anchor="${anchors[place]}">${escaped(label)}</text>`,
  )
  const lines = [0, 0.5, 1].map((share) => {
    const y = TOP + PLOT_HEIGHT * share
    return `<line class="grid" x1="${LEFT}" x2="${LEFT + PLOT_WIDTH}" y1="${y}" y2="${y}"/>`
  })
  return `<g transform="translate(0 ${index * PANEL})">
<text class="title" x="${LEFT}" y="26">${escaped(title)}</text>
<text x="${LEFT - 8}" y="${TOP + 4}" text-anchor="end">${escaped(topLabel)}</text>
<text x="${LEFT - 8}" y="${TOP + PLOT_HEIGHT + 4}" text-anchor="end">0</text>
${lines.join('')}
${marks}
${labels.join('')}
</g>`
}

const bars = (values: readonly number[], top: number, titles: readonly string[]): string => {
  const step = PLOT_WIDTH / values.length
  const gap = Math.min(2, step / 5)
  const width = Math.min(step - gap, WIDEST_BAR)
  return values
    .map((value, index) => {
      const height = round((value / top) * PLOT_HEIGHT)
      const x = round(LEFT + index * step + (step - width) / 2)
      return `<rect class="bar" x="${x}" y="${round(TOP + PLOT_HEIGHT - height)}" width="${round(width)}" height="${height}" rx="1"><title>${escaped(titles[index] ?? '')}</title></rect>`
    })
    .join('')
}

const waitingPanel = (waits: readonly number[]): Panel => {
  const end = niceCeiling(waits.reduce((most, one) => Math.max(most, one), 0))
  const counts = Array.from({ length: BARS }, () => 0)
  for (const wait of waits) counts[Math.min(BARS - 1, Math.floor((wait / end) * BARS))]! += 1
  const top = niceCeiling(counts.reduce((most, one) => Math.max(most, one), 0))
  const titles = counts.map(
    (count, index) =>
      `${duration((index * end) / BARS)} to ${duration(((index + 1) * end) / BARS)}: ${count}`,
  )
  return {
    title: 'Consumers by the time that they waited',
    below: ['0 s', duration(end / 2), duration(end)],
    top,
    topLabel: String(top),
    marks: bars(counts, top, titles),
  }
}

const queuePanel = ({ queue, endedAt }: Outcome): Panel => {
  const step = Math.max(endedAt, 1) / STEPS
  const longest = Array.from({ length: STEPS + 1 }, () => 0)
  let length = 0
  let reached = 0
  for (const moment of queue) {
    const place = Math.min(STEPS, Math.floor(moment.at / step))
    for (; reached < place; reached += 1) longest[reached + 1] = length
    length = moment.length
    longest[place] = Math.max(longest[place]!, length)
  }
  const top = niceCeiling(longest.reduce((most, one) => Math.max(most, one), 0))
  const points = longest.map((value, place) => {
    const x = round(LEFT + (PLOT_WIDTH * place) / STEPS)
    return `${x},${round(TOP + PLOT_HEIGHT - (value / top) * PLOT_HEIGHT)}`
  })
  return {
    title: 'Conversations in the queue',
    below: ['start', duration(endedAt / 2), duration(endedAt)],
    top,
    topLabel: String(top),
    marks: `<polyline class="curve" points="${points.join(' ')}"/>`,
  }
}

const agentPanel = (agents: readonly AgentReport[]): Panel => ({
  title: 'Occupancy of each agent',
  below: [agents[0]?.name ?? '', '', agents.length > 1 ? (agents.at(-1)?.name ?? '') : ''],
  top: 1,
  topLabel: '100 %',
  marks: bars(
    agents.map(({ occupancy }) => occupancy),
    1,
    agents.map(({ name, occupancy, conversations }) => {
      const percent = Math.round(occupancy * 100)
      return `${name}: ${percent} %, ${conversations} conversations`
    }),
  ),
})

/** A complete SVG document of three panels. [SIM5] */
export const chart = (outcome: Outcome): string => {
  const waits = outcome.served.flatMap(({ at, assignedAt }) =>
    assignedAt === undefined ? [] : [assignedAt - at],
  )
  const said = report(outcome)
  const panels = [waitingPanel(waits), queuePanel(outcome), agentPanel(said.agents)]
  const height = panels.length * PANEL
  const description = `${said.all.arrived} conversations, mean wait ${duration(said.all.waiting.mean)}, occupancy ${Math.round(said.occupancy * 100)} percent.`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="title description">
<title id="title">Simulated routing</title>
<desc id="description">${escaped(description)}</desc>
<style>${STYLE}</style>
<rect class="ground" width="${WIDTH}" height="${height}"/>
${panels.map(drawPanel).join('\n')}
</svg>
`
}
