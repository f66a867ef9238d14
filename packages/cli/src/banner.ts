import type { Config } from '@ringdown/server/configuration'
import { credentialsFile, type DemoAgent } from './demo.ts'
import { pagesOf, type ServerDescription } from './server-description.ts'

const demoLines = (agents: readonly DemoAgent[], { dataDir }: Config) => [
  '',
  '  Agents           password',
  ...agents.map(
    ({ loginName, password, roles }) =>
      `    ${loginName.padEnd(14)} ${password.padEnd(14)} (${roles.join(', ')})`,
  ),
  `    kept in ${credentialsFile(dataDir)}`,
]

/** What a person who has just started the server wants to know. */
export const banner = (
  description: ServerDescription,
  agents: readonly DemoAgent[],
  config: Config,
): string => {
  const { account, ca } = description
  const { base, workspace, demo } = pagesOf(description)
  const lines = [
    '',
    `  Ringdown answers on ${base}`,
    `  Workspace        ${workspace}`,
    ...(demo === undefined ? [] : [`  Demo shop        ${demo}`]),
    ...(account === undefined ? [] : [`  Account          ${account}`]),
    ...(ca === undefined ? [] : [`  Trust            ${ca}`]),
    ...(agents.length > 0 ? demoLines(agents, config) : []),
    '',
    '  Next, in another terminal:',
    account === undefined
      ? '    npx ringdown account create --help'
      : '    npx ringdown shell      curl, jq and wscat, ready for the tutorials',
    '  Ctrl-C stops the server.',
    '',
  ]
  return `${lines.join('\n')}\n`
}
