/**
 * Prepares a data folder before its server starts: an account and agents who are already logged in.
 * It goes through the store's own port. Over HTTP each agent would cost two password hashes, which
 * are slow and large on purpose, and would leave their mark on the memory that is measured.
 */
import { openSession } from '../packages/server/src/auth/sessions.ts'
import { systemClock } from '../packages/server/src/clock.ts'
import { defaultConfig } from '../packages/server/src/config.ts'
import { type AgentRole, defaultSettings } from '../packages/server/src/domain/account.ts'
import { systemIds } from '../packages/server/src/ids.ts'
import { openStore } from '../packages/server/src/store/open-store.ts'
import type { AgentLogin } from './load/job.ts'

export interface AgentNeeds {
  readonly count: number
  /** Conversations each carries at once. */
  readonly capacity: number
  /** Absent: agents. */
  readonly roles?: readonly AgentRole[]
}

export const ACCOUNT = 'bench'

const agentNamed = (loginName: string, { capacity, roles = ['agent'] }: AgentNeeds) => ({
  accountId: ACCOUNT,
  loginName,
  fullName: loginName,
  nickname: loginName,
  email: '',
  isEnabled: true,
  isBot: false,
  roles,
  skillIds: [],
  capacity,
  createdAt: systemClock.now(),
})

export const prepare = async (dataDir: string, needs: AgentNeeds): Promise<AgentLogin[]> => {
  const config = { ...defaultConfig, dataDir }
  await using store = await openStore(config, { ids: systemIds })
  if (!(await store.read('account', ACCOUNT))) {
    await store.write('createAccount', {
      id: ACCOUNT,
      name: 'Bench',
      settings: defaultSettings,
      createdAt: systemClock.now(),
    })
  }
  const parts = { store, clock: systemClock, ids: systemIds, config }
  const names = Array.from({ length: needs.count }, (_, i) => `bench-${i}`)
  return await Promise.all(
    names.map(async (loginName) => {
      const agent = await store.write('createAgent', agentNamed(loginName, needs))
      const { bearer } = await openSession(parts as Parameters<typeof openSession>[0], agent)
      return { bearer, agentId: agent.id, oldId: `${ACCOUNT}.${agent.userId}` }
    }),
  )
}
