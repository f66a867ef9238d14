/** The account's services, as `LP_<SERVICE>` variables. */
import { CommandError } from '../exit-codes.ts'
import { call, type Target } from '../http-client.ts'
import type { Environment } from './env-file.ts'

interface Discovery {
  readonly baseURIs: readonly { readonly service: string; readonly baseURI: string }[]
}

/** Stands for the connector that every account has from the start. */
const CONNECTOR = 'anonymous'

export const serviceVariables = async (target: Target, account: string): Promise<Environment> => {
  const path = `/api/account/${encodeURIComponent(account)}/service/baseURI.json?version=1.0`
  const { status, body } = await call(target, 'GET', path)
  if (status === 401 || status === 400) {
    throw new CommandError(
      'failed',
      `${target.authority} knows no account ${account}. \`npx ringdown account list\` shows those it has.`,
    )
  }
  if (status !== 200) {
    throw new CommandError('unavailable', `${target.authority} answered discovery with ${status}.`)
  }
  const services = (body as Discovery).baseURIs.map(({ service, baseURI }) => [
    `LP_${service.toUpperCase()}`,
    baseURI,
  ])
  return {
    LP_ACCOUNT: account,
    LP_CONN_ID: CONNECTOR,
    LP_APP_CONN_ID: CONNECTOR,
    ...Object.fromEntries(services),
  }
}
