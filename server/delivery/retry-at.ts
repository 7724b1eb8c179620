const FIRST_RETRY_MS = 1000
const LAST_RETRY_MS = 5 * 60 * 1000

/** When a text that its carrier could not take now is tried again: in 1 s, 2 s, 4 s ... at most 5 minutes. */
export function retryAt(now: Date, attempts: number, afterMs?: number): Date {
  const waitMs = afterMs ?? Math.min(FIRST_RETRY_MS * 2 ** (attempts - 1), LAST_RETRY_MS)
  return new Date(now.getTime() + waitMs)
}
