import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['packages/*/{src,test}/**/*.test.ts', 'scripts/**/*.test.ts', 'bench/**/*.test.ts'],
    // Many tests wait for processes of their own: one worker a core, the last core included.
    maxWorkers: '100%',
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // What is awaited comes when a busy machine lets it.
    expect: { poll: { timeout: 60_000, interval: 20 } },
  },
})
