import { Refusal } from '@ringdown/protocol'
import type { Decoded } from '../dialects/decoded.ts'

/** The value, or the refusal as an exception. */
export const orRefuse = <Value>(decoded: Decoded<Value>): Value => {
  if (!decoded.ok) throw new Refusal(decoded.code, decoded.detail)
  return decoded.value
}
