import { writeFileSync } from 'node:fs'
import { countsLine } from './counts.mjs'

/** Ends a run with what tests say of themselves, what was skipped and why, then the counts; `npm test` has them written to a file and prints them itself. */
export default class SummaryReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 }
    const skippedBy = new Map()
    const said = []

    for (const module of modules) {
      counts.failed += brokenSuites(module)
      for (const test of module.children.allTests()) {
        const { state, note } = test.result()
        if (test.meta().says) said.push(test.meta().says)
        if (state === 'passed') counts.passed += 1
        else if (state === 'skipped' && !isUnderBroken(test)) {
          counts.skipped += 1
          const reason = note ?? 'no reason given'
          skippedBy.set(reason, [...(skippedBy.get(reason) ?? []), test.fullName])
        } else counts.failed += 1
      }
    }

    for (const sentence of said) console.log(sentence)
    for (const [reason, names] of skippedBy) {
      console.log(`\nSkipped (${reason.replace(/^skipped: /, '')}):`)
      for (const name of names) console.log(`  ${name}`)
    }
    if (process.env.HEDDLE_TEST_COUNTS) writeFileSync(process.env.HEDDLE_TEST_COUNTS, JSON.stringify(counts))
    else console.log(`\n${countsLine(counts)}`)
  }
}

/** A file or suite can fail without a test: it does not load, or its set-up throws. */
function brokenSuites(module) {
  const suites = [module, ...module.children.allSuites()]
  return suites.filter(suite => suite.errors().length > 0).length
}

/** Tests whose set-up threw are reported by the runner as skipped; they were not: nobody chose to leave them out. */
function isUnderBroken(test) {
  for (let suite = test.parent; suite; suite = suite.parent) if (suite.errors().length > 0) return true
  return false
}
