import { laterBy } from '../../domain/calendar.ts'

const DAY_MS = 86_400_000

/** The day of a time as pools count it: UTC, `2026-01-31`. */
export function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10)
}

/** When the day of a time began. */
export function midnightBefore(at: Date): Date {
  return new Date(Math.floor(at.getTime() / DAY_MS) * DAY_MS)
}

/** When the day of a time ends. */
export function midnightAfter(at: Date): Date {
  return laterBy(midnightBefore(at), DAY_MS)
}
