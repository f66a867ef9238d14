import { type CloseCause, closes } from '@ringdown/protocol'
import { table } from './table.ts'

const clientActions: Readonly<Record<(typeof closes)[CloseCause]['client'], string>> = {
  reconnect: 'connects again, with a growing pause, with the token it has',
  'renew-token': 'gets a new token of the brand (agents: logs in again), then connects',
  'renew-anonymous-token': 'gets a new anonymous or signup token, then connects',
  'fix-request': 'has a fault: the same frames will close the next connection too',
}

/** The reference of every close code. */
export const closeCodesPage = () => `# Close codes

Made from \`packages/protocol/src/close-codes.ts\` by \`npm run docs\`; do not edit.

Every code with which the server closes a WebSocket, the reason text that comes with it, and what the client
does then. Besides these, broken framing closes with 1002 and invalid UTF-8 with 1007. Codes 1008 and 1011 are
never used. The rules are FRM17 and the CON area of the [specification](../../packages/protocol/SPEC.md).

${table(
  ['Code', 'Reason', 'Cause', 'The client …'],
  (Object.keys(closes) as CloseCause[]).map((cause) => {
    const { code, reason, client } = closes[cause]
    return [String(code), reason, `\`${cause}\``, clientActions[client]]
  }),
)}

A close code tells what happened to the connection, never what happened to a request. A request without an
answer may or may not have been carried out: send it again with the same event id ([guarantees](../concepts/guarantees.md)).
`
