/** Which features clients may show. All values are text, deep inside. [ADM26] */
import type { FastifyInstance } from 'fastify'
import type { RestParts } from '../rest-parts.ts'
import { callerOf } from './caller.ts'
import { type Asked, BASE } from './route-parts.ts'

const granted = ['Common.Async_Messaging']

const grants = {
  appDataList: [
    {
      accountList: {
        accountList: [
          {
            itemsCollection: {
              data: granted.map((compoundFeatureID) => ({
                compoundFeatureID,
                value: { value: 'true' },
              })),
            },
          },
        ],
      },
    },
  ],
}

export const featureGrantRoutes = (app: FastifyInstance, parts: RestParts): void => {
  app.get<Asked>(`${BASE}/provision/featureGrants`, async (request, reply) => {
    await callerOf(parts, request.params.account, request)
    return reply.send(grants)
  })
}
