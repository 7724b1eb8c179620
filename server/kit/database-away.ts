/**
 * SQLSTATEs that say the server can't be had, not that the data is bad: 08 connection, 53 resources, 57P shutdown, 58 its
 * system, 25006 it only reads (as while another takes its place), and what ends by its limits of time or for others' sake:
 * 57014 a statement, 25P03 an idle transaction, 55P03 a lock, 40 a rollback. Source: PostgreSQL, appendix A.
 */
const AWAY_STATES = /^(08|53|57P|57014|58|25006|25P03|55P03|40)/
const AWAY_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH'])

/** Whether an error says that the server is away (true) rather than that the statement was bad (false). */
export function isAway(error: unknown): boolean {
  if (error instanceof DatabaseAway) return true
  if (!(error instanceof Error)) return false
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (AWAY_STATES.test(code) || AWAY_CODES.has(code)) return true
  return /Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect|Query read timeout/.test(
    error.message,
  )
}

/** Ends of one statement's time or turn: of those of other accounts they say nothing. */
const ONE_ACT_STATES = /^(57014|25P03|55P03|40)/

/** Whether an error that says that the server is away may concern one act alone (true) rather than all. */
export function concernsOneAct(error: unknown): boolean {
  const cause = error instanceof DatabaseAway ? error.cause : error
  return cause instanceof Error && 'code' in cause && ONE_ACT_STATES.test(String(cause.code))
}

/** The database could not be reached; nothing is known to be committed. Dialects answer 503. */
export class DatabaseAway extends Error {
  constructor(cause: unknown) {
    super(`The database is away: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
    this.name = 'DatabaseAway'
  }
}
