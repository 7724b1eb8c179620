import { runTool, tools } from './run.mjs'
import { setUpBuild } from './setup.mjs'

export const lint = {
  name: 'lint',
  passes: async () => (await runTool(tools.biome, ['check', '--error-on-warnings', '--max-diagnostics=50'])) === 0,
}
export const types = {
  name: 'types',
  passes: async () => (await runTool(tools.tsc, ['-p', 'tsconfig.json'])) === 0,
}
export const build = { name: 'build', passes: setUpBuild }

/** Runs the checks one after another, all of them even if one fails, and counts them. */
export async function runChecks(checks) {
  const counts = { passed: 0, failed: 0, skipped: 0 }
  for (const { name, passes } of checks) {
    const hasPassed = await passes()
    counts[hasPassed ? 'passed' : 'failed'] += 1
    console.log(`${hasPassed ? 'passed' : 'FAILED'}: ${name}`)
  }
  return counts
}
