import { type Setting, settings } from '../../packages/server/src/configuration.ts'

const shown = (value: unknown) => {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return '–'
  return `\`${value}\``
}

const row = ({ key, flag, env, kind, fallback, doc }: Setting) =>
  `| \`${key}\` | ${flag === undefined ? '' : `\`${flag}\``} | \`${env}\` | ${kind.placeholder.replaceAll('|', ' \\| ')} | ${shown(fallback)} | ${doc} |`

const table = (rows: readonly Setting[]) =>
  [
    '| Key | Flag | Variable | Value | Default | Meaning |',
    '|---|---|---|---|---|---|',
    ...rows.map(row),
  ].join('\n')

const isLimit = ({ key }: Setting) => key.startsWith('limits.')

/** The reference of every setting of the server process. */
export const configurationPage = () => `# Configuration

Made from the declarations in \`packages/server/src/settings.ts\` by \`npm run docs\`; do not edit.

A value comes from the first of these that has one: flag, environment variable, configuration file,
default. \`ringdown config print --origin\` shows which one it was, with passwords masked, and \`ringdown
config check\` says whether a server could start. Unknown keys and variables are refused.

Behind every variable stands another one with \`_FILE\` at its end: it names a file that holds the value,
for secrets that are mounted. Only one of the two may be set. The configuration file is JSON, given with
\`--config FILE\` or \`RINGDOWN_CONFIG\`; a dot in a key is a level, and relative paths start at the file:

\`\`\`json
{ "port": 8443, "tls": { "certFile": "tls.crt", "keyFile": "tls.key" }, "limits": { "queryEvents": 500 } }
\`\`\`

## The process

${table(settings.filter((setting) => !isLimit(setting)))}

## Limits

As a flag: \`--limit NAME=VALUE\`, with the key without \`limits.\`; it may be repeated.

${table(settings.filter(isLimit))}
`
