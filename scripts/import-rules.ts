/** The import rules as data; `check-imports.ts` applies them. */
import type { Import } from './check-imports.ts'

interface Rule {
  readonly problem: string
  readonly advice: string
  readonly applies: (found: Import) => boolean
}

const SERVER = 'packages/server/src/'

const inServer = (found: Import, ...folders: readonly string[]) =>
  folders.some((folder) => found.from.startsWith(SERVER + folder))

const reaches = (found: Import, ...folders: readonly string[]) =>
  found.isRelative && folders.some((folder) => found.target.startsWith(SERVER + folder))

const packageOf = (file: string) => /^packages\/([^/]+)\//.exec(file)?.[1]

const names = (found: Import, ...packages: readonly string[]) =>
  !found.isRelative &&
  packages.some((name) => found.target === name || found.target.startsWith(`${name}/`))

const isPort = (found: Import) => reaches(found, 'store/store.ts', 'bus/bus.ts', 'bus/subjects.ts')

/** Which packages of the repository each package may name. */
const packageRanks: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  client: ['protocol'],
  server: ['protocol'],
  workspace: ['protocol', 'client'],
  window: ['protocol', 'client'],
  portal: ['protocol', 'client'],
  cli: ['protocol', 'client', 'server'],
}

const workspaceImported = (found: Import) =>
  found.isRelative ? undefined : /^@ringdown\/([^/]+)/.exec(found.target)?.[1]

const packageRules: readonly Rule[] = [
  {
    problem: 'a package may not import this one',
    advice:
      'protocol is below everything; server and client see protocol only; web applications see client; cli sees all.',
    applies: (found) => {
      const own = packageOf(found.from)
      const other = workspaceImported(found)
      if (!own || !other || own === other) return false
      return !(packageRanks[own] ?? []).includes(other)
    },
  },
  {
    problem: 'reaches into another package by path',
    advice: 'Import what the package exports, or export it from its index.ts.',
    applies: (found) => {
      const own = packageOf(found.from)
      return found.isRelative && own !== undefined && packageOf(found.target) !== own
    },
  },
  {
    problem: 'protocol stays free of everything but its schema library',
    advice: 'Only typebox and ajv belong here; what needs more belongs to server or client.',
    applies: (found) =>
      found.from.startsWith('packages/protocol/src/') &&
      !found.isRelative &&
      !names(found, 'typebox', 'ajv'),
  },
]

const driverRules: readonly Rule[] = [
  {
    problem: 'only files under store/ name a database driver',
    advice: 'Ask the store port for a named command or query, or add one to store/store.ts.',
    applies: (found) =>
      packageOf(found.from) !== undefined &&
      names(found, 'kysely', 'pg', 'node:sqlite') &&
      !inServer(found, 'store/'),
  },
  {
    problem: 'store and domain load no schemas: each of the store’s threads would read them all',
    advice: 'Take values from @ringdown/protocol/errors or …/ids; types may come from anywhere.',
    applies: (found) =>
      inServer(found, 'store/', 'domain/') &&
      found.target === '@ringdown/protocol' &&
      !found.isTypeOnly,
  },
  {
    problem: 'a command loads the server only when it runs one',
    advice: 'Take what is light from @ringdown/server/configuration; await import() the rest.',
    applies: (found) =>
      found.from.startsWith('packages/cli/src/') &&
      found.target === '@ringdown/server' &&
      !found.isTypeOnly &&
      !found.isDeferred,
  },
  {
    problem: 'only bus/nats-bus.ts names NATS',
    advice: 'Use the bus port.',
    applies: (found) => names(found, 'nats', '@nats-io') && !inServer(found, 'bus/nats-bus.ts'),
  },
]

const serverRules: readonly Rule[] = [
  {
    problem: 'domain is pure: it sees only itself and the protocol package',
    advice: 'Pass the value in from outside; decide here, act elsewhere.',
    applies: (found) =>
      inServer(found, 'domain/') &&
      !reaches(found, 'domain/') &&
      !names(found, '@ringdown/protocol'),
  },
  {
    problem: 'dialects are pure: they see themselves, domain, protocol, limits and types of ports',
    advice: 'Pass the value in from outside.',
    applies: (found) =>
      inServer(found, 'dialects/') &&
      !reaches(found, 'dialects/', 'domain/', 'config.ts', 'ids.ts') &&
      !(found.isTypeOnly && isPort(found)) &&
      !names(found, '@ringdown/protocol'),
  },
  {
    problem: 'a simulation sees the decisions and nothing that acts on them',
    advice: 'Decide in domain/; the simulation plays what the engine would do.',
    applies: (found) =>
      inServer(found, 'simulation/') &&
      found.isRelative &&
      !reaches(found, 'simulation/', 'domain/', 'configuration-error.ts'),
  },
  {
    problem: 'an adapter sees only its port, domain, protocol and its driver',
    advice: 'Move what is shared to domain, or pass it in.',
    applies: (found) =>
      inServer(found, 'store/', 'bus/') &&
      found.isRelative &&
      !reaches(found, 'domain/', 'clock.ts', 'ids.ts', 'log.ts', 'config.ts') &&
      !reaches(found, found.from.startsWith(`${SERVER}store/`) ? 'store/' : 'bus/'),
  },
  {
    problem: 'feeds, files, routing and auth see the ports, never an adapter or the edge',
    advice: 'Take the port as an argument; server.ts chooses the adapter.',
    applies: (found) =>
      inServer(found, 'feeds/', 'files/', 'routing/', 'auth/') &&
      reaches(found, 'store/', 'bus/', 'ws/', 'rest/', 'api/') &&
      !isPort(found),
  },
  {
    problem: 'api sees the ports, never an adapter or the edge',
    advice: 'Take the port from the context.',
    applies: (found) =>
      inServer(found, 'api/') && reaches(found, 'store/', 'bus/', 'ws/', 'rest/') && !isPort(found),
  },
  {
    problem: 'the edge never touches store, bus or routing',
    advice: 'Go through api/dispatch or auth.',
    applies: (found) =>
      inServer(found, 'ws/', 'rest/') &&
      reaches(found, 'store/', 'bus/', 'routing/') &&
      !reaches(found, 'bus/bus.ts', 'bus/subjects.ts') &&
      !(found.isTypeOnly && isPort(found)),
  },
  {
    problem: 'no source file imports testing',
    advice: 'Move what is needed out of testing/.',
    applies: (found) =>
      found.from.includes('/src/') &&
      !inServer(found, 'testing/') &&
      (reaches(found, 'testing/') || found.target === '@ringdown/server/testing'),
  },
]

const rules = [...packageRules, ...driverRules, ...serverRules]

/** The rules that an import breaks. */
export const forbidden = (found: Import): readonly Pick<Rule, 'problem' | 'advice'>[] =>
  rules.filter((rule) => rule.applies(found))
