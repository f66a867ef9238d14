/** Calls of an account's services over HTTP, by an agent's bearer or the administration token. */
import type { TestAgent, TestServer } from '../src/testing/index.ts'

export interface Answered {
  readonly status: number
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects to find
  readonly body: any
}

interface CallOptions {
  readonly bearer?: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

const parsed = (text: string): unknown => (text === '' ? undefined : JSON.parse(text))

export const callService = async (
  { url }: Pick<TestServer, 'url'>,
  request: string,
  { bearer, body, headers = {} }: CallOptions = {},
): Promise<Answered> => {
  const [method = 'GET', path = ''] = request.split(' ')
  const response = await fetch(url + path, {
    method,
    headers: { ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }), ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  return {
    status: response.status,
    headers: response.headers,
    body: parsed(await response.text()),
  }
}

/** An operation of the local administration. */
export const administer = (
  server: TestServer,
  account: string,
  operation: string,
  body?: unknown,
): Promise<Answered> => {
  const [method = 'GET', path = ''] = operation.split(' ')
  return callService(server, `${method} /api/account/${account}/ringdown/v1/${path}`, {
    bearer: server.running.adminToken,
    ...(body !== undefined && { body }),
  })
}

/** Assigns a conversation without a ring: who rings whom is not what these tests are about. */
export const assign = async (
  { services: { store, ids, clock } }: TestServer,
  { accountId, id, userId }: TestAgent & { accountId: string },
  conversationId: string,
): Promise<void> => {
  const actor = { kind: 'agent', accountId, id, userId, sessionId: '' } as const
  const expiresAt = Number.MAX_SAFE_INTEGER
  await store.write('changeConversation', {
    accountId,
    conversationId,
    taskId: ids.uuid(),
    request: {
      actor: { ...actor, roles: ['administrator'], expiresAt },
      changes: [{ kind: 'add_participant', role: 'assigned_agent', agent: { id, userId } }],
      at: clock.now(),
    },
  })
}
