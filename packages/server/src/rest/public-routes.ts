/** What anybody may know about an account: agents' public profiles and identity connectors. */
import { Refusal } from '@ringdown/protocol'
import type { FastifyInstance } from 'fastify'
import { allowAnyOrigin, answerPreflight } from './cross-origin.ts'
import { answerFailures } from './failures.ts'
import type { RestParts } from './rest-parts.ts'

interface Asked {
  Params: { account: string; pid: string }
}

const BASE = '/api/account/:account/configuration'

export const publicRoutes = (parts: RestParts) => async (app: FastifyInstance) => {
  const { store } = parts
  allowAnyOrigin(app)
  answerFailures(app, parts)

  const profile = `${BASE}/le-users/users/:pid`
  app.get<Asked>(profile, async ({ params }) => {
    const agent = await store.read('agent', { accountId: params.account, id: params.pid })
    if (!agent?.isEnabled) throw new Refusal('agent_not_found')
    // Names are for consumers to see; login name and mail address are not. [NAM8]
    const { id, userId, nickname, fullName, details } = agent
    const { employeeId = '', pictureUrl = '' } = details
    return { id: userId, pid: id, nickname, fullName, employeeId, pictureUrl }
  })
  answerPreflight(app, profile, 'GET')

  const connectors = `${BASE}/le-connectors/all-connectors`
  app.get<Asked>(connectors, async ({ params }) => {
    const account = await store.read('account', params.account)
    if (!account) throw new Refusal('account_not_found')
    return account.settings.connectors
      .filter(({ enabled }) => enabled)
      .map(({ id, name, type }) => ({ id, name, type }))
  })
  answerPreflight(app, connectors, 'GET')
}
