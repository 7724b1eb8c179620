import { runTool, tools } from './run.mjs'

const checks = [
  { name: 'lint', run: () => runTool(tools.biome, ['check', '--max-diagnostics=50']) },
  { name: 'types', run: () => runTool(tools.tsc, ['-p', 'tsconfig.json']) },
]

/** Runs the lint and the type check, both even if one fails, and counts them. */
export async function check() {
  const counts = { passed: 0, failed: 0, skipped: 0 }
  for (const { name, run } of checks) {
    const hasPassed = (await run()) === 0
    counts[hasPassed ? 'passed' : 'failed'] += 1
    console.log(`${hasPassed ? 'passed' : 'FAILED'}: ${name}`)
  }
  return counts
}
