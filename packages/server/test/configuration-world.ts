/** An account with an administrator, a manager and an agent, and requests to its configuration. */
import type { TestAgent, TestServer } from '../src/testing/test-server.ts'

export interface Answer {
  readonly status: number
  readonly headers: Headers
  // Bodies of many shapes; the tests look into them.
  readonly body: ReturnType<typeof JSON.parse>
}

type Init = Readonly<Record<string, string>>

export type Ask = (method: string, path: string, body?: unknown, headers?: Init) => Promise<Answer>

export interface ConfigurationWorld {
  readonly server: TestServer
  readonly account: string
  readonly administrator: TestAgent
  readonly manager: TestAgent
  readonly agent: TestAgent
  /** Requests under `…/configuration` by the administrator. */
  readonly ask: Ask
  /** Requests with another bearer, or with none. */
  as(bearer: string | undefined, account?: string): Ask
}

const answerOf = async (response: Response): Promise<Answer> => {
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? undefined : JSON.parse(text),
  }
}

export const configurationWorld = async (server: TestServer): Promise<ConfigurationWorld> => {
  const { id: account } = await server.account()
  const administrator = await server.agent(account, { roles: ['administrator'] })
  const manager = await server.agent(account, { roles: ['manager'] })
  const agent = await server.agent(account)
  const as =
    (bearer: string | undefined, of = account): Ask =>
    async (method, path, body, headers = {}) =>
      answerOf(
        await fetch(`${server.url}/api/account/${of}/configuration${path}`, {
          method,
          headers: {
            ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
            ...headers,
          },
          ...(body !== undefined && {
            body: typeof body === 'string' ? body : JSON.stringify(body),
          }),
        }),
      )
  return { server, account, administrator, manager, agent, as, ask: as(administrator.bearer) }
}

export const USERS = '/le-users/users'
export const SKILLS = '/le-users/skills'
export const GROUPS = '/le-users/agentGroups'
export const PROFILES = '/le-users/profiles'
export const LOBS = '/le-users/lobs'
export const REASONS = '/le-agents/status-reasons'
export const DECLINES = '/le-agents/decline-reasons'
export const CANNED = '/engagement-window/canned-responses'
export const CATEGORIES = '/le-categories/categories'
export const AUTO = '/engagement-window/auto-messages'

/** A user with everything that one needs. */
export const newUser = <More extends object = object>(loginName: string, more?: More) => ({
  loginName,
  fullName: `${loginName} Lima`,
  nickname: loginName,
  email: `${loginName}@example.com`,
  isEnabled: true,
  profileIds: [2],
  ...(more as More),
})
