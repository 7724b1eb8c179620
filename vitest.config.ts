import { existsSync } from 'node:fs'
import { defineConfig } from 'vitest/config'

const common = {
  pool: 'forks' as const,
  testTimeout: 30_000,
  hookTimeout: 60_000,
  teardownTimeout: 20_000,
  // A test that passes the second time is a failing test.
  retry: 0,
  allowOnly: false,
}
const database = new URL('test/support/postgres.ts', import.meta.url)

export default defineConfig({
  test: {
    maxWorkers: 2,
    silent: 'passed-only',
    reporters: [['default', { summary: false }], './scripts/summary-reporter.mjs'],
    globalSetup: existsSync(database) ? ['test/support/postgres.ts'] : [],
    projects: [
      { test: { ...common, name: 'unit', include: ['server/**/*.test.ts', 'test/*.test.ts'] } },
      { test: { ...common, name: 'scenarios', include: ['test/scenarios/**/*.test.ts'] } },
    ],
  },
})
