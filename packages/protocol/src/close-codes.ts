/** Every code with which the server closes a WebSocket, and what a client does then. */

interface CloseEntry {
  readonly code: number
  /** Reason text on the wire. Real clients match on parts of these, so they are fixed. */
  readonly reason: string
  readonly client: 'reconnect' | 'renew-token' | 'renew-anonymous-token' | 'fix-request'
}

export const closes = {
  shutdown: { code: 1001, reason: 'Server is shutting down', client: 'reconnect' },
  idle: { code: 1001, reason: 'Connection timed out', client: 'reconnect' },
  framing: { code: 1002, reason: 'Broken WebSocket framing', client: 'fix-request' },
  not_text: { code: 1007, reason: 'Text is not UTF-8', client: 'fix-request' },
  malformed: { code: 1007, reason: 'Too many malformed frames', client: 'fix-request' },
  too_big: { code: 1009, reason: 'Frame too large', client: 'fix-request' },
  overloaded: { code: 1013, reason: 'Try again later', client: 'reconnect' },
  slow: { code: 1013, reason: 'Reading too slowly', client: 'reconnect' },
  auth_timeout: { code: 4401, reason: 'Connection timed out', client: 'renew-token' },
  token: { code: 4401, reason: 'The identity token is invalid', client: 'renew-token' },
  anonymous_token: {
    code: 4407,
    reason: 'The identity token is invalid',
    client: 'renew-anonymous-token',
  },
} as const satisfies Record<string, CloseEntry>

export type CloseCause = keyof typeof closes
