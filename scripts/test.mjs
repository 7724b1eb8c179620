// `npm test` checks all that the project claims: lint, types, the build, every test. `npm test -- server/domain` runs
// the tests named. The last line is always the counts; lint, types and the build count as one each.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, lint, runChecks, types } from './checks.mjs'
import { countsLine } from './counts.mjs'
import { runTool, tools } from './run.mjs'
import { setUpPackages } from './setup.mjs'

const named = process.argv.slice(2)

await setUpPackages()
// Some stories start the built program, so that even a run of one test begins with a build.
const checked = await runChecks(named.length === 0 ? [lint, types, build] : [build])
const tested = await runTests()

const counts = {
  passed: checked.passed + tested.passed,
  failed: checked.failed + tested.failed,
  skipped: checked.skipped + tested.skipped,
}
process.exitCode = counts.failed === 0 ? 0 : 1
console.log(countsLine(counts))

async function runTests() {
  const folder = mkdtempSync(join(tmpdir(), 'heddle-test-'))
  const file = join(folder, 'counts.json')
  try {
    const code = await runTool(tools.vitest, ['run', ...named], { env: { HEDDLE_TEST_COUNTS: file } })
    return judge(code, file)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A run that failed without a failed test (it could not start, or was ended) counts as one. */
function judge(code, file) {
  const counts = readCounts(file)
  if (code !== 0 && counts.failed === 0) counts.failed = 1
  return counts
}

function readCounts(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return { passed: 0, failed: 1, skipped: 0 }
  }
}
