/** The body of a refusal as clients of the account's services read it. [ADM1] */
import { STATUS_CODES } from 'node:http'
import type { Failure } from './failures.ts'
import type { RestParts } from './rest-parts.ts'

/** Beside what clients read it names the catalogue's code. */
export const failureEnvelope =
  ({ clock }: Pick<RestParts, 'clock'>) =>
  ({ status, refusal }: Failure): object => {
    const responseStatus = (STATUS_CODES[status] ?? '').toUpperCase().replaceAll(' ', '_')
    const time = new Date(clock.now()).toISOString()
    const { code, message } = refusal
    return {
      error: { time, message, internalCode: status, responseStatus, code },
      internalCode: status,
    }
  }
