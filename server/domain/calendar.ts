/**
 * The dates that can be stored and written: years 1 to 9999 (UTC). ISO 8601 writes others with a sign, which PostgreSQL
 * does not read.
 */
const FIRST_MS = Date.parse('0001-01-01T00:00:00.000Z')
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z')

/** True for a date of the years 1 to 9999 (UTC); false for all others and for what is no date. */
export function isOnCalendar(date: Date): boolean {
  return date.getTime() >= FIRST_MS && date.getTime() <= LAST_MS
}

/** The date so many milliseconds later, or earlier where they are negative; never beyond the calendar. */
export function laterBy(date: Date, ms: number): Date {
  return new Date(Math.min(Math.max(date.getTime() + ms, FIRST_MS), LAST_MS))
}
