import {
  commonErrors,
  type ErrorCode,
  errors,
  type Method,
  type MethodName,
  methodNames,
  methods,
} from '@ringdown/protocol'
import { table } from './table.ts'

const methodTable: Readonly<Record<MethodName, Method>> = methods

/** Requests that may be refused with the code; the common ones are said once, above the table. */
const askedBy = (code: ErrorCode): string => {
  if ((commonErrors as readonly ErrorCode[]).includes(code)) return 'any request'
  const names = methodNames.filter((name) => methodTable[name].errors.includes(code))
  return names.length > 0 ? names.map((name) => `\`${name}\``).join(', ') : '–'
}

const codesByStatus = () =>
  (Object.keys(errors) as ErrorCode[]).toSorted((a, b) => errors[a].status - errors[b].status)

/** The reference of every refusal. */
export const errorsPage = () => `# Refusals

Made from \`packages/protocol/src/errors.ts\` by \`npm run docs\`; do not edit.

Every way the server says no. Over the socket the status is the \`code\` of the response and the text is its
\`body\`; over HTTP they are the status and the \`message\` in the JSON body. A text may carry more detail than the
one below, such as the field that is wrong. It is for people: programs go by the status.

"Try again" says whether the same request may succeed later. "Requests" are those of the
[registry](../../packages/protocol/src/registry.ts); a dash means that none of them names the code: it is for HTTP
addresses, or for frames whose request is not known.
The rules are FRM5, FRM10 and FRM16 of the [specification](../../packages/protocol/SPEC.md).

${table(
  ['Status', 'Code', 'Text', 'Try again', 'Requests'],
  codesByStatus().map((code) => {
    const { status, message, retry } = errors[code]
    return [String(status), `\`${code}\``, message, retry, askedBy(code)]
  }),
)}
`
