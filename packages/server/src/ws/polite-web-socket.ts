import { type CloseCause, closes } from '@ringdown/protocol'
import { WebSocket } from 'ws'

/** What the library closes with by itself, in the catalogue's words. A message of too many parts is
 *  1008 to the library, which clients take for token trouble. */
const causes: Readonly<Record<number, CloseCause>> = {
  1002: 'framing',
  1007: 'not_text',
  1008: 'too_big',
  1009: 'too_big',
}

/** A WebSocket that gives the catalogue's reason where the library gives none. [FRM17] */
export class PoliteWebSocket extends WebSocket {
  override close(code?: number, reason?: string | Buffer): void {
    const hasReason = reason !== undefined && reason.length > 0
    const cause = hasReason || code === undefined ? undefined : causes[code]
    if (cause) super.close(closes[cause].code, closes[cause].reason)
    else super.close(code, reason)
  }
}
