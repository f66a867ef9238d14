import { expect, it } from 'vitest'
import { dice } from './dice.ts'
import { resumeDuringBursts } from './scenarios.ts'
import { ServerProcess, temporaryFolder } from './server-process.ts'

it('[SUB1] [SUB2] resumes without a gap from anywhere while others write', async () => {
  await using folder = temporaryFolder()
  await using server = await ServerProcess.start({ dataDir: folder.path })
  const stage = { server, dataDir: folder.path }
  const { verdict, resumptions, races } = await resumeDuringBursts(stage, dice('resume'), 400)
  expect(verdict.violations).toEqual([])
  expect(resumptions).toBeGreaterThan(50)
  // Otherwise the run has not seen what it is for: writes between the backlog and what is live.
  expect(races).toBeGreaterThan(10)
})
