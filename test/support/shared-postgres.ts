import type { TestProject } from 'vitest/node'
import startPostgres from './postgres.ts'

/** Each project loads its own copy of this file, so that the mark must lie outside of it. */
const STARTED = Symbol.for('heddle.test.postgres')

/** One server for all projects that need one, started by the first; a run of none of them starts none. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const run = project.vitest
  if (Reflect.has(run, STARTED)) return undefined
  Reflect.set(run, STARTED, true)
  // What the root is given, every project can read.
  return startPostgres(run.getRootProject())
}
