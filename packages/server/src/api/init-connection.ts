import { findHeader, Refusal } from '@ringdown/protocol'
import { clientProperties } from '../dialects/client-properties.ts'
import { listOf, objectOf, textOf } from '../dialects/decoded.ts'
import { ClosingRefusal } from './closing-refusal.ts'
import type { Handler } from './handler.ts'

const DONE = 'OK Connection initialized successfully'

const headerNamed = (headers: unknown, name: ReturnType<typeof findHeader>) =>
  listOf(headers)
    .map(objectOf)
    .find((header) => findHeader(textOf(header?.['type']) ?? '') === name)

/**
 * Brings token and client properties for clients that cannot set headers. A second token is fine
 * when it is the same identity's; another identity is refused and the first one stays. [CON4]
 */
export const initConnection: Handler<'initConnection'> = async ({ headers, session, services }) => {
  const properties = headerNamed(headers, 'clientProperties')
  if (properties) session.properties = clientProperties(properties, session.address)
  const token = textOf(headerNamed(headers, 'consumerAuthentication')?.['jwt'])
  const known = session.identity
  if (token === undefined) {
    if (!known) throw new Refusal('not_authenticated')
    return { body: DONE }
  }
  const verdict = await services.auth.consumer(session.accountId, token)
  if (verdict.ok && known && verdict.actor.id !== known.id) throw new Refusal('already_initialized')
  if (verdict.ok) {
    if (!known) services.sessions.identify(session, verdict.actor)
    return { body: DONE }
  }
  if (known) throw new Refusal('invalid_token')
  throw new ClosingRefusal(verdict.close)
}
