/** What the server says of a conversation's routing, through its administration address. */
import { expect } from 'vitest'
import type { SkillRules } from '../../src/domain/account.ts'
import type { RoutingExplained } from '../../src/rest/admin/routing.ts'
import type { TestServer } from '../../src/testing/index.ts'

export const administer = async (
  server: TestServer,
  method: string,
  path: string,
  body?: object,
): Promise<Response> =>
  fetch(`${server.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${server.running.adminToken}`,
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  })

export const explained = async (
  server: TestServer,
  account: string,
  conversationId: string,
): Promise<RoutingExplained> => {
  const path = `/api/account/${account}/ringdown/v1/conversations/${conversationId}/routing`
  const response = await administer(server, 'GET', path)
  expect(response.status).toBe(200)
  return (await response.json()) as RoutingExplained
}

export const newSkill = (
  server: TestServer,
  accountId: string,
  id: string,
  rules: Partial<SkillRules> = {},
) =>
  server.services.store.write('createSkill', {
    accountId,
    id,
    name: `Skill ${id}`,
    ttr: {},
    rules: { groups: [], canTransfer: true, fallbackWhenAllAway: true, ...rules },
  })
