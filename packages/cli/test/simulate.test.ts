import { readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, it } from 'vitest'
import { ringdown, served, temporaryFolder } from './command-line.ts'

const folderForTest = async () => {
  const folder = await temporaryFolder()
  return {
    path: folder,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  }
}

const plan = {
  conversations: 500,
  skills: [{ id: 'sales' }],
  agents: [{ name: 'ana', skillIds: ['sales'], capacity: 2, count: 2 }],
  arrivals: [{ skillId: 'sales', perHour: 60, handleSeconds: 180 }],
}

interface Said {
  readonly all: { readonly assigned: number }
  readonly decisions: number
}

it('[SIM6] plays a plan, draws it, and writes every decision down', async () => {
  await using folder = await folderForTest()
  const at = (name: string) => path.join(folder.path, name)
  await writeFile(at('plan.json'), JSON.stringify(plan))
  const files = ['--svg', at('chart.svg'), '--explain', at('decisions.ndjson')]
  const played = await ringdown(['simulate', at('plan.json'), '--json', ...files])
  expect(played.stderr).toBe('')
  const said = JSON.parse(played.stdout) as Said
  expect(said.all.assigned).toBe(500)
  expect(await readFile(at('chart.svg'), 'utf8')).toMatch(/^<svg [\s\S]*<\/svg>\n$/)
  const lines = (await readFile(at('decisions.ndjson'), 'utf8')).trimEnd().split('\n')
  expect(lines).toHaveLength(said.decisions)
  const decision = JSON.parse(lines[0]!) as { decision: { considered: { verdict: string }[] } }
  expect(decision.decision.considered.map(({ verdict }) => verdict)).toContain('chosen')
})

it('[SIM6] prints waiting times, occupancy and fairness for people', async () => {
  const played = await ringdown(['simulate', '-', '--seed', '5'], { input: JSON.stringify(plan) })
  expect(played.code).toBe(0)
  expect(played.stdout).toMatch(/^skill +arrived +assigned +left +mean wait/)
  expect(played.stdout).toMatch(/ana-2 +\d+ +[\d.]+ %/)
  expect(played.stdout).toContain('Jain’s index')
})

it('[SIM6] takes agents and skills from an account', async () => {
  await using folder = await folderForTest()
  await using _ = await served(folder.path, '--plain-http')
  const account = ['--data', folder.path, '--account', '4711']
  const run = (...args: string[]) => ringdown([...args, ...account])
  await ringdown(['account', 'create', '4711', '--data', folder.path])
  await run('skill', 'create', 'Billing', '--id', '7')
  await run('agent', 'create', 'ana', '--skill', '7')
  const printed = await run(
    ...['simulate', '--per-hour', '30', '--handle', '120', '--hours', '2', '--print-plan'],
  )
  const taken = JSON.parse(printed.stdout) as typeof plan
  expect(taken.agents).toEqual([{ name: 'ana', skillIds: ['7'], capacity: 10 }])
  expect(taken.arrivals).toEqual([{ skillId: '7', perHour: 30, handleSeconds: 120 }])
})

it.each([
  [['simulate'], 2, '--per-hour and --handle'],
  [['simulate', 'no-such-plan.json'], 2, 'There is no file no-such-plan.json'],
] as const)('[SIM6] %j says what is needed', async (args, code, expected) => {
  const refused = await ringdown(args)
  expect(refused.code).toBe(code)
  expect(refused.stderr).toContain(expected)
})

it('[SIM6] names what is wrong with a plan', async () => {
  const wrong = { ...plan, agents: [{ name: 'ana', capacity: 0 }] }
  const refused = await ringdown(['simulate', '-'], { input: JSON.stringify(wrong) })
  expect(refused.code).toBe(78)
  expect(refused.stderr).toContain('/agents/0/capacity')
})
