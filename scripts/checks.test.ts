import { describe, expect, it } from 'vitest'
import { importFindings } from './check-imports.ts'
import { MOST_LINES, oversized } from './check-sizes.ts'
import { specFindings } from './check-spec.ts'

const problems = (path: string, text: string) =>
  importFindings([{ path, text }]).map((finding) => finding.problem)

const server = 'packages/server/src'

describe('import rules', () => {
  it.each([
    ['domain/ring.ts', `import { now } from '../clock.ts'`, /domain is pure/],
    ['domain/ring.ts', `import fs from 'node:fs'`, /domain is pure/],
    ['dialects/v3.ts', `import { openStore } from '../store/store.ts'`, /dialects are pure/],
    ['store/events.ts', `import { encode } from '../dialects/v3.ts'`, /adapter sees only/],
    ['bus/nats-bus.ts', `import { tables } from '../store/tables.ts'`, /adapter sees only/],
    ['api/publish.ts', `import { sql } from 'kysely'`, /database driver/],
    ['api/publish.ts', `const db = await import('node:sqlite')`, /database driver/],
    ['ws/connection.ts', `import { Pool } from 'pg'`, /database driver/],
    ['bus/memory-bus.ts', `import { connect } from '@nats-io/transport-node'`, /names NATS/],
    ['feeds/feed.ts', `import { sqlite } from '../store/sqlite.ts'`, /see the ports/],
    ['auth/tokens.ts', `import { route } from '../rest/routes.ts'`, /see the ports/],
    ['api/dispatch.ts', `import { socket } from '../ws/connection.ts'`, /api sees the ports/],
    ['ws/connection.ts', `import { ring } from '../routing/engine.ts'`, /never touches/],
    ['rest/routes.ts', `import { openStore } from '../store/store.ts'`, /never touches/],
    ['server.ts', `import { manualClock } from './testing/manual-clock.ts'`, /imports testing/],
    ['server.ts', `import { open } from '../../cli/src/main.ts'`, /by path/],
    ['server.ts', `import { connect } from '@ringdown/client'`, /may not import this one/],
    ['index.ts', `export {\n  Pool,\n} from 'pg'`, /database driver/],
  ])('refuses %s: %s', (file, text, problem) => {
    expect(problems(`${server}/${file}`, text)).toContainEqual(expect.stringMatching(problem))
  })

  it.each([
    ['packages/protocol/src/a.ts', `import { z } from 'zod'`, /schema library/],
    ['packages/client/src/a.ts', `import { x } from '@ringdown/server'`, /may not import/],
    ['packages/cli/src/a.ts', `import { x } from '@ringdown/server'`, /only when it runs one/],
    [`${server}/store/a.ts`, `import { errors } from '@ringdown/protocol'`, /load no schemas/],
  ])('refuses %s: %s', (file, text, problem) => {
    expect(problems(file, text)).toContainEqual(expect.stringMatching(problem))
  })

  it('says where', () => {
    const text = `// a line\n\nimport { sql } from 'kysely'\n`
    const [finding] = importFindings([{ path: `${server}/api/publish.ts`, text }])
    expect(finding?.line).toBe(3)
  })

  it.each([
    [`${server}/domain/ring.ts`, `import type { RingId } from '@ringdown/protocol'`],
    [`${server}/store/events.ts`, `import { sql } from 'kysely'`],
    [`${server}/feeds/feed.ts`, `import type { Store } from '../store/store.ts'`],
    [`${server}/rest/routes.ts`, `import type { Store } from '../store/store.ts'`],
    [`${server}/server.ts`, `import { openSqlite } from './store/sqlite.ts'`],
    [`${server}/api/publish.ts`, `/** import { sql } from 'kysely' */`],
    [`${server}/domain/ring.test.ts`, `import { expect } from 'vitest'`],
    ['packages/cli/src/a.ts', `const { startServer } = await import('@ringdown/server')`],
    ['packages/cli/src/a.ts', `import type { RunningServer } from '@ringdown/server'`],
    [`${server}/store/a.ts`, `import { Refusal } from '@ringdown/protocol/errors'`],
  ])('admits %s: %s', (file, text) => {
    expect(problems(file, text)).toEqual([])
  })
})

describe('size limit', () => {
  it('finds the file that is one line too long, and no other', () => {
    const text = (lines: number) => 'x\n'.repeat(lines)
    const files = [
      { path: 'long.ts', text: text(MOST_LINES + 1) },
      { path: 'fits.ts', text: text(MOST_LINES) },
    ]
    expect(oversized(files).map((finding) => finding.path)).toEqual(['long.ts'])
  })
})

describe('spec check', () => {
  const spec = '## EV Events\n- **EV1** A rule.\n- **EV2** Another.\n'
  const test = (text: string) => ({ path: 'packages/server/test/a.test.ts', text })

  it('is content when every rule has a test', () => {
    expect(specFindings(spec, [test(`it('[EV1] x'); it('[EV2] y')`)])).toEqual([])
    expect(specFindings(spec, [test(`it('[EV1, EV2] x')`)])).toEqual([])
  })

  it('names the rule without a test; a citation in source is none', () => {
    const source = { path: 'packages/server/src/a.ts', text: '/** [EV2] */' }
    const found = specFindings(spec, [test(`it('[EV1] x')`), source])
    expect(found.map((finding) => finding.problem)).toEqual(['EV2 is cited by no test'])
  })

  it('names the citation without a rule', () => {
    const found = specFindings(spec, [test(`it('[EV1] x')\nit('[EV2] y')\nit('[EV9] z')`)])
    expect(found).toEqual([
      expect.objectContaining({ line: 3, path: 'packages/server/test/a.test.ts' }),
    ])
  })

  it('refuses one id for two rules', () => {
    const found = specFindings(`${spec}- **EV1** Again.\n`, [test('[EV1] [EV2]')])
    expect(found.map((finding) => finding.problem)).toEqual(['EV1 is used for two rules'])
  })
})
