import { defineConfig } from 'vitest/config'
import { SpreadWaiting } from './test/support/spread-waiting.ts'

const common = {
  pool: 'forks' as const,
  testTimeout: 30_000,
  hookTimeout: 60_000,
  // What comes about in its own time may take long on a busy machine.
  expect: { poll: { timeout: 10_000 } },
  teardownTimeout: 20_000,
  // A test that passes the second time is a failing test.
  retry: 0,
  allowOnly: false,
}
const withoutDatabase = ['server/{domain,kit}/**/*.test.ts', 'test/*.test.ts']
const withDatabase = { ...common, globalSetup: ['test/support/shared-postgres.ts'] }

export default defineConfig({
  test: {
    // Two that work, for two cores, and one that waits.
    maxWorkers: 3,
    sequence: { sequencer: SpreadWaiting },
    silent: 'passed-only',
    reporters: [['default', { summary: false }], './scripts/summary-reporter.mjs'],
    projects: [
      { test: { ...common, name: 'unit', include: withoutDatabase } },
      {
        test: {
          ...withDatabase,
          name: 'rooms',
          include: ['server/**/*.test.ts'],
          exclude: [...withoutDatabase, '**/node_modules/**'],
        },
      },
      { test: { ...withDatabase, name: 'scenarios', include: ['test/scenarios/**/*.test.ts'] } },
    ],
  },
})
