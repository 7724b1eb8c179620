import { laterBy } from './calendar.ts'

/** What decides when a thread falls inactive and closes. Both timers run from the same base, the last activity. */
export interface TimerFacts {
  state: 'initializing' | 'active' | 'inactive' | 'closed'
  activeAt: Date
  inactiveAfterMs: number | null
  closesAfterMs: number | null
  /** A date on which it closes whatever happens. */
  expiresAt: Date | null
}

/** When the thread falls inactive, or fell so; null when it will not: also while it waits to begin. */
export function inactiveAt(thread: TimerFacts): Date | null {
  if (thread.inactiveAfterMs === null || thread.state === 'closed' || thread.state === 'initializing') return null
  return laterBy(thread.activeAt, thread.inactiveAfterMs)
}

/** When the thread closes by itself; null when it will not. */
export function closesAt(thread: TimerFacts): Date | null {
  if (thread.state === 'closed') return null
  const idle = thread.closesAfterMs === null ? null : laterBy(thread.activeAt, thread.closesAfterMs)
  if (!idle || !thread.expiresAt) return idle ?? thread.expiresAt
  return idle < thread.expiresAt ? idle : thread.expiresAt
}

/** When somebody must look at the thread next; null when never. */
export function nextTimer(thread: TimerFacts): Date | null {
  const inactive = thread.state === 'inactive' ? null : inactiveAt(thread)
  const closes = closesAt(thread)
  if (!inactive || !closes) return inactive ?? closes
  return inactive < closes ? inactive : closes
}
