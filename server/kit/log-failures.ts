import type { Log } from './log.ts'

/** Writes an error with what failed and, in `fields`, where. */
export type FailureLog = (error: unknown, what: string, fields?: object) => void

const ONCE_IN_MS = 1000
/** Past so many, all are forgotten. */
const MAX_REMEMBERED = 1000

/**
 * Writes failures, each once a second: of those that are the same, the next line tells how many were left out. A database
 * that is away under load fails everything, and a log on a full disk must not keep it full.
 */
export function openFailureLog(log: Log, nowMs: () => number): FailureLog {
  const said = new Map<string, { atMs: number; leftOut: number }>()
  return (error, what, fields = {}) => {
    const key = `${what} ${error instanceof Error ? error.message : String(error)}`
    const last = said.get(key)
    if (last && nowMs() - last.atMs < ONCE_IN_MS) {
      last.leftOut += 1
      return
    }
    if (said.size >= MAX_REMEMBERED) said.clear()
    said.set(key, { atMs: nowMs(), leftOut: 0 })
    log.error({ ...fields, err: error, ...(last && last.leftOut > 0 && { leftOut: last.leftOut }) }, what)
  }
}
