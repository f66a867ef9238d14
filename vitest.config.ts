import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Suites that take longest, longest first: begun last, one of them alone would end the run. */
const longest = [
  'reliability/kill.test.ts',
  'cli/test/serve.test.ts',
  'test/routing-model.test.ts',
  'reliability/broken-builds.test.ts',
  'cli/test/tutorials/',
  'src/simulation/',
  'packages/workspace/test/',
  'packages/window/test/',
  'cli/test/',
  'test/reliability/',
]

const rank = ({ moduleId }: TestSpecification): number => {
  const at = longest.findIndex((part) => moduleId.includes(part))
  return at < 0 ? longest.length : at
}

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).sort((one, other) => rank(one) - rank(other))
  }
}

export default defineConfig({
  test: {
    include: ['packages/*/{src,test}/**/*.test.ts', 'scripts/**/*.test.ts', 'bench/**/*.test.ts'],
    // Many tests wait for processes of their own, or for time that a page takes: one worker more than cores.
    maxWorkers: availableParallelism() + 1,
    // Modules are read once a worker, not once a file; no module of ours keeps state of a server.
    isolate: false,
    unstubEnvs: true,
    sequence: { sequencer: LongestFirst },
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // What is awaited comes when a busy machine lets it.
    expect: { poll: { timeout: 60_000, interval: 20 } },
  },
})
