import type { Csat } from '../domain/conversation.ts'
import { bad, type Decoded, fine, integerOf, type WireObject, wordOf } from './decoded.ts'

const statuses: ReadonlyMap<string, Csat['status']> = new Map(
  (['FILLED', 'PARTIALLY_FILLED', 'SKIPPED'] as const).map((status) => [status, status]),
)

/** Some clients say "no value" with a number, which means the same as null. */
const confirmationOf = (value: unknown): boolean | null | undefined => {
  if (value === undefined || typeof value === 'boolean') return value
  return null
}

/** A skipped survey may carry anything or nothing; what is no rate is left out. A partly filled one
 *  may lack its rate; a filled one may not. [CV28] */
export const decodeCsat = (field: WireObject): Decoded<Csat> => {
  const status = statuses.get(wordOf(field['status'] ?? 'FILLED') ?? '')
  if (!status) return bad('status')
  const resolutionConfirmed = confirmationOf(field['csatResolutionConfirmation'])
  const given = field['csatRate']
  const rate = integerOf(given)
  const isRate = rate !== undefined && rate >= 1 && rate <= 5
  const mayLack = status === 'SKIPPED' || (status === 'PARTIALLY_FILLED' && given == null)
  if (!isRate && !mayLack) return bad('csatRate')
  return fine({
    status,
    ...(isRate && { rate }),
    ...(resolutionConfirmed !== undefined && { resolutionConfirmed }),
  })
}
