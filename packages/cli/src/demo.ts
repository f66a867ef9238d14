/** What `serve --dev` seeds: one account and two agents whose passwords are generated once. [OPS34] */
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { callOrFail, type Target } from './http-client.ts'
import { writePrivately } from './private-file.ts'

export const DEMO_ACCOUNT = '70010001'

export interface DemoAgent {
  readonly loginName: string
  readonly password: string
  readonly userId: string
  readonly roles: readonly string[]
}

const people = [
  { loginName: 'ana', fullName: 'Ana', nickname: 'Ana', roles: ['agent'] },
  { loginName: 'max', fullName: 'Max', nickname: 'Max', roles: ['manager'] },
] as const

const accountPath = `/api/account/${DEMO_ACCOUNT}/ringdown/v1`

export const credentialsFile = (dataDir: string) => path.join(dataDir, 'dev', 'credentials.json')

const storedPasswords = (file: string): ReadonlyMap<string, string> => {
  try {
    const stored = JSON.parse(readFileSync(file, 'utf8')) as { agents: DemoAgent[] }
    return new Map(stored.agents.map((agent) => [agent.loginName, agent.password]))
  } catch {
    // Missing or damaged: new passwords are set below.
    return new Map()
  }
}

type Found = Pick<DemoAgent, 'loginName' | 'userId'>

const ensureAgent = async (
  target: Target,
  person: (typeof people)[number],
  { found, stored }: { found: Found | undefined; stored: string | undefined },
): Promise<DemoAgent> => {
  const { loginName, roles } = person
  const password = stored ?? randomBytes(9).toString('base64url')
  if (!found) {
    const made = await callOrFail(target, 'POST', `${accountPath}/agents`, { ...person, password })
    return { loginName, password, userId: (made as Found).userId, roles }
  }
  // A password that nobody knows any more is replaced.
  if (stored === undefined) {
    await callOrFail(target, 'PATCH', `${accountPath}/agents/${loginName}`, { password })
  }
  return { loginName, password, userId: found.userId, roles }
}

const ensureAccount = async (target: Target) => {
  const accounts = (await callOrFail(target, 'GET', '/ringdown/v1/accounts')) as { id: string }[]
  if (accounts.some(({ id }) => id === DEMO_ACCOUNT)) return
  await callOrFail(target, 'POST', '/ringdown/v1/accounts', { id: DEMO_ACCOUNT, name: 'Demo' })
}

/** Creates what is missing and returns the demo agents with their passwords. */
export const seedDemo = async (target: Target, dataDir: string): Promise<readonly DemoAgent[]> => {
  const file = credentialsFile(dataDir)
  const stored = storedPasswords(file)
  await ensureAccount(target)
  const present = (await callOrFail(target, 'GET', `${accountPath}/agents`)) as Found[]
  const agents: DemoAgent[] = []
  for (const person of people) {
    const { loginName } = person
    const found = present.find((agent) => agent.loginName === loginName)
    agents.push(await ensureAgent(target, person, { found, stored: stored.get(loginName) }))
  }
  await writePrivately(file, { account: DEMO_ACCOUNT, agents })
  return agents
}
